/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/grid.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/form.h"
#include "form/answer.h"
#include "form/printed.h"
#include "form/stops.h"

enum { LABEL_TOKENS_MAX = 40, EXAMPLE_MIN = 3 };

#define SURE_LABEL 0.9
#define EXAMPLE 0.75

void grid_init(struct grid *grid, const struct scan *scan, size_t first, size_t end)
{
        *grid = (struct grid){ .yes_column = -1, .no_column = -1 };
        for (size_t line = first; line < end; line++) {
                const struct line *l = &scan->sheet.lines[line];
                struct cell *cell = grid->count > 0 ? &grid->cells[grid->count - 1] : NULL;
                if (cell == NULL || cell->row != l->row || cell->column != l->column) {
                        if (grid->count == grid->room) {
                                grid->room = grid->room * 2 + 32;
                                grid->cells = xreallocarray(grid->cells, grid->room, sizeof *grid->cells);
                        }
                        cell = &grid->cells[grid->count++];
                        *cell = (struct cell){ .first_line = line,
                                .first = l->first,
                                .row = l->row,
                                .column = l->column,
                                .row_span = l->row_span };
                }
                cell->last_line = line + 1;
                cell->end = l->first + l->count;
        }
}

/* ---- what a cell is */

static size_t content_start(const struct scan *scan, const struct cell *cell)
{
        return label_skip_number(&scan->sheet, cell->first, cell->end, NULL);
}

/* The end of the first line that has something in it. */
static size_t first_line_end(const struct scan *scan, const struct cell *cell)
{
        for (size_t line = cell->first_line; line < cell->last_line; line++)
                if (!sheet_line_is_blank(&scan->sheet, line))
                        return scan->sheet.lines[line].first + scan->sheet.lines[line].count;
        return cell->end;
}

/* Something after the label in its own cell that is more than a hint in brackets. */
bool grid_has_rest(const struct scan *scan, const struct cell *cell)
{
        const struct sheet *sheet = &scan->sheet;
        int depth = 0;

        for (size_t i = cell->label.after; i < cell->end; i++) {
                depth += sheet_is_sign(sheet, i, "([");
                if (depth == 0 && sheet_has_content(sheet, i, i + 1))
                        return true;
                depth -= depth > 0 && sheet_is_sign(sheet, i, ")]");
        }
        return false;
}

/* "Telefon: proszę dzwonić po 15" is somebody's remark. */
static bool answers_wrongly(const struct scan *scan, const struct cell *cell)
{
        enum field_type type = scan->form->fields[cell->label.field].type;
        struct span span = { cell->label.after, cell->end };
        bool valid = true;

        if (type != FIELD_PHONE && type != FIELD_EMAIL && type != FIELD_DATE && type != FIELD_NUMBER)
                return false;
        return cell->label.after < cell->end && grid_has_rest(scan, cell) &&
               answer_probe(scan, cell->label.field, &span, 1, &valid) && !valid;
}

/* "Wybrany termin 12–13.06 ☐ 19–20.06 ☒": options with boxes right behind the question. */
static bool asks_by_boxes(const struct scan *scan, struct cell *cell, size_t start)
{
        const struct sheet *sheet = &scan->sheet;
        struct label_match match;
        struct span span = { .end = cell->end };
        bool valid = false;
        size_t boxes = 0;

        if (!label_find(scan->labels, sheet, start, cell->end, LABEL_PREFIX, &match) ||
            scan->form->fields[match.field].type != FIELD_CHOICE)
                return false;
        span.first = match.after;
        for (size_t i = span.first; i < span.end; i++)
                boxes += sheet->tokens[i].kind == TOKEN_BOX;
        if (boxes == 0)
                return false;
        answer_probe(scan, match.field, &span, 1, &valid);
        cell->label = match;
        return valid;
}

/* The cell's beginning, or all of it, as a label: the surer of the two. */
void grid_find_label(const struct scan *scan, struct cell *cell)
{
        const struct sheet *sheet = &scan->sheet;
        size_t start = content_start(scan, cell), line_end = first_line_end(scan, cell);
        struct label_match whole;

        cell->has_label = label_find(scan->labels, sheet, start, line_end, LABEL_STRONG, &cell->label) &&
                          (printed_cut_label(scan, &cell->label), true);
        if (cell->end > line_end && cell->end - start <= LABEL_TOKENS_MAX &&
            label_find(scan->labels, sheet, start, cell->end, LABEL_STRONG, &whole) &&
            (!cell->has_label ||
                (whole.words > cell->label.words && whole.confidence >= cell->label.confidence))) {
                cell->label = whole;
                cell->has_label = true;
        }
        if (!cell->has_label)
                cell->has_label = asks_by_boxes(scan, cell, start);
        if (!cell->has_label)
                cell->has_label =
                    label_find_caption(scan->labels, sheet, cell->first, cell->end, &cell->label);
        if (cell->has_label && !(cell->label.whole && cell->label.after == line_end) &&
            answers_wrongly(scan, cell)) /* a label with a line of its own stays one */
                cell->has_label = false;
        cell->is_label = cell->has_label && (cell->label.whole || cell->label.end == LABEL_END_COLON);
}

