/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/scan_address.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

static bool is_plain(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               (c != '\0' && strchr("._-+", c) != NULL);
}

bool scan_address_has_dot(const char *word)
{
        const char *dot = strrchr(word, '.');

        return dot && dot >= word + 4 && dot[1] >= 'a' && dot[1] <= 'z' && dot[2] >= 'a' && dot[2] <= 'z';
}

/* ---- the sign */

/* Its bytes where it is one by itself: a "Q" among small letters is, among capitals it is a letter. */
static size_t sign_at(const char *word, const char *at)
{
        static const char *const signs[] = { "@", "\u00a9", "\u00ae" };

        for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
                if (strncmp(at, signs[i], strlen(signs[i])) == 0)
                        return strlen(signs[i]);
        if (*at == 'Q' && (at == word || at[-1] < 'A' || at[-1] > 'Z' || at[-1] == 'G') &&
            (at[1] < 'A' || at[1] > 'Z' || at[1] == 'G'))
                return 1;
        return 0;
}

const char *scan_address_sign(const char *word, size_t *ret_size)
{
        for (const char *at = word; *at; at++) {
                const char *first = at, *end = at;

                if (sign_at(word, at) == 0)
                        continue;
                for (size_t size; (size = sign_at(word, end)) > 0 || *end == 'G';)
                        end += size > 0 ? size : 1;
                while (first > word && strchr("G(", first[-1]))
                        first--;
                *ret_size = (size_t)(end - first);
                return first;
        }
        return NULL;
}

bool scan_address_has_sign(const char *word, bool end)
{
        size_t size = 0;
        const char *sign = scan_address_sign(word, &size);

        return sign && (end ? !sign[size] : sign == word);
}

/* ---- two readings */

/* What is left of the dots that it was written on. */
static size_t dots_before(const char *text, size_t size)
{
        size_t count = 0;

        while (count < size && strchr(".-_,", text[count]))
                count++;
        return count;
}

static size_t without_dots(const char *text, size_t size)
{
        while (size > 0 && strchr(".-_,", text[size - 1]))
                size--;
        return size;
}

static bool is_all_plain(const char *text, size_t size)
{
        for (size_t i = 0; i < size; i++)
                if (!is_plain(text[i]) || text[i] == 'q')
                        return false;
        return size > 0;
}

static void add(char **to, const char *text, size_t size)
{
        memcpy(*to, text, size);
        *to += size;
}

/* The bytes of a reading's letters: Polish has more bytes than letters. */
static size_t letter_size(const char *text)
{
        size_t size = 1;

        while (((unsigned char)text[size] & 0xc0) == 0x80)
                size++;
        return size;
}

/* One side of the sign. Letter by letter where both have as many. */
static void add_side(char **to, const char *polish, size_t size, const char *english, size_t english_size)
{
        if (!english || is_all_plain(polish, size) || english_size == 0) {
                add(to, polish, size);
        } else if (str_characters(polish, size) == english_size) {
                for (size_t i = 0; i < english_size; i++) {
                        bool good = is_plain(*polish) && *polish != 'q';

                        *(*to)++ = good ? *polish : english[i];
                        polish += letter_size(polish);
                }
        } else {
                add(to, english, english_size);
        }
}

static char *merged(const char *polish, const char *sign, size_t sign_size, const char *english)
{
        const char *right = sign + sign_size, *at = english ? strchr(english, '@') : NULL;
        size_t before = dots_before(polish, (size_t)(sign - polish));
        size_t right_size = without_dots(right, strlen(right));
        char *ret = xcalloc(strlen(polish) + (english ? strlen(english) : 0) + 2, 1), *to = ret;
        size_t skip = english ? dots_before(english, (size_t)(at - english)) : 0;

        add_side(&to, polish + before, (size_t)(sign - polish) - before, english ? english + skip : NULL,
            english ? (size_t)(at - english) - skip : 0);
        *to++ = '@';
        add_side(&to, right, right_size, at ? at + 1 : NULL, at ? without_dots(at + 1, strlen(at + 1)) : 0);
        return ret;
}

/* Or one side of one. */
static bool is_address(const char *text)
{
        const char *at = text ? strchr(text, '@') : NULL;

        return at && strlen(text) > 4 && !strchr(at + 1, '@');
}

char *scan_address_of(const char *polish, const char *english)
{
        size_t size = 0;
        const char *sign = scan_address_sign(polish, &size);

        if (english && !is_address(english))
                return NULL;
        if (!sign)
                return english ? xstrdup(english) : NULL;
        if (!english && (*sign == 'Q' || *sign == 'G' || !scan_address_has_dot(sign + size)))
                return NULL;
        return merged(polish, sign, size, english);
}
