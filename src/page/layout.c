/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/layout.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/mem.h"
#include "core/document.h"
#include "page/layout_furniture.h"
#include "page/layout_sheet.h"
#include "page/page.h"
#include "read/draft.h"

/* In points, and shares of a line's height. */
#define CELL_PADDING 8.0
#define AT_EDGE 0.3
#define OVER_EDGE 1.0
#define SAME_COLUMN 3.0
#define LINE_STEP 1.7
#define FULL_WIDTH 0.7
#define EMPTY_STEP 1.1
#define SIDE_BY_SIDE 4.0

struct writer {
        struct draft draft;
        unsigned marks;
        int next_table; /* number of the next one that begins */
        /* The table that ended the page before, which may go on. */
        const struct table *open;
        int open_number, open_rows;
};

/* ---- cells */

/* Whether the line below goes on because its first word did not fit any more. */
static bool is_wrapped(const struct line_of_pieces *line, const struct line_of_pieces *next, double right)
{
        double height = line->at.y1 - line->at.y0;

        return !line_is_spread(line) && line->at.x1 + 0.25 * height + line_first_width(next) > right;
}

/* What is left free at the left side of the cell, which is likely as much as at its right side. */
static double padding_of(const struct lines_of_pieces *lines, const struct page_rect *rect)
{
        double padding = CELL_PADDING;

        for (size_t i = 0; i < lines->count; i++)
                if (lines->items[i].at.x0 - rect->x0 < padding)
                        padding = lines->items[i].at.x0 - rect->x0;
        return padding > 0 ? padding : 0;
}

static void write_wrapped(struct writer *w, const struct line_of_pieces *line,
    const struct line_of_pieces *next, double left, double right)
{
        if (!line_breaks_word(line, next, left, right))
                draft_text(&w->draft, " ", 1, 0, NULL);
}

/* A word too long for its cell, below a line of one word: that may be its beginning, for some programs break such
 * words wherever they like. */
static bool is_torn(const struct lines_of_pieces *lines, size_t i, double left, double right)
{
        const struct line_of_pieces *line = &lines->items[i];

        return i > 0 && i + 1 < lines->count && line_is_word(line - 1) && line_is_word(line) &&
               is_wrapped(line - 1, line, right) && line_breaks_word(line, line + 1, left, right) &&
               !line_breaks_word(line - 1, line, left, right);
}

/* Text that runs over the cell's sides may be cut off there, or come from the cell beside it. */
static bool runs_over(const struct line_of_pieces *line, const struct page_rect *rect)
{
        return line->at.x1 > rect->x1 - AT_EDGE || line->at.x0 < rect->x0 - OVER_EDGE ||
               line_is_overprinted(line);
}

static void write_cell(struct writer *w, const struct sheet_cell *content, const struct page_rect *rect,
    const struct draft_place *place)
{
        double padding = content ? padding_of(&content->lines, rect) : 0;
        double left = rect->x0 + padding, right = rect->x1 - padding;

        draft_at(&w->draft, place);
        draft_touch(&w->draft);
        for (size_t i = 0; content && i < content->lines.count; i++) {
                const struct line_of_pieces *line = &content->lines.items[i];
                bool doubt = is_torn(&content->lines, i, left, right) || runs_over(line, rect);

                if (i > 0 && is_wrapped(line - 1, line, right))
                        write_wrapped(w, line - 1, line, left, right);
                else if (i > 0)
                        draft_end(&w->draft);
                line_write(line, w->marks | (doubt ? RUN_DOUBTFUL : 0u), &w->draft);
        }
        draft_end(&w->draft);
}

static bool same_columns(const struct table *one, const struct table *other)
{
        if (one->columns != other->columns)
                return false;
        for (int i = 0; i <= one->columns; i++) {
                double apart = one->xs[i] - other->xs[i];

                if (apart > SAME_COLUMN || apart < -SAME_COLUMN)
                        return false;
        }
        return true;
}

