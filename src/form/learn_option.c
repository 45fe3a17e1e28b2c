/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a blank form offers to choose from. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/fold.h"
#include "core/sheet.h"
#include "form/learn.h"

enum { OPTION_WORDS = LEARN_OPTION_WORDS, OPTIONS_MAX = 20 };

/* ---- looking at tokens */

size_t learn_count_words(const struct sheet *sheet, size_t first, size_t end)
{
        size_t count = 0;

        for (size_t i = first; i < end; i++)
                count += sheet->tokens[i].kind == TOKEN_WORD;
        return count;
}

static bool is_key(const struct sheet *sheet, size_t token, const char *a, const char *b)
{
        const char *key = sheet_key(sheet, token);

        return strcmp(key, a) == 0 || strcmp(key, b) == 0;
}

bool learn_is_yes_no(const struct sheet *sheet, size_t token, size_t end)
{
        size_t next = token + 1;

        if (!is_key(sheet, token, "tak", "yes"))
                return false;
        while (next < end && sheet->tokens[next].kind != TOKEN_WORD)
                next++;
        return next < end && next <= token + 4 && is_key(sheet, next, "nie", "no");
}

static bool has_yes_no(const struct sheet *sheet, size_t first, size_t end)
{
        for (size_t i = first; i < end; i++)
                if (learn_is_yes_no(sheet, i, end))
                        return true;
        return false;
}

static bool has_box(const struct sheet *sheet, size_t first, size_t end)
{
        for (size_t i = first; i < end; i++)
                if (sheet->tokens[i].kind == TOKEN_BOX)
                        return true;
        return false;
}

bool learn_has_leader(const struct sheet *sheet, size_t first, size_t end)
{
        for (size_t i = first; i < end; i++)
                if (sheet->tokens[i].kind == TOKEN_LEADER)
                        return true;
        return false;
}

/* The text between, without signs at its ends. */
char *learn_text(const struct sheet *sheet, size_t first, size_t end)
{
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);
        CLEANUP_FREE char *all = NULL;
        char *text;
        size_t size, skip;

        sheet_text(sheet, first, end, &out);
        all = fold_spaces(buf_text(&out));
        buf_free(&out);
        for (char *c = all; *c != '\0'; c++)
                if (*c == '\n')
                        *c = ' ';
        skip = strspn(all, " /,;*:-\u2013");
        text = xstrdup(all + skip);
        size = strlen(text);
        while (size > 0 && strchr(" /,;*:?", text[size - 1]) != NULL)
                text[--size] = '\0';
        return text;
}

/* ---- options */

void learn_take_option(const struct sheet *sheet, size_t first, size_t end, struct learn_place *place)
{
        CLEANUP_FREE char *text = learn_text(sheet, first, end);
        size_t words = learn_count_words(sheet, first, end);

        if (words > 0 && words <= OPTION_WORDS && place->options.count < OPTIONS_MAX &&
            !str_list_has(&place->options, text))
                str_list_add(&place->options, text);
}

/* Words beside boxes: behind each where a box comes first, else before. */
static void take_boxes(const struct sheet *sheet, size_t first, size_t end, struct learn_place *place)
{
        size_t from = first;
        bool behind;

        while (from < end && sheet->tokens[from].kind != TOKEN_BOX && sheet->tokens[from].kind != TOKEN_WORD)
                from++;
        behind = from < end && sheet->tokens[from].kind == TOKEN_BOX;
        from += behind;
        for (size_t i = from; i <= end; i++) {
                if (i < end && sheet->tokens[i].kind != TOKEN_BOX)
                        continue;
                if (i < end || behind)
                        learn_take_option(sheet, from, i, place);
                from = i + 1;
        }
}

static void take_slashes(const struct sheet *sheet, size_t first, size_t end, struct learn_place *place)
{
        size_t from = first;

        for (size_t i = first; i <= end; i++)
                if (i == end || sheet_is_sign(sheet, i, "/")) {
                        learn_take_option(sheet, from, i, place);
                        from = i + 1;
                }
}

void learn_settle_options(struct learn_place *place)
{
        size_t plain = 0;

        for (size_t i = 0; i < place->options.count; i++) {
                CLEANUP_FREE char *key = fold_key(place->options.items[i]);
                plain += strcmp(key, "tak") == 0 || strcmp(key, "nie") == 0 || strcmp(key, "yes") == 0 ||
                         strcmp(key, "no") == 0;
        }
        place->yes_no = plain > 0 && plain == place->options.count;
}

/* What may be chosen between the tokens. */
void learn_take_options(const struct sheet *sheet, size_t first, size_t end, struct learn_place *place)
{
        if (has_box(sheet, first, end))
                take_boxes(sheet, first, end, place);
        else
                take_slashes(sheet, first, end, place);
        if (place->options.count < 2)
                str_list_free(&place->options);
        learn_settle_options(place);
}

bool learn_offers(const struct sheet *sheet, size_t first, size_t end)
{
        struct learn_place place = { 0 };
        bool found = has_box(sheet, first, end) || has_yes_no(sheet, first, end);

        if (!found && learn_count_words(sheet, first, end) <= 2 * OPTION_WORDS) {
                take_slashes(sheet, first, end, &place);
                found = place.options.count > 2;
        }
        str_list_free(&place.options);
        return found;
}
