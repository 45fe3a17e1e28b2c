/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/heads.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/document.h"
#include "core/form.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/consent.h"
#include "form/cross.h"
#include "form/grid.h"

enum { COLUMNS_MAX = 32, UNDER_MIN = 2, LABELS_MIN = 2 };

#define UNKNOWN ((size_t)-1)
#define CROSSED 0.97
#define DOUBTFUL 0.4

/* A column of the table, by its lower heading, or its upper one where there is only that. */
struct head {
        int column;
        struct cell *label;  /* what is asked in it; NULL: nothing of the form */
        struct cell *option; /* the label's choice that is crossed in it; NULL: none */
};

struct heads {
        struct head items[COLUMNS_MAX];
        size_t count;
        size_t uppers;
        bool name, joined; /* a name is asked; a heading stands over several others */
        struct cell asked[COLUMNS_MAX],
            offered[COLUMNS_MAX]; /* made up where options have no heading over them */
};

static const struct field *field_of(const struct scan *scan, const struct cell *label)
{
        return &scan->form->fields[label->label.field];
}

static bool is_label(const struct scan *scan, const struct cell *cell)
{
        return cell->has_label && !grid_has_rest(scan, cell);
}

/* The heading of the upper row that stands over the column; empty cells belong to the one before them. */
static const struct cell *over(
    const struct scan *scan, const struct grid *grid, size_t start, size_t end, int column)
{
        const struct cell *found = NULL;

        for (size_t i = start; i < end && grid->cells[i].column <= column; i++)
                if (!grid_is_empty(scan, &grid->cells[i]))
                        found = &grid->cells[i];
        return found;
}

static char *text_of(const struct scan *scan, const struct cell *cell)
{
        struct buf out = BUF_INIT(8 * LIMIT_FIELD_VALUE);

        sheet_text(&scan->sheet, cell->first, cell->end, &out);
        buf_puts(&out, "");
        return buf_detach(&out, NULL);
}

/* Whether the cell may be one of several under a heading: a label, or an option of the heading's choice. */
static bool is_part(const struct scan *scan, const struct cell *upper, const struct cell *lower)
{
        if (!is_label(scan, upper) || !answer_is_choice(scan, upper->label.field))
                return is_label(scan, lower);
        CLEANUP_FREE char *text = text_of(scan, lower);
        CLEANUP_FREE char *value = choice_normalise(field_of(scan, upper), text);
        return value != NULL;
}

/* How many headings stand under the upper one; UNKNOWN: they are no headings. */
static size_t count_under(
    const struct scan *scan, const struct grid *grid, size_t start, size_t end, const struct cell *upper)
{
        size_t count = 0, known = 0;

        for (size_t i = end; i < grid_row_end(grid, end); i++) {
                const struct cell *lower = &grid->cells[i];

                if (grid_is_empty(scan, lower) || over(scan, grid, start, end, lower->column) != upper)
                        continue;
                count++;
                known += is_part(scan, upper, lower);
        }
        return known == count || known >= UNDER_MIN ? count : UNKNOWN;
}

static void add(
    const struct scan *scan, struct heads *heads, int column, struct cell *label, struct cell *option)
{
        if (heads->count == COLUMNS_MAX)
                return;
        heads->name = heads->name || (label != NULL && field_of(scan, label)->type == FIELD_NAME);
        heads->items[heads->count++] = (struct head){ column, label, option };
}

/* The headings of rows [start, end) and the one below; all of the lower stand under some of the upper that span them. */
static bool find_heads(
    const struct scan *scan, struct grid *grid, size_t start, size_t end, struct heads *heads)
{
        size_t stop = end < grid->count ? grid_row_end(grid, end) : end;

        *heads = (struct heads){ 0 };
        if (end >= grid->count || grid->cells[end].row != grid->cells[start].row + 1)
                return false;
        for (size_t i = start; i < end; i++) {
                struct cell *upper = &grid->cells[i];
                size_t under = count_under(scan, grid, start, end, upper);
                heads->uppers += !grid_is_empty(scan, upper);
                bool choice = is_label(scan, upper) && answer_is_choice(scan, upper->label.field);

                if (under == 0) {
                        add(scan, heads, upper->column, is_label(scan, upper) ? upper : NULL, NULL);
                        continue;
                }
                if (under < UNDER_MIN || under == UNKNOWN || grid_is_empty(scan, upper))
                        return false;
                heads->joined = true;
                for (size_t k = end; k < stop; k++) {
                        struct cell *lower = &grid->cells[k];

                        if (grid_is_empty(scan, lower) ||
                            over(scan, grid, start, end, lower->column) != upper)
                                continue;
                        if (choice)
                                add(scan, heads, lower->column, upper, lower);
                        else
                                add(scan, heads, lower->column, is_label(scan, lower) ? lower : NULL, NULL);
                }
        }
        return heads->joined && heads->name && heads->uppers > 1;
}

