/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What organisers write into tables, which is nobody's answer: a column headed "Przykład", rows that begin with "Wzór",
 * cells that begin with "np.", prices. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct cell;
struct grid;
struct scan;

/* Takes them out of the grid, whose labels are found. */
void example_take_out(const struct scan *scan, struct grid *grid);
/* The cell that answers the label of cell "index": right of it, or the next one where the blank form prints something
 * beside the label. NULL: none. */
struct cell *example_past(const struct scan *scan, struct grid *grid, size_t index);
/* Whether the headings of a table with a column of examples stand in lines [first, last) above the labels, a line each. */
bool example_is_headed(const struct scan *scan, size_t first, size_t last);
