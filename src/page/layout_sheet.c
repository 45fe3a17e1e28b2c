/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/layout_sheet.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "page/layout_column.h"
#include "page/layout_mark.h"
#include "page/layout_piece.h"
#include "page/layout_stroke.h"

/* In points: a word that begins so far inside a cell is in it, though it may not fit. */
#define INSIDE 6.0
#define FIRST_LINE 16.0
#define LABEL_REACH 240.0
#define LABEL_OVER 2.0
#define LABELLED_HEIGHT 90.0 /* a row that is higher is no field with a label */

enum { LABELLED_ROWS_MAX = 40 };

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

/* ---- labels left of a table */

/* Where a table's labels may begin: right of what is ruled beside it, and not too far away. */
static double left_limit(const struct tables *tables, const struct table *table)
{
        double limit = table->at.x0 - LABEL_REACH;

        for (size_t i = 0; i < tables->count; i++) {
                const struct page_rect *other = &tables->items[i].at;

                if (other->x1 <= table->at.x0 + INSIDE && other->y0 < table->at.y1 &&
                    other->y1 > table->at.y0 && other->x1 > limit)
                        limit = other->x1;
        }
        return limit;
}

static bool is_beside(
    const struct tables *tables, const struct table *table, const struct piece *piece, double limit)
{
        double middle = (piece->at.y0 + piece->at.y1) / 2;
        struct placed placed;

        return piece->kind == PIECE_TEXT && middle > table->at.y0 && middle < table->at.y1 &&
               piece->at.x1 <= table->at.x0 + LABEL_OVER && piece->at.x0 >= limit &&
               !place_of(tables, piece, &placed);
}

/* A frame, or a column of them, with the labels outside: they become its first column. */
static void take_labels(struct tables *tables, struct table *table, const struct pieces *pieces)
{
        double limit = left_limit(tables, table), left = table->at.x0;
        bool *rows = xcalloc((size_t)table->rows, sizeof *rows);
        int labelled = 0;

        for (size_t i = 0; i < pieces->count; i++) {
                const struct piece *piece = &pieces->items[i];
                int cell;

                if (!is_beside(tables, table, piece, limit))
                        continue;
                cell = table_cell_at(table, table->at.x0, (piece->at.y0 + piece->at.y1) / 2);
                left = piece->at.x0 < left ? piece->at.x0 : left;
                if (cell >= 0 && !rows[table->cells[cell].row]) {
                        rows[table->cells[cell].row] = true;
                        labelled++;
                }
        }
        free(rows);
        if (labelled > 0 && labelled * 2 >= table->rows)
                table_add_column(table, left - 1);
}

static void take_all_labels(struct tables *tables, const struct pieces *pieces)
{
        for (size_t i = 0; i < tables->count; i++) {
                struct table *table = &tables->items[i];

                if (table->rows <= LABELLED_ROWS_MAX &&
                    table->at.y1 - table->at.y0 <= LABELLED_HEIGHT * table->rows)
                        take_labels(tables, table, pieces);
        }
}

/* ---- what stands where */

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
        for (size_t i = 0; i < sheet->lines.count; i++)
                sheet->right = fmax(sheet->right, sheet->lines.items[i].at.x1);
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
        columns_add(page, &horizontal, &vertical);
        tables_find(&horizontal, &vertical, &ret_sheet->tables);
        marking_underlines(marking);
        pieces_make(page, marking, &horizontal, &pieces);
        take_all_labels(&ret_sheet->tables, &pieces);
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
