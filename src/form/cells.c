/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/cells.h"

#include <stdbool.h>

#include "core/form.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/below.h"
#include "form/consent.h"
#include "form/example.h"
#include "form/grid.h"
#include "form/heads.h"
#include "form/label.h"
#include "form/lines.h"
#include "form/menu.h"
#include "form/options.h"
#include "form/rows.h"
#include "form/scale.h"
#include "form/sequel.h"
#include "form/translation.h"

enum { BEHIND_MAX = 24 };

#define BEHIND 0.8 /* an answer without any sign before it */

/* Options may fill several cells, and the rows that a tall label cell spans. */
static size_t choice_end(const struct grid *grid, size_t index)
{
        const struct cell *label = &grid->cells[index];
        size_t end = index + 1;

        while (end < grid->count && grid->cells[end].row < label->row + label->row_span &&
               !grid->cells[end].is_label && grid->cells[end].column > label->column)
                end++;
        return end;
}

static void answer_choice(struct scan *scan, struct grid *grid, size_t index)
{
        struct cell *label = &grid->cells[index];
        struct span spans[GRID_SPANS_MAX];
        size_t count = grid_spans(scan, label, label->label.after, spans, 0), end = choice_end(grid, index);
        size_t option, row;

        if (label->row_span == 1 && options_crossed_below(scan, grid, index + 1, end, &option, &row)) {
                count = grid_spans(scan, &grid->cells[option], grid->cells[option].first, spans, 0);
                for (size_t i = row; i < grid_row_end(grid, row); i++)
                        grid->cells[i].used = true;
        } else {
                for (size_t from = index + 1, stop; from < end; from = stop) {
                        stop = grid_row_end(grid, from) < end ? grid_row_end(grid, from) : end;
                        count += options_spans(scan, grid, from, stop, spans + count, GRID_SPANS_MAX - count);
                }
        }
        for (size_t i = index + 1; i < end; i++)
                grid->cells[i].used = true;
        answer_add(scan, &label->label, spans, count, label->first_line, 0);
}

/* A row that holds no label and no consent, and has not been read. */
static bool is_free_row(const struct scan *scan, const struct grid *grid, const struct cell *below)
{
        struct consent_match match;

        for (size_t i = 0; i < grid->count; i++)
                if (grid->cells[i].row == below->row && (grid->cells[i].has_label || grid->cells[i].used))
                        return false;
        return !(below->first < below->end && grid_is_remark(scan, below)) &&
               !consent_find(scan, below->first, below->end, &match);
}

/* "J|A|N| |K|O|W|A|L": one character a cell, up to the next label or the end of the row. */
static bool answer_letters(struct scan *scan, struct grid *grid, size_t index)
{
        struct cell *label = &grid->cells[index];
        struct span spans[GRID_SPANS_MAX], span;
        size_t count = 0, end = index + 1;

        for (; end < grid->count && grid->cells[end].row == label->row && !grid->cells[end].is_label; end++) {
                if (!grid_letter(scan, &grid->cells[end], &span) || count == GRID_SPANS_MAX)
                        return false;
                if (span.end > span.first)
                        spans[count++] = span;
        }
        if (count < GRID_LETTERS_MIN)
                return false;
        for (size_t i = index + 1; i < end; i++)
                grid->cells[i].used = true;
        answer_add(scan, &label->label, spans, count, label->first_line, 0);
        return true;
}

/* "E-mail: ewa@x.pl | Wypełnia organizator: ...": the label's own cell answers, and the cell beside it asks for something
 * else. */
static bool answers_itself(const struct scan *scan, const struct cell *label, const struct cell *right)
{
        struct span own = { label->label.after, label->end }, other = { right->first, right->end };
        bool valid = false, right_valid = false;

        if (label->label.end != LABEL_END_COLON)
                return false;
        if (!answer_probe(scan, label->label.field, &own, 1, &valid) || !valid)
                return false;
        answer_probe(scan, label->label.field, &other, 1, &right_valid);
        return !right_valid || label_is_foreign(&scan->sheet, right->first, right->end);
}

