/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/cross.h"

#include <stddef.h>

#include "core/document.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/grid.h"

enum cross cross_in(const struct scan *scan, const struct cell *cell)
{
        static const char *const crosses[] = { "x$", "v$", "xx$", "tak$", "yes$", "1$", NULL };
        static const char *const none[] = { "nie$", "no$", "0$", NULL };
        enum cross cross = CROSS_NONE;

        for (size_t i = cell->first; i < cell->end; i++) {
                const struct token *token = &scan->sheet.tokens[i];

                if (token->marks & (RUN_DOUBTFUL | RUN_STRIKE))
                        return CROSS_WORDS;
                if (token->kind == TOKEN_BOX    ? token->on
                    : token->kind == TOKEN_WORD ? word_has_stem(sheet_key(&scan->sheet, i), crosses)
                                                : sheet_is_sign(&scan->sheet, i, "+*") ||
                                                      (token->kind == TOKEN_SIGN && token->size > 2))
                        cross = CROSS_ON;
                else if (token->kind == TOKEN_WORD && !word_has_stem(sheet_key(&scan->sheet, i), none))
                        return CROSS_WORDS;
        }
        return cross;
}
