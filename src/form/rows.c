/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/rows.h"

#include <string.h>

#include "core/document.h"
#include "core/form.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/consent.h"
#include "form/grid.h"
#include "form/hits.h"

enum { HEADER_LABELS_MIN = 2 };

#define CROSSED 0.97
#define CONTRADICTORY 0.4

/* ---- rows */

/* Two labels or more without answers of their own, and fewer other cells ("Lp.", "PESEL"). */
static bool is_label_row(const struct scan *scan, const struct grid *grid, size_t start, size_t end)
{
        size_t labels = 0, others = 0;

        for (size_t i = start; i < end; i++) {
                const struct cell *cell = &grid->cells[i];
                if (cell->has_label && !grid_has_rest(scan, cell))
                        labels += grid_is_surely_label(cell);
                else if (!grid_is_empty(scan, cell) || i > start)
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
                if (grid_is_empty(scan, cell))
                        continue;
                if (cell->is_label || consent_find(scan, cell->first, cell->end, &match))
                        return false;
                content = true;
        }
        return content && !grid_is_remark_row(scan, grid, start, end);
}

static bool is_empty_row(const struct scan *scan, const struct grid *grid, size_t start, size_t end)
{
        for (size_t i = start; i < end; i++)
                if (!grid_is_empty(scan, &grid->cells[i]))
                        return false;
        return true;
}

