/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/glue.h"

#include <stddef.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

enum { LETTERS_BEFORE = 3, LETTERS_AFTER = 2, WORD_MAX_BYTES = 400 };

/* How many lower-case letters stand right behind the offset. */
static int lower_after(const char *text, size_t size, size_t at)
{
        int count = 0;
        UChar32 c;

        while (at < size) {
                U8_NEXT_OR_FFFD(text, at, size, c);
                if (!u_islower(c))
                        break;
                count++;
        }
        return count;
}

/* "wnioskowego.Interesuje", "ŹródlaneMiędzyrzecz" */
static bool capital_inside(const char *word, size_t size)
{
        int lower = 0;
        bool dot = false;

        for (size_t at = 0; at < size;) {
                UChar32 c;

                U8_NEXT_OR_FFFD(word, at, size, c);
                if (u_isupper(c) && lower >= LETTERS_BEFORE && lower_after(word, size, at) >= LETTERS_AFTER)
                        return true;
                if (u_islower(c)) {
                        lower = dot ? 1 : lower + 1;
                        dot = false;
                } else if (c == '.' || c == '!' || c == '?' || c == ')') {
                        dot = true;
                } else {
                        lower = 0;
                        dot = false;
                }
        }
        return false;
}

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

/* "366-300 Międzyrzecz", "5a66-300 …": a postal code with something before it. */
static bool code_inside(const char *word, size_t size)
{
        const char *hyphen = memchr(word, '-', size);
        size_t before = hyphen ? (size_t)(hyphen - word) : 0;

        if (before < 3 || size - before < 4 || memchr(hyphen + 1, '-', size - before - 1))
                return false;
        for (size_t i = 1; i <= 3; i++)
                if (!is_digit(hyphen[i]))
                        return false;
        return size - before == 4 && is_digit(hyphen[-1]) && is_digit(hyphen[-2]);
}

/* A town's name. */
static bool begins_with_capital(const char *text)
{
        size_t at = 0;
        UChar32 c;

        U8_NEXT_OR_FFFD(text, at, strlen(text), c);
        return u_isupper(c);
}

bool glue_is_likely(const char *text)
{
        while (*text) {
                size_t size = strcspn(text, " \n");

                if (size && size < WORD_MAX_BYTES && !memchr(text, '@', size) && !memchr(text, '/', size) &&
                    strncmp(text, "www.", 4) != 0 &&
                    (capital_inside(text, size) || (code_inside(text, size) && text[size] == ' ' &&
                                                       begins_with_capital(text + size + 1))))
                        return true;
                text += size;
                text += strspn(text, " \n");
        }
        return false;
}