/* The options stand in the rows below, and nothing beside the label. */
static bool answer_menu(struct scan *scan, struct grid *grid, size_t index)
{
        const struct cell *label = &grid->cells[index];
        const struct span span = { label->label.start, label->label.after };
        size_t from = index + 1, end;
        struct choice choice;

        for (; from < grid->count && grid->cells[from].row == label->row; from++)
                if (!grid_is_empty(scan, &grid->cells[from]))
                        return false;
        while (from < grid->count && grid->cells[from].row < label->row + label->row_span)
                from++;
        if (!menu_read(scan, grid, from, label->label.field, &choice, &end))
                return false;
        for (size_t i = from; i < end; i++)
                grid->cells[i].used = true;
        answer_add_choice(scan, label->label.field, &choice, choice.confidence, false, &span);
        return true;
}

/* "Grybów, 20.05.2019", and "(miejscowość i data)" below it. */
static bool is_signed(const struct scan *scan, const struct cell *cell)
{
        static const char *const captions[] = { "miejscowosc", "data$", "dnia$", "podpis", "pieczec",
                "pieczat", "signature", NULL };
        const struct sheet *sheet = &scan->sheet;
        const struct line *last = &sheet->lines[cell->last_line - 1];

        if (cell->last_line == cell->first_line + 1 || last->count == 0 ||
            !sheet_is_sign(sheet, last->first, "(") ||
            !sheet_is_sign(sheet, last->first + last->count - 1, ")"))
                return false;
        for (size_t i = 0; i < last->count; i++)
                if (word_has_stem(sheet_key(sheet, last->first + i), captions))
                        return true;
        return false;
}

static void answer_label(struct scan *scan, struct grid *grid, size_t index)
{
        struct cell *label = &grid->cells[index], *right = example_past(scan, grid, index), *below;
        const struct span span = { label->label.start, label->label.after };
        bool rest = grid_has_rest(scan, label);

        if (rows_answer_column(scan, grid, index, label->label.field, &span) ||
            scale_answer(scan, grid, index))
                return;
        if (!rest && answer_letters(scan, grid, index))
                return;
        if (right != NULL && (right->used || right->is_label || is_signed(scan, right) ||
                                 (rest && answers_itself(scan, label, right))))
                right = NULL;
        if (!rest && answer_menu(scan, grid, index))
                return;
        if (answer_is_choice(scan, label->label.field) && right != NULL) {
                answer_choice(scan, grid, index);
        } else if (right != NULL && !grid_is_empty(scan, right)) {
                grid_answer(scan, label, right, 1);
        } else if (rest) { /* a hint may look like an answer where an empty cell waits beside it */
                grid_answer(
                    scan, label, label, right != NULL && label->label.end != LABEL_END_COLON ? 0.75 : 1);
        } else if (right != NULL) {
                grid_answer(scan, label, right, 1);
        } else {
                below = grid_in_row(grid, label->row + label->row_span, label->column);
                if (below != NULL && grid_is_surely_label(label) && is_free_row(scan, grid, below))
                        grid_answer(scan, label, below, 0.95);
                else
                        grid_answer(scan, label, label, 1);
        }
}

/* A cell of the sentence's row with boxes, crosses, yes and no, or nothing in it. */
static bool is_beside(
    const struct scan *scan, const struct cell *cell, const struct cell *other, size_t field)
{
        return other->row == cell->row && !other->used && !other->is_label &&
               (grid_is_empty(scan, other) || consent_is_choice_only(scan, field, other->first, other->end));
}