/* ---- one row of headings, with options among them */

/* The value that the heading offers to the field: all of it says so, or what follows the field's label ("Dieta
 * wegetariańska", "Obiad TAK"). Owned; NULL: none. ret_from: the token where the option begins. */
static char *offer_of(const struct scan *scan, const struct cell *cell, size_t field, size_t *ret_from)
{
        struct label_match match;
        struct cell option = *cell;

        if (label_find(scan->labels, &scan->sheet, cell->first, cell->end, LABEL_PREFIX, &match) &&
            match.field == field && match.after < cell->end)
                option.first = match.after;
        else if (scan->form->fields[field].type != FIELD_CHOICE)
                return NULL;
        *ret_from = option.first;
        CLEANUP_FREE char *text = text_of(scan, &option);
        return choice_normalise(&scan->form->fields[field], text);
}

/* How many headings from this one on offer the field different values. */
static size_t count_offers(
    const struct scan *scan, const struct grid *grid, size_t start, size_t end, size_t field)
{
        char *values[COLUMNS_MAX];
        size_t count = 0, from;
        bool again = false;

        while (start + count < end && count < COLUMNS_MAX && !again) {
                char *value = offer_of(scan, &grid->cells[start + count], field, &from);

                if (value == NULL)
                        break;
                for (size_t i = 0; i < count; i++)
                        again = again || strcmp(values[i], value) == 0;
                values[count++] = value;
        }
        for (size_t i = 0; i < count; i++)
                free(values[i]);
        return again ? 0 : count;
}

/* The only field that several headings from this one on offer values to; LABEL_NONE: there is none, or more. */
static size_t offered_field(
    const struct scan *scan, const struct grid *grid, size_t start, size_t end, size_t *ret_count)
{
        size_t found = LABEL_NONE;

        for (size_t i = 0; i < scan->form->count; i++) {
                enum field_type type = scan->form->fields[i].type;
                size_t count =
                    type == FIELD_CHOICE || type == FIELD_YESNO ? count_offers(scan, grid, start, end, i) : 0;

                if (count < UNDER_MIN)
                        continue;
                if (found != LABEL_NONE)
                        return LABEL_NONE;
                found = i;
                *ret_count = count;
        }
        return found;
}

static void add_offers(
    const struct scan *scan, struct grid *grid, size_t start, size_t count, size_t field, struct heads *heads)
{
        struct cell *asked = &heads->asked[heads->count];

        *asked = grid->cells[start];
        asked->label = (struct label_match){ .field = field,
                .start = asked->first,
                .after = asked->end,
                .confidence = CROSSED,
                .also = LABEL_NONE };
        for (size_t i = start; i < start + count; i++) {
                struct cell *offered = &heads->offered[heads->count];

                *offered = grid->cells[i];
                free(offer_of(scan, offered, field, &offered->first));
                add(scan, heads, offered->column, asked, offered);
        }
        heads->joined = true;
}

/* "Lp. | Imię i nazwisko | Telefon | zwykła | wegetariańska": options that are crossed below, and no heading over them. */
static bool find_offers(
    const struct scan *scan, struct grid *grid, size_t start, size_t end, struct heads *heads)
{
        size_t labels = 0, others = 0, count = 0;

        *heads = (struct heads){ 0 };
        if (end >= grid->count || end - start > COLUMNS_MAX ||
            grid->cells[end].row > grid->cells[start].row + grid->cells[start].row_span)
                return false;
        for (size_t i = start; i < end; i += count) {
                struct cell *cell = &grid->cells[i];
                size_t field = offered_field(scan, grid, i, end, &count);

                if (field != LABEL_NONE) {
                        add_offers(scan, grid, i, count, field, heads);
                        continue;
                }
                count = 1;
                labels += is_label(scan, cell) && grid_is_surely_label(cell);
                others += !is_label(scan, cell) && i > start;
                if (is_label(scan, cell))
                        add(scan, heads, cell->column, cell, NULL);
        }
        return heads->joined && heads->name && labels >= LABELS_MIN && others <= labels / 2;
}

