/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/name.h"

#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "core/fold.h"

char *name_turned(const char *key, enum name_turn turn)
{
        const char *first = strchr(key, ' '), *last = strrchr(key, ' ');

        if (turn == NAME_AS_WRITTEN)
                return xstrdup(key);
        if (first == NULL || (turn == NAME_LAST_TO_FRONT && first == last))
                return NULL;
        if (turn == NAME_FIRST_TO_END)
                return xasprintf("%s %.*s", first + 1, (int)(first - key), key);
        return xasprintf("%s %.*s", last + 1, (int)(last - key), key);
}

bool name_same(const char *key, const char *other)
{
        for (enum name_turn turn = NAME_AS_WRITTEN; turn < NAME_TURNS; turn++) {
                CLEANUP_FREE char *turned = name_turned(key, turn);
                if (turned != NULL && strcmp(turned, other) == 0)
                        return true;
        }
        return false;
}

bool name_equal(const char *name, const char *other)
{
        CLEANUP_FREE char *key = fold_key(name);
        CLEANUP_FREE char *other_key = fold_key(other);

        return name_same(key, other_key);
}
