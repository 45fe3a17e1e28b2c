/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn on a sheet: ruling lines, boxes to tick, strikes through words, dots to write on. All of it is told
 * in pixels, and taken off the sheet so that letters alone are left to be recognised. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct Pix;
struct scan_sheet;

struct scan_place {
        int x, y, w, h;
};

enum scan_kind {
        SCAN_RULE,   /* of a table, or to write on, or under a word */
        SCAN_STRIKE, /* through a word */
        SCAN_BOX,
        SCAN_DOTS, /* a row of dots to write on */
};

struct scan_shape {
        enum scan_kind kind;
        struct scan_place at;
        double fill; /* boxes: how much of the inside is ink, 0 to 1 */
};

struct scan_shapes {
        struct scan_shape *items; /* owned */
        size_t count, room;
        struct Pix *table; /* owned; 1 bit: the rules, for finding cells; NULL when there are none */
};

enum scan_state { SCAN_OFF, SCAN_ON, SCAN_UNSURE };

/* Changes the sheet. */
void scan_shapes_take(struct scan_sheet *sheet, struct scan_shapes *ret_shapes);
void scan_shapes_free(struct scan_shapes *shapes);
/* Whether a box is ticked. */
enum scan_state scan_shape_state(const struct scan_shape *box);
