/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/cells.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/answer.h"
#include "core/consent.h"
#include "core/form.h"
#include "core/label.h"
#include "core/lines.h"
#include "core/stops.h"

enum { SPANS_MAX = 64, HEADER_LABELS_MIN = 2, LETTERS_MIN = 3, LABEL_TOKENS_MAX = 40 };

#define SURE_LABEL 0.9

struct cell {
        size_t first_line, last_line; /* [first, last) */
        size_t first, end;            /* tokens */
        int row, column, row_span;
        bool used;
        bool is_label; /* whole or with a colon: cannot be taken for an answer */
        bool has_label;
        struct label_match label;
};

struct grid {
        struct cell *cells;
        size_t count, room;
};

static const struct sheet *sheet_of(const struct scan *scan)
{
        return &scan->sheet;
}

static void build(const struct scan *scan, size_t first, size_t end, struct grid *grid)
{
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
        return label_skip_number(sheet_of(scan), cell->first, cell->end, NULL);
}

/* The end of the first line that has something in it. */
static size_t first_line_end(const struct scan *scan, const struct cell *cell)
{
        for (size_t line = cell->first_line; line < cell->last_line; line++)
                if (!sheet_line_is_blank(sheet_of(scan), line))
                        return scan->sheet.lines[line].first + scan->sheet.lines[line].count;
        return cell->end;
}

/* Something after the label in its own cell that is more than a hint in brackets. */
static bool has_rest(const struct scan *scan, const struct cell *cell)
{
        const struct sheet *sheet = sheet_of(scan);
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
        return cell->label.after < cell->end && has_rest(scan, cell) &&
               answer_probe(scan, cell->label.field, &span, 1, &valid) && !valid;
}

/* The cell's beginning, or all of it, as a label: the surer of the two. */
static void find_label(const struct scan *scan, struct cell *cell)
{
        const struct sheet *sheet = sheet_of(scan);
        size_t start = content_start(scan, cell), line_end = first_line_end(scan, cell);
        struct label_match whole;

        cell->has_label = label_find(scan->labels, sheet, start, line_end, LABEL_STRONG, &cell->label);
        if (cell->end > line_end && cell->end - start <= LABEL_TOKENS_MAX &&
            label_find(scan->labels, sheet, start, cell->end, LABEL_STRONG, &whole) &&
            (!cell->has_label ||
                (whole.words > cell->label.words && whole.confidence >= cell->label.confidence))) {
                cell->label = whole;
                cell->has_label = true;
        }
        if (!cell->has_label)
                cell->has_label =
                    label_find_caption(scan->labels, sheet, cell->first, cell->end, &cell->label);
        if (cell->has_label && answers_wrongly(scan, cell))
                cell->has_label = false;
        cell->is_label = cell->has_label && (cell->label.whole || cell->label.end == LABEL_END_COLON);
}

static bool is_empty(const struct scan *scan, const struct cell *cell)
{
        return !sheet_has_content(sheet_of(scan), cell->first, cell->end);
}

/* ---- answers */

static size_t spans_of(
    const struct scan *scan, const struct cell *cell, size_t from, struct span *spans, size_t count)
{
        for (size_t line = cell->first_line; line < cell->last_line && count < SPANS_MAX; line++) {
                size_t first = scan->sheet.lines[line].first, end = first + scan->sheet.lines[line].count;
                if (first < from)
                        first = from;
                if (first < end && sheet_has_content(sheet_of(scan), first, end))
                        spans[count++] = (struct span){ first, end };
        }
        return count;
}

static struct cell *right_of(struct grid *grid, size_t index)
{
        if (index + 1 < grid->count && grid->cells[index + 1].row == grid->cells[index].row)
                return &grid->cells[index + 1];
        return NULL;
}

static struct cell *in_row(struct grid *grid, int row, int column)
{
        for (size_t i = 0; i < grid->count; i++)
                if (grid->cells[i].row == row && grid->cells[i].column == column)
                        return &grid->cells[i];
        return NULL;
}