static void write_table(struct writer *w, const struct sheet *sheet, size_t index_of_table, bool may_go_on)
{
        const struct table *table = &sheet->tables.items[index_of_table];
        bool *written = xcalloc(table->cell_count, sizeof *written);
        struct draft_place place = { .kind = DOCUMENT_CELL };
        int first_row = 0, number = w->next_table;

        if (may_go_on && w->open && same_columns(w->open, table)) {
                number = w->open_number;
                first_row = w->open_rows;
        } else {
                w->next_table++;
        }
        for (int i = 0; i < table->rows * table->columns; i++) {
                int index = table->cell_at[i];
                const struct table_cell *cell = &table->cells[index];
                struct page_rect rect = table_cell_rect(table, index);

                if (written[index])
                        continue;
                written[index] = true;
                place.table = number;
                place.row = first_row + cell->row;
                place.column = cell->column;
                place.row_span = cell->row_span;
                place.column_span = cell->column_span;
                write_cell(w, sheet_cell(sheet, index_of_table, index), &rect, &place);
        }
        free(written);
        w->open = table;
        w->open_number = number;
        w->open_rows = first_row + table->rows;
}

/* ---- paragraphs */

static bool ends_open(const struct line_of_pieces *line)
{
        const struct piece *last = &line->pieces.items[line->pieces.count - 1];

        return last->kind == PIECE_TEXT && last->size > 0 && !strchr(".:;?!_", last->text[last->size - 1]);
}

/* A word that does not begin a sentence or a label. */
static bool begins_small(const struct line_of_pieces *line)
{
        const struct piece *first = &line->pieces.items[0];
        size_t at = 0;
        UChar32 c;

        if (first->kind != PIECE_TEXT || first->size == 0)
                return false;
        U8_NEXT_OR_FFFD(first->text, at, first->size, c);
        return u_islower(c);
}

/* Words only, and no sign of a label. */
static bool is_plain(const struct line_of_pieces *line)
{
        const struct piece *first = &line->pieces.items[0];

        for (size_t i = 0; i < line->pieces.count; i++)
                if (line->pieces.items[i].kind != PIECE_TEXT)
                        return false;
        return first->size > 0 && !line_is_spread(line) && !line_has_colon(line) &&
               !strchr("0123456789(*-", first->text[0]);
}

static bool is_near(double a, double b)
{
        return a - b <= SAME_COLUMN && b - a <= SAME_COLUMN;
}

static bool ends_label(const struct line_of_pieces *line)
{
        const struct piece *last = &line->pieces.items[line->pieces.count - 1];

        return last->kind == PIECE_TEXT && last->size > 0 && last->text[last->size - 1] == ':';
}

/* The line below belongs to the same sentence, answer or label: it begins because the line was full, in the middle of a
 * label, or below the last of several columns. */
static bool goes_on(
    const struct line_of_pieces *line, const struct line_of_pieces *next, double right, double page_width)
{
        double height = line->at.y1 - line->at.y0, column = line_last_column(line);

        if (next->middle - line->middle >= LINE_STEP * height || line_is_spread(next) || !ends_open(line))
                return false;
        if (begins_small(next) && ends_label(next) && !line_has_colon(line) && column < 0 &&
            is_near(line->at.x0, next->at.x0))
                return true;
        if (column > 0 && is_plain(next) && is_near(column, next->at.x0))
                return true;
        return is_wrapped(line, next, right) &&
               (begins_small(next) || (is_plain(next) && right > FULL_WIDTH * page_width));
}

/* A label in a column of its own that goes on beside the answer's next line, or an answer that goes on below itself
 * among lines to write on: what belongs to what, a person sees. */
static bool is_tangled(const struct line_of_pieces *line, const struct line_of_pieces *next)
{
        double column = line_last_column(line), height = line->at.y1 - line->at.y0;

        if (column <= 0 || next->middle - line->middle >= LINE_STEP * height)
                return false;
        return (is_near(column, line_last_column(next)) && begins_small(next)) ||
               (next->pieces.items[0].kind == PIECE_LEADER && is_near(column, line_first_text(next)) &&
                   !line_has_colon(next));
}

