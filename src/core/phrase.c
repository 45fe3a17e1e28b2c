/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/phrase.h"

#include <string.h>

static bool is_end(char c)
{
        return c == ' ' || !c;
}

static const char *find(const char *folded, const char *phrase)
{
        size_t size = strlen(phrase);

        for (const char *p = folded; (p = strstr(p, phrase)); p++)
                if ((p == folded || p[-1] == ' ') && is_end(p[size]))
                        return p;
        return NULL;
}

bool phrase_in(const char *folded, const char *const *phrases)
{
        for (; *phrases; phrases++)
                if (find(folded, *phrases))
                        return true;
        return false;
}

const char *phrase_find(const char *folded, const char *const *phrases)
{
        const char *first = NULL;

        for (; *phrases; phrases++) {
                const char *found = find(folded, *phrases);

                if (found && (!first || found < first))
                        first = found;
        }
        return first;
}

size_t phrase_count(const char *folded, const char *const *phrases)
{
        size_t count = 0;

        for (; *phrases; phrases++)
                count += find(folded, *phrases) != NULL;
        return count;
}

bool phrase_end(const char *folded, const char *const *phrases)
{
        size_t size = strlen(folded);

        for (; *phrases; phrases++) {
                size_t wanted = strlen(*phrases);

                if (wanted <= size && strcmp(folded + size - wanted, *phrases) == 0 &&
                    (wanted == size || folded[size - wanted - 1] == ' '))
                        return true;
        }
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