static void answer_row(
    struct scan *scan, struct grid *grid, size_t head, size_t head_end, size_t row, size_t end, int person)
{
        for (size_t i = head; i < head_end; i++) {
                struct cell *label = &grid->cells[i], *value = NULL;
                struct label_match match = label->label;
                struct span spans[GRID_SPANS_MAX];
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
                answer_add(scan, &match, spans, grid_spans(scan, value, value->first, spans, 0),
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

/* Many columns may be headed by what the form does not know, when a name and what can be told from other words stand
 * below their headings. */
static bool is_list_head(const struct scan *scan, struct grid *grid, size_t start, size_t end)
{
        size_t labels = 0, others = 0, told = 0,
               end_below = end < grid->count ? grid_row_end(grid, end) : end;

        for (size_t i = start; i < end; i++) {
                const struct cell *cell = &grid->cells[i];
                const struct cell *below =
                    end < end_below ? grid_in_row(grid, grid->cells[end].row, cell->column) : NULL;
                bool label = cell->has_label && !grid_has_rest(scan, cell) && grid_is_surely_label(cell),
                     valid = false;
                struct span span = { 0 };

                labels += label;
                others += !label && i > start;
                if (!label || below == NULL)
                        continue;
                span = (struct span){ below->first, below->end };
                told += hits_is_checked(scan, cell->label.field) &&
                        answer_probe(scan, cell->label.field, &span, 1, &valid) && valid;
        }
        return labels > HEADER_LABELS_MIN && others <= labels && told > 0 && has_name(scan, grid, start, end);
}

/* A row of labels with answers below. Returns where the rows after it begin; start itself when it is no such
 * row. */
size_t rows_scan_header(struct scan *scan, struct grid *grid, size_t start, size_t end)
{
        size_t row = end, next;

        if (!(is_label_row(scan, grid, start, end) || is_list_head(scan, grid, start, end)) ||
            row >= grid->count || !is_next_row(grid, start, row))
                return start;
        bool people = has_name(scan, grid, start, end);
        while (row < grid->count) {
                next = grid_row_end(grid, row);
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
bool rows_is_caption(const struct scan *scan, const struct grid *grid, size_t start, size_t end)
{
        size_t captions = 0;

        for (size_t i = start; i < end; i++) {
                if (grid_is_empty(scan, &grid->cells[i]))
                        continue;
                if (!grid->cells[i].has_label || !sheet_is_sign(&scan->sheet, grid->cells[i].first, "("))
                        return false;
                captions++;
        }
        return captions > 1;
}

/* A sheet leaves out what was not written in: those labels are asked all the same. */
static void answer_captions(struct scan *scan, struct grid *grid, size_t start, size_t end)
{
        for (size_t i = start; i < end; i++) {
                struct cell *cell = &grid->cells[i], *above = grid_in_row(grid, cell->row - 1, cell->column);
                if (!cell->has_label)
                        continue;
                if (above != NULL && !above->has_label && !above->used)
                        grid_answer(scan, cell, above, 0.95);
                else
                        answer_add(scan, &cell->label, NULL, 0, cell->first_line, 0);
        }
}

/* A row of labels under the cells that were written in. */
bool rows_scan_captions(struct scan *scan, struct grid *grid, size_t start, size_t end)
{
        if (rows_is_caption(scan, grid, start, end)) {
                answer_captions(scan, grid, start, end);
                return true;
        }
        if (start == 0 || !is_label_row(scan, grid, start, end))
                return false;
        for (size_t i = start; i < end; i++) {
                struct cell *above = grid_in_row(grid, grid->cells[i].row - 1, grid->cells[i].column);
                if (grid->cells[i].has_label && (above == NULL || above->has_label || above->used))
                        return false;
        }
        for (size_t i = start; i < end; i++) {
                struct cell *above = grid_in_row(grid, grid->cells[i].row - 1, grid->cells[i].column);
                if (grid->cells[i].has_label)
                        grid_answer(scan, &grid->cells[i], above, 0.95);
        }
        return true;
}

/* ---- columns for yes and no */

/* Nothing but this word stands in the cell. */
static bool says(const struct scan *scan, const struct cell *cell, const char *const *words)
{
        const struct sheet *sheet = &scan->sheet;
        size_t first = cell->first, end = cell->end;

        while (end > first && sheet->tokens[end - 1].kind != TOKEN_WORD)
                end--;
        return end == first + 1 && word_has_stem(sheet_key(sheet, first), words);
}

static const char *const yes_words[] = { "tak$", "yes$", NULL };
static const char *const no_words[] = { "nie$", "no$", NULL };

bool rows_scan_columns(const struct scan *scan, struct grid *grid, size_t start, size_t end)
{
        struct cell *yes = NULL, *no = NULL;

        for (size_t i = start; i < end; i++) {
                struct cell *cell = &grid->cells[i];
                struct consent_match match;
                if (says(scan, cell, yes_words) && yes == NULL)
                        yes = cell;
                else if (says(scan, cell, no_words) && no == NULL)
                        no = cell;
                else if (cell->has_label || consent_find(scan, cell->first, cell->end, &match))
                        return false;
        }
        if (yes == NULL || no == NULL)
                return false;
        yes->used = no->used = true;
        grid->yes_column = yes->column;
        grid->no_column = no->column;
        return true;
}

/* "–": nothing is meant to be there. */
static bool is_dash(const struct token *token)
{
        return token->size == 3 &&
               (memcmp(token->text, "\u2013", 3) == 0 || memcmp(token->text, "\u2014", 3) == 0);
}

/* A cross, a ticked box or a single sign of any kind; 0: empty, or an empty box; -1: words. */
static int crossed(const struct scan *scan, const struct cell *cell, const char *const *words)
{
        const struct sheet *sheet = &scan->sheet;
        int found = 0;

        if (cell == NULL)
                return 0;
        if (says(scan, cell, words))
                return 1;
        for (size_t i = cell->first; i < cell->end; i++) {
                const struct token *token = &sheet->tokens[i];
                if (token->kind == TOKEN_BOX ? (token->marks & RUN_DOUBTFUL) != 0
                                             : token->kind == TOKEN_WORD && !sheet_is_letter(sheet, i))
                        return -1;
                if (token->kind == TOKEN_BOX ? token->on
                                             : token->kind == TOKEN_WORD || sheet_is_sign(sheet, i, "+*"))
                        found = 1;
                else if (token->kind == TOKEN_SIGN && token->size > 1 && !is_dash(token))
                        found = 1; /* a cross of another script */
        }
        return found;
}

bool rows_answer_column(
    struct scan *scan, struct grid *grid, size_t index, size_t field, const struct span *label)
{
        struct cell *own = &grid->cells[index];
        struct cell *yes = grid_in_row(grid, own->row, grid->yes_column);
        struct cell *no = grid_in_row(grid, own->row, grid->no_column);
        enum field_type type = scan->form->fields[field].type;
        struct choice choice = { .offered = true };
        int on, off;

        if (grid->yes_column < 0 || (type != FIELD_YESNO && type != FIELD_CONSENT) || yes == own ||
            no == own || own->column > grid->yes_column || (yes == NULL && no == NULL))
                return false;
        on = crossed(scan, yes, yes_words);
        off = crossed(scan, no, no_words);
        if (on < 0 || off < 0 || (on > 0 && off > 0 && says(scan, yes, yes_words)))
                return false;
        if (on > 0 || off > 0)
                choice.value = on > 0 ? "yes" : "no";
        if (yes != NULL)
                yes->used = true;
        if (no != NULL)
                no->used = true;
        answer_add_choice(scan, field, &choice, on == off ? CONTRADICTORY : CROSSED, false, label);
        return true;
}
