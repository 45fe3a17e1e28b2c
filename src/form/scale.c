/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/scale.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/form.h"
#include "form/answer.h"
#include "form/cross.h"
#include "form/grid.h"

enum { OPTIONS_MIN = 2 };

#define CROSSED 0.97
#define DOUBTFUL 0.4

/* The option that the cell's words say, borrowed from the field; NULL: none. */
static const char *option_of(const struct scan *scan, const struct cell *cell, size_t field)
{
        const struct field *configured = &scan->form->fields[field];
        struct buf out = BUF_INIT(8 * LIMIT_FIELD_VALUE);
        char *value = NULL;
        const char *found = NULL;

        sheet_text(&scan->sheet, cell->first, cell->end, &out);
        if (out.size > 0)
                value = choice_normalise(configured, buf_text(&out));
        for (size_t i = 0; value != NULL && i < configured->option_count; i++)
                if (strcmp(configured->options[i].value, value) == 0)
                        found = configured->options[i].value;
        free(value);
        buf_free(&out);
        return found;
}

/* Whether each column of the label's row is headed by an option in the row that begins at cell "start". */
static bool is_head(
    const struct scan *scan, struct grid *grid, size_t start, const struct cell *label, size_t end)
{
        size_t options = 0, field = label->label.field;

        for (size_t i = start; i < grid_row_end(grid, start); i++) {
                const struct cell *cell = &grid->cells[i];
                bool option;

                if (cell->has_label && cell->label.field == field)
                        return false;
                if (cell->column <= label->column)
                        continue;
                option = option_of(scan, cell, field) != NULL;
                if (!option && !grid_is_empty(scan, cell))
                        return false;
                options += option;
        }
        for (const struct cell *cell = label + 1; cell < grid->cells + end; cell++)
                if (cell->is_label)
                        return false;
        return options >= OPTIONS_MIN && options <= (size_t)(grid->cells + end - label - 1);
}

/* The first cell of the nearest row above with the options; grid->count: there is none. */
static size_t head_of(const struct scan *scan, struct grid *grid, const struct cell *label, size_t end)
{
        size_t found = grid->count;

        for (size_t start = 0; start < grid->count && grid->cells[start].row < label->row;
             start = grid_row_end(grid, start))
                if (is_head(scan, grid, start, label, end))
                        found = start;
        return found;
}

bool scale_answer(struct scan *scan, struct grid *grid, size_t index)
{
        const struct cell *label = &grid->cells[index];
        const size_t field = label->label.field, end = grid_row_end(grid, index);
        const struct span span = { label->label.start, label->label.after };
        struct choice choice = { .offered = true };
        size_t head, crossed = 0, words = 0;

        if (scan->form->fields[field].type != FIELD_CHOICE || grid_has_rest(scan, label))
                return false;
        head = head_of(scan, grid, label, end);
        if (head == grid->count)
                return false;
        for (size_t i = index + 1; i < end; i++) {
                struct cell *cell = &grid->cells[i], *above;
                enum cross cross = cross_in(scan, cell);
                const char *said = option_of(scan, cell, field), *option;

                above = grid_in_row(grid, grid->cells[head].row, cell->column);
                option = above != NULL ? option_of(scan, above, field) : NULL;
                cell->used = true;
                if (said != NULL) /* "4" in its own column is a cross, too */
                        cross = said == option ? CROSS_ON : CROSS_WORDS;
                if (cross == CROSS_ON && option == NULL)
                        cross = CROSS_WORDS;
                crossed += cross == CROSS_ON;
                words += cross == CROSS_WORDS;
                if (cross == CROSS_ON && choice.value == NULL)
                        choice.value = option;
        }
        answer_add_choice(
            scan, field, &choice, crossed == 1 && words == 0 ? CROSSED : DOUBTFUL, false, &span);
        return true;
}
