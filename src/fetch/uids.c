/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/uids.h"

#include <stdlib.h>

#include "base/mem.h"

void uids_add(struct uids *uids, uint32_t uid)
{
        if (!uid)
                return;
        if (uids->count == uids->room) {
                uids->room = uids->room ? 2 * uids->room : 64;
                uids->items = xreallocarray(uids->items, uids->room, sizeof *uids->items);
        }
        uids->items[uids->count++] = uid;
}

static int compare(const void *a, const void *b)
{
        uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

        return (x > y) - (x < y);
}

void uids_sort(struct uids *uids)
{
        size_t kept = 0;

        if (uids->count < 2)
                return;
        qsort(uids->items, uids->count, sizeof *uids->items, compare);
        for (size_t i = 1; i < uids->count; i++)
                if (uids->items[i] != uids->items[kept])
                        uids->items[++kept] = uids->items[i];
        uids->count = kept + 1;
}

bool uids_has(const struct uids *uids, uint32_t uid)
{
        return uids->count && bsearch(&uid, uids->items, uids->count, sizeof uid, compare);
}

size_t uids_run(const struct uids *uids, size_t from, uint32_t *ret_first, uint32_t *ret_last)
{
        size_t i = from + 1;

        while (i < uids->count && uids->items[i] == uids->items[i - 1] + 1)
                i++;
        *ret_first = uids->items[from];
        *ret_last = uids->items[i - 1];
        return i;
}

void uids_free(struct uids *uids)
{
        free(uids->items);
        *uids = (struct uids){ 0 };
}
