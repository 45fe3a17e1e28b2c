/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A list of people that goes on in a second table without headings: programs split tables where a row was deleted or a
 * page ended. */
#pragma once

#include <stddef.h>

struct grid;
struct scan;

/* Reads the table's first rows as people of the list right above it. Returns the first cell after them; 0: it is no such
 * table. */
size_t sequel_scan(struct scan *scan, struct grid *grid);
