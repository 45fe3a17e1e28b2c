/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A choice whose options stand in the rows below its question, marked in cells beside or below them: in a row
 * "pracujący | x | bezrobotny | ", or a row each, with more in it ("1 | 10–11 czerwca | Olsztyn | x"). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct choice;
struct grid;
struct scan;

/* The rows from cell "from" on. False: no such rows; else ret_end is the first cell after them. */
bool menu_read(const struct scan *scan, const struct grid *grid, size_t from, size_t field,
    struct choice *ret_choice, size_t *ret_end);
