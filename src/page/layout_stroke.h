/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ruled lines of a page, pieced together: dashes and the borders of neighbouring cells become one stroke. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct page;

struct stroke {
        double at, from,
            to;     /* a horizontal one: y, and x from and to; a vertical one: x, and y from and to */
        bool taken; /* it strikes or underlines words, or is part of a table */
};

struct strokes {
        struct stroke *items; /* sorted by at, then from */
        size_t count, room;
};

void strokes_collect(const struct page *page, bool horizontal, struct strokes *ret_strokes);
/* One more; when all are added, they are to be sorted. */
void strokes_add(struct strokes *strokes, double at, double from, double to);
void strokes_sort(struct strokes *strokes);
void strokes_free(struct strokes *strokes);
/* The first stroke whose "at" is not less. */
size_t strokes_from(const struct strokes *strokes, double at);
