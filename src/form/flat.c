/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/flat.h"

#include <string.h>

#include "core/form.h"
#include "core/sheet.h"
#include "core/word.h"
#include "core/wordings.h"
#include "form/answer.h"

enum { OPTIONS_REACH = 12 };

/* The only word of a line of text, or NULL. */
static const char *only_word(const struct sheet *sheet, size_t line)
{
        const char *word = NULL;

        if (sheet->lines[line].table >= 0)
                return NULL;
        for (size_t i = sheet->lines[line].first; i < sheet_line_end(sheet, line); i++) {
                if (sheet->tokens[i].kind == TOKEN_BOX ||
                    (sheet->tokens[i].kind == TOKEN_WORD && word != NULL))
                        return NULL;
                if (sheet->tokens[i].kind == TOKEN_WORD)
                        word = sheet_key(sheet, i);
        }
        return word;
}

static bool is_word(const char *word, const char *wanted)
{
        return word != NULL && strcmp(word, wanted) == 0;
}

static bool has_columns(const struct sheet *sheet, size_t until)
{
        const char *last = NULL;

        for (size_t line = 0; line < until; line++) {
                const char *word = only_word(sheet, line);

                if (is_word(last, "tak") && is_word(word, "nie"))
                        return true;
                if (!sheet_line_is_blank(sheet, line))
                        last = word;
        }
        return false;
}

static bool is_lone_cross(const struct sheet *sheet, const struct span *span)
{
        static const char *const crosses[] = { "x$", "v$", "xx$", NULL };
        const char *word =
            span->first < span->end ? only_word(sheet, sheet_line_of(sheet, span->first)) : NULL;

        return word != NULL && word_has_stem(word, crosses);
}

/* The option that begins the line, -1: none. */
static int option_at(const struct wordings *wordings, const struct sheet *sheet, size_t line)
{
        size_t first = sheet->lines[line].first, after;

        return sheet->lines[line].count > 0 && sheet->tokens[first].kind == TOKEN_WORD
                   ? wordings_find(wordings, sheet, first, sheet_line_end(sheet, line), &after)
                   : -1;
}

/* A box or a cross beside an option. */
static bool is_marked(const struct sheet *sheet, const struct span *span)
{
        static const char *const crosses[] = { "x$", "v$", "xx$", NULL };

        for (size_t i = span->first; i < span->end; i++)
                if ((sheet->tokens[i].kind == TOKEN_BOX || word_has_stem(sheet_key(sheet, i), crosses)) &&
                    !is_lone_cross(sheet, span))
                        return true;
        return false;
}

/* Another option than that of the line begins one of the lines after the last that was read. */
static bool options_go_on(const struct scan *scan, size_t field, size_t line, size_t last)
{
        const struct sheet *sheet = &scan->sheet;
        struct wordings wordings = wordings_of(&scan->form->fields[field]);
        int option = option_at(&wordings, sheet, line), other = -1;

        for (size_t i = last + 1; i < sheet->line_count && i <= last + OPTIONS_REACH && option >= 0; i++) {
                if (sheet->lines[i].table >= 0)
                        break;
                other = option_at(&wordings, sheet, i);
                if (other >= 0 && other != option)
                        break;
        }
        wordings_free(&wordings);
        return option >= 0 && other >= 0 && other != option;
}

bool flat_is_lost(const struct scan *scan, size_t field, const struct span *spans, size_t count, size_t label)
{
        const struct sheet *sheet = &scan->sheet;
        size_t line = count > 0 ? sheet_line_of(sheet, spans[0].first) : label;

        if (!answer_is_choice(scan, field) || line == label || sheet->lines[line].table >= 0)
                return false;
        for (size_t i = 0; i < count; i++)
                if (is_marked(sheet, &spans[i]))
                        return false;
        if (scan->form->fields[field].type == FIELD_CHOICE)
                return count > 0 &&
                       options_go_on(scan, field, line, sheet_line_of(sheet, spans[count - 1].first));
        return is_lone_cross(sheet, &spans[0]) && has_columns(sheet, label);
}