/* ---- rows */

static bool is_number(const struct scan *scan, const struct cell *cell)
{
        const struct sheet *sheet = &scan->sheet;

        return cell->end > cell->first && cell->end <= cell->first + 2 &&
               strspn(sheet_key(sheet, cell->first), "0123456789") == strlen(sheet_key(sheet, cell->first)) &&
               sheet->tokens[cell->first].kind == TOKEN_WORD;
}

/* "1 | 2 | 3 | 4": the columns' numbers. */
static bool is_numbering(const struct scan *scan, const struct grid *grid, size_t row, size_t end)
{
        for (size_t i = row; i < end; i++)
                if (!is_number(scan, &grid->cells[i]))
                        return false;
        return end > row + UNDER_MIN;
}

/* A row of answers or of nothing: no label and no sentence. */
static bool is_answer_row(const struct scan *scan, const struct grid *grid, size_t row, size_t end)
{
        struct consent_match match;

        for (size_t i = row; i < end; i++) {
                const struct cell *cell = &grid->cells[i];

                if (!grid_is_empty(scan, cell) &&
                    (cell->is_label || consent_find(scan, cell->first, cell->end, &match)))
                        return false;
        }
        return !grid_is_remark_row(scan, grid, row, end);
}

/* Which option is crossed in the row; two crosses, or words beside one, are for a person. */
static void answer_options(
    struct scan *scan, struct grid *grid, const struct heads *heads, size_t first, int row, int person)
{
        const struct cell *label = heads->items[first].label;
        const struct field *field = field_of(scan, label);
        struct choice choice = { .offered = true };
        const struct span span = { label->label.start, label->label.after };
        CLEANUP_FREE char *value = NULL;
        size_t crossed = 0, words = 0, line = label->first_line;

        for (size_t i = first; i < heads->count; i++) {
                struct cell *cell = grid_in_row(grid, row, heads->items[i].column);
                enum cross cross;

                if (heads->items[i].label != label || cell == NULL)
                        continue;
                line = cell->first_line;
                cross = cross_in(scan, cell);
                words += cross == CROSS_WORDS;
                crossed += cross == CROSS_ON;
                if (cross == CROSS_NONE || value != NULL)
                        continue;
                CLEANUP_FREE char *text = text_of(scan, cross == CROSS_ON ? heads->items[i].option : cell);
                value = choice_normalise(field, text);
        }
        choice.value = value;
        answer_add_choice(
            scan, label->label.field, &choice, crossed == 1 && words == 0 ? CROSSED : DOUBTFUL, false, &span);
        scan->answers.items[scan->answers.count - 1].person = person;
        scan->answers.items[scan->answers.count - 1].line = line;
}

static void answer_cell(struct scan *scan, const struct cell *label, const struct cell *value, int person)
{
        struct label_match match = label->label;
        struct span spans[GRID_SPANS_MAX];

        match.elsewhere = true;
        match.place = value->first_line;
        answer_add(
            scan, &match, spans, grid_spans(scan, value, value->first, spans, 0), value->first_line, person);
}

static void answer_row(struct scan *scan, struct grid *grid, const struct heads *heads, int row, int person)
{
        for (size_t i = 0; i < heads->count; i++) {
                const struct head *head = &heads->items[i];
                struct cell *value = grid_in_row(grid, row, head->column);

                if (head->label == NULL || value == NULL)
                        continue;
                if (head->option == NULL)
                        answer_cell(scan, head->label, value, person);
                else if (i == 0 || heads->items[i - 1].label != head->label)
                        answer_options(scan, grid, heads, i, row, person);
        }
}

size_t heads_scan(struct scan *scan, struct grid *grid, size_t start, size_t end)
{
        struct heads heads;
        size_t row = end, next;
        bool any = false;

        if (find_heads(scan, grid, start, end, &heads))
                row = grid_row_end(grid, end);
        else if (!find_offers(scan, grid, start, end, &heads))
                return start;
        for (; row < grid->count; row = next) {
                next = grid_row_end(grid, row);
                if (!is_answer_row(scan, grid, row, next))
                        break;
                any = true;
                if (!is_numbering(scan, grid, row, next))
                        answer_row(scan, grid, &heads, grid->cells[row].row, ++scan->people);
        }
        if (!any)
                return start;
        for (size_t i = start; i < row; i++)
                grid->cells[i].used = true;
        return row;
}
