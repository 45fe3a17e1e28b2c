/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/word.h"

#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "core/fold.h"

enum { STEM_MIN = 3, STEM_LONG = 5, MISSPELT_MIN = 5, MISSPELT_TWICE = 9 };

static bool is_inflected(const char *a, const char *b, size_t size_a, size_t size_b)
{
        size_t common = 0, tail;

        while (a[common] != '\0' && a[common] == b[common])
                common++;
        tail = size_a > size_b ? size_a - common : size_b - common;
        if (size_a <= STEM_MIN || size_b <= STEM_MIN || common < STEM_MIN)
                return false;
        return tail <= 1 || (tail <= 2 && common >= STEM_LONG);
}

double word_alike(const char *a, const char *b)
{
        size_t size_a, size_b, shorter, allowed;

        if (*a != *b) /* nobody errs in the first letter, and most pairs end here */
                return 0;
        if (strcmp(a, b) == 0)
                return WORD_SAME;
        if (strpbrk(a, "0123456789") != NULL || strpbrk(b, "0123456789") != NULL)
                return 0;
        size_a = strlen(a);
        size_b = strlen(b);
        if (is_inflected(a, b, size_a, size_b))
                return WORD_INFLECTED;
        shorter = size_a < size_b ? size_a : size_b;
        if (shorter < MISSPELT_MIN)
                return 0;
        allowed = shorter >= MISSPELT_TWICE ? 2 : 1;
        return fold_distance(a, b, allowed) <= allowed ? WORD_MISSPELT : 0;
}

bool word_has_stem(const char *word, const char *const *stems)
{
        for (; *stems != NULL; stems++) {
                const char *stem = *stems, *at = word;
                while (*at == *stem && *at != '\0') {
                        at++;
                        stem++;
                }
                if (*stem == '\0' || (*stem == '$' && *at == '\0'))
                        return true;
        }
        return false;
}

bool word_is_capital(const char *text, size_t size)
{
        size_t at = 0;
        UChar32 c;

        if (size == 0)
                return false;
        U8_NEXT_OR_FFFD(text, at, size, c);
        return u_isupper(c);
}
