/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/translation.h"

#include <stdbool.h>
#include <string.h>

#include "core/form.h"
#include "form/answer.h"
#include "form/grid.h"
#include "form/label.h"

enum { WORDS_MAX = 12, TOLD_MIN = 2 };

/* The label alone in the cell's first line, and some words below, beside a cell to answer in. */
static bool find(const struct scan *scan, struct grid *grid, size_t index, struct label_match *ret_match,
    struct span *ret_below)
{
        const struct cell *cell = &grid->cells[index], *right = grid_right_of(grid, index);
        const struct sheet *sheet = &scan->sheet;
        const struct line *line = &sheet->lines[cell->first_line];
        size_t start = label_skip_number(sheet, line->first, line->first + line->count, NULL);

        if (right == NULL || right->is_label || cell->last_line == cell->first_line + 1 ||
            !label_find(scan->labels, sheet, start, line->first + line->count, LABEL_STRONG, ret_match) ||
            ret_match->end != LABEL_END_TEXT || answer_is_choice(scan, ret_match->field))
                return false;
        *ret_below = (struct span){ line->first + line->count, cell->end };
        return ret_below->end > ret_below->first && ret_below->end - ret_below->first <= WORDS_MAX &&
               sheet_has_content(sheet, ret_below->first, ret_below->end);
}

/* Digits or an address: the applicants' words, wherever they stand. */
static bool is_data(const struct sheet *sheet, const struct span *span)
{
        for (size_t i = span->first; i < span->end; i++)
                if (strpbrk(sheet_key(sheet, i), "0123456789") != NULL || sheet_is_sign(sheet, i, "@"))
                        return true;
        return false;
}

/* "Name and surname": another label of the same field. */
static bool is_label(const struct scan *scan, size_t field, const struct span *span)
{
        struct label_match match;

        return label_find(scan->labels, &scan->sheet, span->first, span->end, LABEL_STRONG, &match) &&
               match.field == field && (match.whole || match.end == LABEL_END_COLON);
}

static bool is_bilingual(const struct scan *scan, struct grid *grid)
{
        size_t told = 0;

        for (size_t i = 0; i < grid->count; i++) {
                struct label_match match;
                struct span below;

                if (!find(scan, grid, i, &match, &below))
                        continue;
                if (is_data(&scan->sheet, &below))
                        return false;
                told += is_label(scan, match.field, &below) || !grid_is_empty(scan, grid_right_of(grid, i));
        }
        return told >= TOLD_MIN;
}

void translation_settle(const struct scan *scan, struct grid *grid)
{
        if (!is_bilingual(scan, grid))
                return;
        for (size_t i = 0; i < grid->count; i++) {
                struct cell *cell = &grid->cells[i];
                struct label_match match;
                struct span below;

                if (!find(scan, grid, i, &match, &below))
                        continue;
                cell->label = match;
                cell->label.after = cell->end;
                cell->has_label = true;
                cell->is_label = match.whole;
        }
}
