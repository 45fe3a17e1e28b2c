/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A bounded list of byte strings: the pictures of pages that are kept for a person. */
#pragma once

#include <stddef.h>

struct blob {
        char *bytes; /* owned */
        size_t size;
};

struct blobs {
        struct blob *items;
        size_t count;
        size_t size; /* of all */
};

/* Copies; -1, and nothing is added, when there would be more than LIMIT_PICTURES or LIMIT_PICTURES_SIZE. */
int blobs_add(struct blobs *blobs, const void *bytes, size_t size);
void blobs_free(struct blobs *blobs); /* empties */