static void answer_from(struct scan *scan, const struct cell *label, struct cell *value, double factor)
{
        struct label_match match = label->label;
        struct span spans[SPANS_MAX];
        size_t count = spans_of(scan, value, value == label ? match.after : value->first, spans, 0);

        match.confidence *= factor;
        match.elsewhere = value != label;
        match.place = value->first_line;
        value->used = true;
        answer_add(scan, &match, spans, count, label->first_line, 0);
}

/* Options may fill several cells, and the rows that a tall label cell spans. */
static void answer_choice(struct scan *scan, struct grid *grid, size_t index)
{
        struct cell *label = &grid->cells[index];
        struct span spans[SPANS_MAX];
        size_t count = spans_of(scan, label, label->label.after, spans, 0);

        for (size_t i = index + 1; i < grid->count && grid->cells[i].row < label->row + label->row_span;
             i++) {
                struct cell *cell = &grid->cells[i];
                if (cell->is_label || cell->column <= label->column)
                        break;
                count = spans_of(scan, cell, cell->first, spans, count);
                cell->used = true;
        }
        answer_add(scan, &label->label, spans, count, label->first_line, 0);
}

/* "* niepotrzebne skreślić" */
static bool is_remark(const struct scan *scan, const struct cell *cell)
{
        return sheet_is_sign(sheet_of(scan), cell->first, "*") ||
               stops_is_boilerplate(scan, cell->first_line);
}

/* A row that holds no label and no consent, and has not been read. */
static bool is_free_row(const struct scan *scan, const struct grid *grid, const struct cell *below)
{
        struct consent_match match;

        for (size_t i = 0; i < grid->count; i++)
                if (grid->cells[i].row == below->row && (grid->cells[i].has_label || grid->cells[i].used))
                        return false;
        return !(below->first < below->end && is_remark(scan, below)) &&
               !consent_find(scan, below->first, below->end, &match);
}

/* All of the cell is the label, though some harmless words more may be there. */
static bool is_surely_label(const struct cell *cell)
{
        return cell->is_label || (cell->label.end == LABEL_END_TEXT && cell->label.confidence >= SURE_LABEL);
}

/* The character in a cell that is meant for one, as a span; empty for an empty cell. False: more stands there. */
static bool letter_of(const struct scan *scan, const struct cell *cell, struct span *ret_span)
{
        const struct sheet *sheet = sheet_of(scan);

        *ret_span = (struct span){ cell->first, cell->first };
        if (cell->end == cell->first || sheet->tokens[cell->first].kind == TOKEN_LEADER ||
            sheet_is_sign(sheet, cell->first, "_"))
                return cell->end <= cell->first + 1;
        ret_span->end = cell->end;
        return cell->end == cell->first + 1 && sheet_is_letter(sheet, cell->first);
}

/* "J|A|N| |K|O|W|A|L": one character a cell, up to the next label or the end of the row. */
static bool answer_letters(struct scan *scan, struct grid *grid, size_t index)
{
        struct cell *label = &grid->cells[index];
        struct span spans[SPANS_MAX], span;
        size_t count = 0, end = index + 1;

        for (; end < grid->count && grid->cells[end].row == label->row && !grid->cells[end].is_label; end++) {
                if (!letter_of(scan, &grid->cells[end], &span) || count == SPANS_MAX)
                        return false;
                if (span.end > span.first)
                        spans[count++] = span;
        }
        if (count < LETTERS_MIN)
                return false;
        for (size_t i = index + 1; i < end; i++)
                grid->cells[i].used = true;
        answer_add(scan, &label->label, spans, count, label->first_line, 0);
        return true;
}

static void answer_label(struct scan *scan, struct grid *grid, size_t index)
{
        struct cell *label = &grid->cells[index], *right = right_of(grid, index), *below;
        bool rest = has_rest(scan, label);

        if (!rest && answer_letters(scan, grid, index))
                return;
        if (right != NULL && (right->used || right->is_label))
                right = NULL;
        if (answer_is_choice(scan, label->label.field) && right != NULL) {
                answer_choice(scan, grid, index);
        } else if (right != NULL && !is_empty(scan, right)) {
                answer_from(scan, label, right, 1);
        } else if (rest) { /* a hint may look like an answer where an empty cell waits beside it */
                answer_from(
                    scan, label, label, right != NULL && label->label.end != LABEL_END_COLON ? 0.75 : 1);
        } else if (right != NULL) {
                answer_from(scan, label, right, 1);
        } else {
                below = in_row(grid, label->row + label->row_span, label->column);
                if (below != NULL && is_surely_label(label) && is_free_row(scan, grid, below))
                        answer_from(scan, label, below, 0.95);
                else
                        answer_from(scan, label, label, 1);
        }
}

