/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn on a sheet: ruling lines, boxes to tick, strikes through words, dots to write on. All of it is told
 * in pixels, and taken off the sheet so that letters alone are left to be recognised. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct Boxa;
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

/* Whether a box is ticked. */
enum scan_state { SCAN_OFF, SCAN_PERHAPS_OFF, SCAN_PERHAPS_ON, SCAN_ON };

struct scan_shape {
        enum scan_kind kind;
        struct scan_place at;
        enum scan_state state; /* of a box */
        double thickness;      /* of its frame */
};

struct scan_shapes {
        struct scan_shape *items; /* owned */
        size_t count, room;
        struct Pix *table; /* owned; 1 bit: the rules, for finding cells; NULL when there are none */
};

/* Changes the sheet. */
void scan_shapes_take(struct scan_sheet *sheet, struct scan_shapes *ret_shapes);
void scan_shapes_free(struct scan_shapes *shapes);

/* For src/page/scan_*.c: one more (NULL: there are too many); how much of a place is ink; the place of a component;
 * all off a place and around it. */
struct scan_shape *scan_shape_add(struct scan_shapes *shapes, enum scan_kind kind, struct scan_place at);
int scan_shape_ink(struct Pix *ink, struct scan_place at);
struct scan_place scan_shape_place(struct Boxa *boxes, int index);
void scan_shape_take_off(struct scan_sheet *sheet, struct scan_place at, int margin);
