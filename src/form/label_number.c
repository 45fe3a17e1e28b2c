/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "core/sheet.h"
#include "core/word.h"
#include "form/label.h"

enum { NUMBER_MAX = 4, PART_MAX = 2 };

static bool is_digits(const char *key)
{
        return *key != '\0' && strspn(key, "0123456789") == strlen(key);
}

/* "1", "a", "iv", "7a", "A1" */
static bool is_number(const char *key)
{
        size_t size = strlen(key), digits = strspn(key, "0123456789");

        return size > 0 && size <= NUMBER_MAX &&
               (size == 1 || digits == size || strspn(key, "ivx") == size || digits + 1 == size ||
                   (*key >= 'a' && *key <= 'z' && is_digits(key + 1)));
}

static bool is_lettered(const char *key)
{
        return *key >= 'a' && *key <= 'z' && is_digits(key + 1) && strlen(key) <= 1 + PART_MAX;
}

/* "pkt 1.", "Pytanie 1.", "poz. 1": past it; the token itself when it is none. */
static size_t past_counted(const struct sheet *sheet, size_t at, size_t end)
{
        static const char *const counted[] = { "pkt$", "punkt$", "pytanie$", "poz$", "pozycja$", "ad$",
                "question$", NULL };
        size_t next = at + 1;

        if (!word_has_stem(sheet_key(sheet, at), counted))
                return at;
        if (next < end && sheet_is_sign(sheet, next, "."))
                next++;
        if (next >= end || !is_digits(sheet_key(sheet, next)) || strlen(sheet_key(sheet, next)) > PART_MAX)
                return at;
        return next + 1;
}

/* Past the number that begins here; the token itself when none does. */
static size_t past_number(const struct sheet *sheet, size_t at, size_t end)
{
        size_t next = past_counted(sheet, at, end);

        if (next > at)
                return next;
        if (at + 2 < end && sheet_is_sign(sheet, at, "(") && is_number(sheet_key(sheet, at + 1)) &&
            sheet_is_sign(sheet, at + 2, ")"))
                return at + 3;
        if (!is_number(sheet_key(sheet, at)) || at + 1 >= end)
                return at;
        if (sheet->tokens[at + 1].gap > 0) /* "A1 " */
                return at + (is_lettered(sheet_key(sheet, at)) && sheet->tokens[at + 1].kind == TOKEN_WORD);
        if (sheet_is_sign(sheet, at + 1, "/"))
                return at + 2 < end && sheet->tokens[at + 2].gap > 0 ? at + 2 : at;
        if (!sheet_is_sign(sheet, at + 1, ".)"))
                return at;
        at += 2;
        while (at < end && sheet->tokens[at].gap == 0 && is_digits(sheet_key(sheet, at)) &&
               strlen(sheet_key(sheet, at)) <= PART_MAX && at + 1 < end &&
               (sheet->tokens[at + 1].gap > 0 || sheet_is_sign(sheet, at + 1, ".")))
                at += 1 + sheet_is_sign(sheet, at + 1, "."); /* "1.1 " */
        return at;
}

size_t label_skip_number(const struct sheet *sheet, size_t start, size_t end, bool *ret_numbered)
{
        bool numbered = false;
        size_t at = start;

        while (at < end) {
                size_t next = past_number(sheet, at, end);

                if (next > at) {
                        numbered = true;
                        at = next;
                } else if ((sheet->tokens[at].kind == TOKEN_SIGN && !sheet_is_sign(sheet, at, "(\"'")) ||
                           sheet->tokens[at].kind == TOKEN_TAB) {
                        at++;
                } else {
                        break;
                }
        }
        if (ret_numbered != NULL)
                *ret_numbered = numbered;
        return at;
}