static void write_paragraph_gap(
    struct writer *w, const struct line_of_pieces *line, const struct line_of_pieces *next)
{
        double height = line->at.y1 - line->at.y0;

        if (next->at.y0 - line->at.y1 <= EMPTY_STEP * height)
                return;
        draft_at(&w->draft, &draft_paragraph);
        draft_touch(&w->draft);
}

static void write_line(struct writer *w, const struct line_of_pieces *before,
    const struct line_of_pieces *line, const struct line_of_pieces *after, const struct sheet *sheet)
{
        double right = sheet->right;
        bool doubt = (before && (is_tangled(before, line) || line_is_overprinted(before))) ||
                     (after && is_tangled(line, after)) || line_is_overprinted(line);

        if (before && goes_on(before, line, right, sheet->page->width)) {
                write_wrapped(w, before, line, before->at.x0, right);
        } else {
                if (before)
                        write_paragraph_gap(w, before, line);
                draft_at(&w->draft, &draft_paragraph);
        }
        line_write(line, w->marks | (doubt ? RUN_DOUBTFUL : 0u), &w->draft);
        w->open = NULL;
}

/* ---- pages */

struct item {
        const struct line_of_pieces *line; /* NULL: a table */
        size_t table;
        double top, left;
};

static int by_place(const void *a, const void *b)
{
        const struct item *one = a, *other = b;
        long top = (long)(one->top / SIDE_BY_SIDE), other_top = (long)(other->top / SIDE_BY_SIDE);

        if (one->line && other->line) /* they are lines because they are not side by side */
                return one->top < other->top ? -1 : one->top > other->top;
        if (top != other_top)
                return top < other_top ? -1 : 1;
        return one->left < other->left ? -1 : one->left > other->left;
}

static size_t items_of(const struct sheet *sheet, struct item *items)
{
        size_t count = 0;

        for (size_t i = 0; i < sheet->lines.count; i++) {
                const struct line_of_pieces *line = &sheet->lines.items[i];

                if (line->pieces.count && !line->dropped)
                        items[count++] = (struct item){ line, 0, line->middle, line->at.x0 };
        }
        for (size_t i = 0; i < sheet->tables.count; i++) {
                const struct table *table = &sheet->tables.items[i];

                if (table->cell_count > 1)
                        items[count++] = (struct item){ NULL, i, table->at.y0, table->at.x0 };
        }
        if (count)
                qsort(items, count, sizeof *items, by_place);
        return count;
}

static void write_page(struct writer *w, const struct sheet *sheet)
{
        size_t room = sheet->lines.count + sheet->tables.count + 1;
        struct item *items = xreallocarray(NULL, room, sizeof *items);
        size_t count = items_of(sheet, items);
        unsigned marks = w->marks;

        if (sheet->page->doubtful)
                w->marks |= RUN_RECOGNISED;
        for (size_t i = 0; i < count; i++) {
                const struct line_of_pieces *before = i > 0 ? items[i - 1].line : NULL;

                if (items[i].line)
                        write_line(w, before, items[i].line, i + 1 < count ? items[i + 1].line : NULL, sheet);
                else
                        write_table(w, sheet, items[i].table, i == 0);
        }
        w->marks = marks;
        free(items);
}

void layout_pages(const struct page *pages, size_t count, unsigned marks, struct document *doc)
{
        struct sheet *sheets = xcalloc(count + 1, sizeof *sheets);
        struct writer w = { .marks = marks };

        for (size_t i = 0; i < count; i++)
                sheet_make(&pages[i], &sheets[i]);
        furniture_remove(sheets, count);
        draft_init(&w.draft, doc);
        w.next_table = w.draft.tables;
        for (size_t i = 0; i < count; i++)
                write_page(&w, &sheets[i]);
        draft_free(&w.draft);
        for (size_t i = 0; i < count; i++)
                sheet_release(&sheets[i]);
        free(sheets);
}
