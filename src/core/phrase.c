/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/phrase.h"

#include <string.h>

static bool is_end(char c)
{
        return c == ' ' || !c;
}

static bool is_in(const char *folded, const char *phrase)
{
        size_t size = strlen(phrase);

        for (const char *p = folded; (p = strstr(p, phrase)); p++)
                if ((p == folded || p[-1] == ' ') && is_end(p[size]))
                        return true;
        return false;
}

bool phrase_in(const char *folded, const char *const *phrases)
{
        for (; *phrases; phrases++)
                if (is_in(folded, *phrases))
                        return true;
        return false;
}

size_t phrase_start(const char *folded, const char *const *phrases)
{
        size_t longest = 0;

        for (; *phrases; phrases++) {
                size_t size = strlen(*phrases);

                if (size > longest && strncmp(folded, *phrases, size) == 0 && is_end(folded[size]))
                        longest = size;
        }
        return longest;
}