/* The sentence, with what stands in the cells beside it. */
static bool answer_consent(struct scan *scan, struct grid *grid, size_t index)
{
        struct cell *cell = &grid->cells[index];
        struct consent_match match;
        struct span beside[2];
        size_t count = 0;

        if (cell->used || !consent_find(scan, cell->first, cell->end, &match))
                return false;
        for (size_t i = index > 0 ? index - 1 : 0; i < grid->count && i <= index + 1; i++) {
                struct cell *other = &grid->cells[i];
                if (i == index || other->row != cell->row || other->used ||
                    !consent_is_choice_only(scan, other->first, other->end))
                        continue;
                beside[count++] = (struct span){ other->first, other->end };
                other->used = true;
        }
        consent_add(scan, &match, cell->first, cell->end, beside, count);
        cell->used = true;
        return true;
}

/* ---- rows */

static size_t row_end(const struct grid *grid, size_t start)
{
        size_t end = start;

        while (end < grid->count && grid->cells[end].row == grid->cells[start].row)
                end++;
        return end;
}

/* Two labels or more without answers of their own, and fewer other cells ("Lp.", "PESEL"). */
static bool is_label_row(const struct scan *scan, const struct grid *grid, size_t start, size_t end)
{
        size_t labels = 0, others = 0;

        for (size_t i = start; i < end; i++) {
                const struct cell *cell = &grid->cells[i];
                if (cell->has_label && !has_rest(scan, cell))
                        labels += is_surely_label(cell);
                else if (!is_empty(scan, cell) || i > start)
                        others++;
        }
        return labels >= HEADER_LABELS_MIN && others <= labels / 2;
}

/* Whether the row holds answers under the row of labels: something, and no labels. */
static bool is_answer_row(const struct scan *scan, const struct grid *grid, size_t start, size_t end)
{
        struct consent_match match;
        bool content = false;

        for (size_t i = start; i < end; i++) {
                const struct cell *cell = &grid->cells[i];
                if (is_empty(scan, cell))
                        continue;
                if (cell->is_label || is_remark(scan, cell) ||
                    consent_find(scan, cell->first, cell->end, &match))
                        return false;
                content = true;
        }
        return content;
}

static bool is_empty_row(const struct scan *scan, const struct grid *grid, size_t start, size_t end)
{
        for (size_t i = start; i < end; i++)
                if (!is_empty(scan, &grid->cells[i]))
                        return false;
        return true;
}

static void answer_row(
    struct scan *scan, struct grid *grid, size_t head, size_t head_end, size_t row, size_t end, int person)
{
        for (size_t i = head; i < head_end; i++) {
                struct cell *label = &grid->cells[i], *value = NULL;
                struct label_match match = label->label;
                struct span spans[SPANS_MAX];
                if (!label->has_label)
                        continue;
                for (size_t k = row; k < end; k++)
                        if (grid->cells[k].column == label->column)
                                value = &grid->cells[k];
                if (value == NULL)
                        continue;
                value->used = true;
                match.elsewhere = true;
                match.place = value->first_line;
                answer_add(scan, &match, spans, spans_of(scan, value, value->first, spans, 0),
                    value->first_line, person);
        }
}

static bool has_name(const struct scan *scan, const struct grid *grid, size_t start, size_t end)
{
        for (size_t i = start; i < end; i++)
                if (grid->cells[i].has_label &&
                    scan->form->fields[grid->cells[i].label.field].type == FIELD_NAME)
                        return true;
        return false;
}

/* A sheet leaves out empty rows: what comes after them is not below the labels. */
static bool is_next_row(const struct grid *grid, size_t head, size_t row)
{
        return grid->cells[row].row <= grid->cells[head].row + grid->cells[head].row_span;
}

