/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/layout_sheet.h"

#include <stdlib.h>

#include "base/mem.h"
#include "page/layout_mark.h"
#include "page/layout_piece.h"
#include "page/layout_stroke.h"

/* In points: a word that begins so far inside a cell is in it, though it may not fit. */
#define INSIDE 6.0
#define FIRST_LINE 16.0

struct placed {
        size_t table, index;
        int cell;
};

/* The table and cell of the piece; false: it stands outside of tables. */
static bool place_of(const struct tables *tables, const struct piece *piece, struct placed *placed)
{
        double width = (piece->at.x1 - piece->at.x0) / 2, height = piece->at.y1 - piece->at.y0;
        double x = piece->at.x0 + (width < INSIDE ? width : INSIDE);
        double y = piece->at.y0 + (height < FIRST_LINE ? height : FIRST_LINE) / 2;

        for (size_t i = 0; i < tables->count; i++) {
                placed->cell = tables->items[i].cell_count > 1 ? table_cell_at(&tables->items[i], x, y) : -1;
                placed->table = i;
                if (placed->cell >= 0)
                        return true;
        }
        return false;
}

static int by_cell(const void *a, const void *b)
{
        const struct placed *one = a, *other = b;

        if (one->table != other->table)
                return one->table < other->table ? -1 : 1;
        if (one->cell != other->cell)
                return one->cell < other->cell ? -1 : 1;
        return one->index < other->index ? -1 : one->index > other->index;
}

static void fill_cells(
    struct sheet *sheet, const struct pieces *pieces, const struct placed *placed, size_t count)
{
        struct piece *some = xreallocarray(NULL, count + 1, sizeof *some);

        sheet->cells = xreallocarray(NULL, count + 1, sizeof *sheet->cells);
        for (size_t first = 0, end; first < count; first = end) {
                struct sheet_cell *cell = &sheet->cells[sheet->cell_count++];

                for (end = first; end < count && placed[end].table == placed[first].table &&
                                  placed[end].cell == placed[first].cell;
                     end++)
                        some[end - first] = pieces->items[placed[end].index];
                *cell = (struct sheet_cell){ .table = placed[first].table, .cell = placed[first].cell };
                lines_make(some, end - first, &cell->lines);
        }
        free(some);
}

static void distribute(struct sheet *sheet, const struct pieces *pieces)
{
        struct placed *placed = xreallocarray(NULL, pieces->count + 1, sizeof *placed);
        struct piece *outside = xreallocarray(NULL, pieces->count + 1, sizeof *outside);
        size_t placed_count = 0, outside_count = 0;

        for (size_t i = 0; i < pieces->count; i++) {
                if (place_of(&sheet->tables, &pieces->items[i], &placed[placed_count]))
                        placed[placed_count++].index = i;
                else
                        outside[outside_count++] = pieces->items[i];
        }
        if (placed_count)
                qsort(placed, placed_count, sizeof *placed, by_cell);
        fill_cells(sheet, pieces, placed, placed_count);
        lines_make(outside, outside_count, &sheet->lines);
        free(placed);
        free(outside);
}

void sheet_make(const struct page *page, struct sheet *ret_sheet)
{
        struct strokes horizontal, vertical;
        struct marking *marking;
        struct pieces pieces;

        *ret_sheet = (struct sheet){ .page = page };
        strokes_collect(page, true, &horizontal);
        strokes_collect(page, false, &vertical);
        marking = marking_new(page, &horizontal);
        marking_strikes(marking);
        tables_find(&horizontal, &vertical, &ret_sheet->tables);
        marking_underlines(marking);
        pieces_make(page, marking, &horizontal, &pieces);
        distribute(ret_sheet, &pieces);
        pieces_free(&pieces);
        marking_free(marking);
        strokes_free(&horizontal);
        strokes_free(&vertical);
}

void sheet_release(struct sheet *sheet)
{
        tables_free(&sheet->tables);
        lines_release(&sheet->lines);
        for (size_t i = 0; i < sheet->cell_count; i++)
                lines_release(&sheet->cells[i].lines);
        free(sheet->cells);
        *sheet = (struct sheet){ 0 };
}

const struct sheet_cell *sheet_cell(const struct sheet *sheet, size_t table, int cell)
{
        size_t low = 0, high = sheet->cell_count;

        while (low < high) {
                size_t half = low + (high - low) / 2;
                const struct sheet_cell *c = &sheet->cells[half];

                if (c->table < table || (c->table == table && c->cell < cell))
                        low = half + 1;
                else
                        high = half;
        }
        if (low < sheet->cell_count && sheet->cells[low].table == table && sheet->cells[low].cell == cell)
                return &sheet->cells[low];
        return NULL;
}
