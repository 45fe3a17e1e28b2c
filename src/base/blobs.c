/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/blobs.h"

#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"

int blobs_add(struct blobs *blobs, const void *bytes, size_t size)
{
        if (blobs->count >= LIMIT_PICTURES || size > LIMIT_PICTURES_SIZE - blobs->size)
                return -1;
        blobs->items = xreallocarray(blobs->items, blobs->count + 1, sizeof *blobs->items);
        blobs->items[blobs->count++] = (struct blob){ xmemdup(bytes, size), size };
        blobs->size += size;
        return 0;
}

void blobs_free(struct blobs *blobs)
{
        for (size_t i = 0; i < blobs->count; i++)
                free(blobs->items[i].bytes);
        free(blobs->items);
        *blobs = (struct blobs){ 0 };
}