/* The sentence, with what stands in the cells beside it. */
static bool answer_consent(struct scan *scan, struct grid *grid, size_t index)
{
        struct cell *cell = &grid->cells[index];
        struct consent_match match;
        struct span beside[GRID_SPANS_MAX];
        size_t count, lead = cell->first, end = index + 1;
        bool place = false;

        if (cell->used || !consent_find(scan, cell->first, cell->end, &match))
                return false;
        cell->used = true;
        if (rows_answer_column(scan, grid, index, match.field, &(struct span){ match.start, match.after }))
                return true;
        if (index > 0 && is_beside(scan, cell, cell - 1, match.field)) {
                lead = cell[-1].first;
                cell[-1].used = true;
                place = grid_is_empty(scan, cell - 1);
        }
        for (; end < grid->count && is_beside(scan, cell, &grid->cells[end], match.field); end++) {
                grid->cells[end].used = true;
                place = place || grid_is_empty(scan, &grid->cells[end]);
        }
        count = options_spans(scan, grid, index + 1, end, beside, GRID_SPANS_MAX);
        consent_add(scan, &match, lead, cell->end, beside, count, place);
        return true;
}

/* Names of people and organisations begin with a capital, a digit or a quotation mark. */
static bool begins_like_answer(const struct scan *scan, size_t field, size_t token)
{
        enum field_type type = scan->form->fields[field].type;
        const struct token *t = &scan->sheet.tokens[token];

        if (type != FIELD_NAME && type != FIELD_ORGANISATION && type != FIELD_TEXT)
                return true;
        return t->size > 0 && !(*t->text >= 'a' && *t->text <= 'z') &&
               !sheet_is_sign(&scan->sheet, token, "([/");
}

/* "Imię i nazwisko* Jan Lis | ": written behind the label, and the cell for the answer left empty. */
static bool answer_behind(struct scan *scan, struct grid *grid, size_t index)
{
        struct cell *cell = &grid->cells[index];
        const struct cell *right = grid_right_of(grid, index);
        const struct sheet *sheet = &scan->sheet;
        size_t start = label_skip_number(sheet, cell->first, cell->end, NULL);
        struct span span = { .end = cell->end };
        struct label_match match;
        bool valid = false;

        if (right == NULL || right->used || !grid_is_empty(scan, right) ||
            (cell->has_label && (cell->label.end != LABEL_END_TEXT || grid_is_surely_label(cell))) ||
            !label_find(scan->labels, sheet, start, cell->end, LABEL_PREFIX, &match) ||
            answer_is_choice(scan, match.field) || match.after >= cell->end ||
            cell->end - match.after > BEHIND_MAX || !begins_like_answer(scan, match.field, match.after))
                return false;
        span.first = match.after;
        if (!answer_probe(scan, match.field, &span, 1, &valid) || !valid)
                return false;
        cell->label = match;
        grid_answer(scan, cell, cell, sheet_is_sign(sheet, span.first - 1, "*.:-") ? 1 : BEHIND);
        return true;
}

static void scan_cell(struct scan *scan, struct grid *grid, size_t index)
{
        struct cell *cell = &grid->cells[index];

        if (cell->used || grid_is_empty(scan, cell) || answer_consent(scan, grid, index))
                return;
        if (lines_count_labels(scan, cell->first_line, cell->last_line) >= 2)
                lines_scan(scan, cell->first_line, cell->last_line);
        else if (!answer_behind(scan, grid, index) && cell->has_label)
                answer_label(scan, grid, index);
}

void cells_scan(struct scan *scan, size_t first, size_t end)
{
        struct grid grid;

        grid_init(&grid, scan, first, end);
        for (size_t i = 0; i < grid.count; i++)
                grid_find_label(scan, &grid.cells[i]);
        example_take_out(scan, &grid);
        translation_settle(scan, &grid);
        size_t from = below_scan(scan, &grid);
        for (size_t start = from > 0 ? from : sequel_scan(scan, &grid); start < grid.count;) {
                size_t stop = grid_row_end(&grid, start), after;

                after =
                    rows_is_caption(scan, &grid, start, stop) ? start : heads_scan(scan, &grid, start, stop);
                if (after == start && !rows_is_caption(scan, &grid, start, stop))
                        after = rows_scan_header(scan, &grid, start, stop);
                if (after == start && !rows_scan_columns(scan, &grid, start, stop) &&
                    !rows_scan_captions(scan, &grid, start, stop))
                        for (size_t i = start; i < stop; i++)
                                scan_cell(scan, &grid, i);
                start = after > start ? after : stop;
        }
        grid_free(&grid);
}