/* A row of labels with answers below. Returns where the rows after it begin; start itself when it is no such
 * row. */
static size_t scan_header(struct scan *scan, struct grid *grid, size_t start, size_t end)
{
        size_t row = end, next;

        if (!is_label_row(scan, grid, start, end) || row >= grid->count || !is_next_row(grid, start, row))
                return start;
        bool people = has_name(scan, grid, start, end);
        while (row < grid->count) {
                next = row_end(grid, row);
                if (!is_answer_row(scan, grid, row, next) && !is_empty_row(scan, grid, row, next))
                        break;
                answer_row(scan, grid, start, end, row, next, people ? ++scan->people : 0);
                row = next;
                if (!people)
                        break;
        }
        for (size_t i = start; i < end && row > end; i++)
                grid->cells[i].used = true;
        return row > end ? row : start;
}

/* "(imię i nazwisko)": a label in brackets stands under its answer. */
static bool is_caption_row(const struct scan *scan, const struct grid *grid, size_t start, size_t end)
{
        size_t captions = 0;

        for (size_t i = start; i < end; i++) {
                if (is_empty(scan, &grid->cells[i]))
                        continue;
                if (!grid->cells[i].has_label || !sheet_is_sign(sheet_of(scan), grid->cells[i].first, "("))
                        return false;
                captions++;
        }
        return captions > 1;
}

/* A sheet leaves out what was not written in: those labels are asked all the same. */
static void answer_captions(struct scan *scan, struct grid *grid, size_t start, size_t end)
{
        for (size_t i = start; i < end; i++) {
                struct cell *cell = &grid->cells[i], *above = in_row(grid, cell->row - 1, cell->column);
                if (!cell->has_label)
                        continue;
                if (above != NULL && !above->has_label && !above->used)
                        answer_from(scan, cell, above, 0.95);
                else
                        answer_add(scan, &cell->label, NULL, 0, cell->first_line, 0);
        }
}

/* A row of labels under the cells that were written in. */
static bool scan_captions(struct scan *scan, struct grid *grid, size_t start, size_t end)
{
        if (is_caption_row(scan, grid, start, end)) {
                answer_captions(scan, grid, start, end);
                return true;
        }
        if (start == 0 || !is_label_row(scan, grid, start, end))
                return false;
        for (size_t i = start; i < end; i++) {
                struct cell *above = in_row(grid, grid->cells[i].row - 1, grid->cells[i].column);
                if (grid->cells[i].has_label && (above == NULL || above->has_label || above->used))
                        return false;
        }
        for (size_t i = start; i < end; i++) {
                struct cell *above = in_row(grid, grid->cells[i].row - 1, grid->cells[i].column);
                if (grid->cells[i].has_label)
                        answer_from(scan, &grid->cells[i], above, 0.95);
        }
        return true;
}

static void scan_cell(struct scan *scan, struct grid *grid, size_t index)
{
        struct cell *cell = &grid->cells[index];

        if (cell->used || is_empty(scan, cell) || answer_consent(scan, grid, index))
                return;
        if (lines_count_labels(scan, cell->first_line, cell->last_line) >= 2)
                lines_scan(scan, cell->first_line, cell->last_line);
        else if (cell->has_label)
                answer_label(scan, grid, index);
        else
                lines_heading(scan, cell->first_line);
}

void cells_scan(struct scan *scan, size_t first, size_t end)
{
        struct grid grid = { 0 };

        build(scan, first, end, &grid);
        for (size_t i = 0; i < grid.count; i++)
                find_label(scan, &grid.cells[i]);
        for (size_t start = 0; start < grid.count;) {
                size_t stop = row_end(&grid, start), after;

                after =
                    is_caption_row(scan, &grid, start, stop) ? start : scan_header(scan, &grid, start, stop);
                if (after == start && !scan_captions(scan, &grid, start, stop))
                        for (size_t i = start; i < stop; i++)
                                scan_cell(scan, &grid, i);
                start = after > start ? after : stop;
        }
        free(grid.cells);
}
