/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/options.h"

#include "core/word.h"
#include "form/answer.h"
#include "form/grid.h"

enum kind { KIND_EMPTY, KIND_MARK, KIND_WORDS };

/* A box, a cross, or an empty place for one. */
static enum kind kind_of(const struct scan *scan, const struct cell *cell)
{
        static const char *const crosses[] = { "x$", "v$", "xx$", NULL };
        enum kind kind = KIND_EMPTY;

        for (size_t i = cell->first; i < cell->end; i++) {
                const struct token *token = &scan->sheet.tokens[i];
                if (token->kind == TOKEN_WORD && !word_has_stem(sheet_key(&scan->sheet, i), crosses))
                        return KIND_WORDS;
                if (token->kind == TOKEN_WORD || token->kind == TOKEN_BOX || token->kind == TOKEN_SIGN)
                        kind = KIND_MARK;
        }
        return kind;
}

/* Whether cells for marks stand before the options (1) or behind them (-1); 0: there are none, or it cannot be told. */
static int side_of_marks(const struct scan *scan, const struct grid *grid, size_t first, size_t end)
{
        bool marks = false, before, behind;

        for (size_t i = first; i < end; i++)
                marks = marks || kind_of(scan, &grid->cells[i]) == KIND_MARK;
        if (!marks || end < first + 2)
                return 0;
        before = kind_of(scan, &grid->cells[first]) != KIND_WORDS;
        behind = kind_of(scan, &grid->cells[end - 1]) != KIND_WORDS;
        return before == behind ? 0 : before ? 1 : -1;
}

size_t options_spans(const struct scan *scan, const struct grid *grid, size_t first, size_t end,
    struct span *ret_spans, size_t max)
{
        int side = side_of_marks(scan, grid, first, end);
        size_t count = 0;

        for (size_t i = first; i < end && count < max; i++) {
                const struct cell *cell = &grid->cells[i];
                const struct cell *other = side == 0 || (side > 0 ? i == first : i + 1 == end) ? NULL
                                           : side > 0                                          ? cell - 1
                                                                                               : cell + 1;

                if (side != 0 && kind_of(scan, cell) != KIND_WORDS)
                        continue;
                if (other != NULL && kind_of(scan, other) == KIND_MARK)
                        ret_spans[count++] = side > 0 ? (struct span){ other->first, cell->end }
                                                      : (struct span){ cell->first, other->end };
                else
                        count = grid_spans(scan, cell, cell->first, ret_spans, count);
        }
        return count;
}

bool options_crossed_below(const struct scan *scan, const struct grid *grid, size_t first, size_t end,
    size_t *ret_option, size_t *ret_row)
{
        size_t found = 0, row = end;

        while (row < grid->count && grid->cells[row].row == grid->cells[first].row)
                row++;
        *ret_row = row;
        for (size_t i = row; i < grid->count && grid->cells[i].row == grid->cells[row].row; i++) {
                enum kind kind = kind_of(scan, &grid->cells[i]);

                if (kind == KIND_WORDS)
                        return false;
                for (size_t k = first; k < end && kind == KIND_MARK; k++)
                        if (grid->cells[k].column == grid->cells[i].column) {
                                *ret_option = k;
                                found++;
                        }
        }
        return found == 1;
}