bool grid_is_empty(const struct scan *scan, const struct cell *cell)
{
        return !sheet_has_content(&scan->sheet, cell->first, cell->end);
}

/* All of the cell is the label, though some harmless words more may be there. */
bool grid_is_surely_label(const struct cell *cell)
{
        return cell->is_label || (cell->label.end == LABEL_END_TEXT && cell->label.confidence >= SURE_LABEL);
}

bool grid_letter(const struct scan *scan, const struct cell *cell, struct span *ret_span)
{
        const struct sheet *sheet = &scan->sheet;

        *ret_span = (struct span){ cell->first, cell->first };
        if (cell->end == cell->first || sheet->tokens[cell->first].kind == TOKEN_LEADER ||
            sheet_is_sign(sheet, cell->first, "_"))
                return cell->end <= cell->first + 1;
        ret_span->end = cell->end;
        return cell->end == cell->first + 1 && sheet_is_letter(sheet, cell->first);
}

/* "* niepotrzebne skreślić" */
bool grid_is_remark(const struct scan *scan, const struct cell *cell)
{
        return sheet_is_sign(&scan->sheet, cell->first, "*") || stops_is_boilerplate(scan, cell->first_line);
}

/* What the blank form has in a row of several cells is an example in a table of people, and does not end it. */
bool grid_is_remark_row(const struct scan *scan, const struct grid *grid, size_t start, size_t end)
{
        size_t filled = 0;
        bool remark = false;

        for (size_t i = start; i < end; i++) {
                const struct cell *cell = &grid->cells[i];

                if (grid_is_empty(scan, cell))
                        continue;
                filled++;
                if (sheet_is_sign(&scan->sheet, cell->first, "*"))
                        return true;
                remark = remark || grid_is_remark(scan, cell);
        }
        return remark && filled < EXAMPLE_MIN;
}

/* ---- looking around, and answers */

size_t grid_spans(
    const struct scan *scan, const struct cell *cell, size_t from, struct span *spans, size_t count)
{
        for (size_t line = cell->first_line; line < cell->last_line && count < GRID_SPANS_MAX; line++) {
                size_t first = scan->sheet.lines[line].first, end = first + scan->sheet.lines[line].count;
                if (first < from)
                        first = from;
                if (first < end && sheet_has_content(&scan->sheet, first, end))
                        spans[count++] = (struct span){ first, end };
        }
        return count;
}

struct cell *grid_right_of(struct grid *grid, size_t index)
{
        if (index + 1 < grid->count && grid->cells[index + 1].row == grid->cells[index].row)
                return &grid->cells[index + 1];
        return NULL;
}

struct cell *grid_in_row(struct grid *grid, int row, int column)
{
        for (size_t i = 0; i < grid->count; i++)
                if (grid->cells[i].row == row && grid->cells[i].column == column)
                        return &grid->cells[i];
        return NULL;
}

size_t grid_row_end(const struct grid *grid, size_t start)
{
        size_t end = start;

        while (end < grid->count && grid->cells[end].row == grid->cells[start].row)
                end++;
        return end;
}

/* "(nazwa jednostki)" below what was written in the cell. */
static bool is_caption(const struct scan *scan, const struct span *span, size_t field)
{
        struct label_match match;

        return sheet_is_sign(&scan->sheet, span->first, "(") &&
               sheet_is_sign(&scan->sheet, span->end - 1, ")") &&
               label_find_caption(scan->labels, &scan->sheet, span->first, span->end, &match) &&
               match.field == field;
}

void grid_answer(struct scan *scan, const struct cell *label, struct cell *value, double factor)
{
        struct label_match match = label->label;
        struct span spans[GRID_SPANS_MAX];
        size_t count = grid_spans(scan, value, value == label ? match.after : value->first, spans, 0);

        if (count > 1 && is_caption(scan, &spans[count - 1], match.field))
                count--;
        match.confidence *= factor;
        if (value->example && match.confidence > EXAMPLE)
                match.confidence = EXAMPLE;
        match.elsewhere = value != label;
        match.place = value->first_line;
        value->used = true;
        answer_add(scan, &match, spans, count, label->first_line, 0);
}

void grid_free(struct grid *grid)
{
        free(grid->cells);
        *grid = (struct grid){ 0 };
}
