/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables that answer what is asked in the line above them: options to cross, boxes for a character each, a frame to
 * write in. */
#pragma once

#include <stddef.h>

struct grid;
struct scan;

/* Adds the answer and returns the first cell that is no part of it; 0 when nothing was asked above, or the table is none
 * of these. */
size_t below_scan(struct scan *scan, const struct grid *grid);
