/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a sheet to be recognised by themselves: the cells of its tables, and strips of what is around them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "page/scan_shape.h"

struct Pix;

struct scan_regions {
        struct scan_place *items; /* owned */
        size_t count, room;
        size_t cells; /* the first ones are cells */
        struct Pix *
            rest; /* owned; 8 bits: the sheet without its cells, where the strips are; NULL: the sheet itself */
};

void scan_regions_find(
    const struct scan_sheet *sheet, const struct scan_shapes *shapes, struct scan_regions *ret_regions);
void scan_regions_free(struct scan_regions *regions);
