/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Options in table cells, marked in their own cell, in one beside it, or in the row below. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct grid;
struct scan;
struct span;

/* Where cells [first, end) of a row hold options and marks: a span an option with its mark, at most max. */
size_t options_spans(const struct scan *scan, const struct grid *grid, size_t first, size_t end,
    struct span *ret_spans, size_t max);
/* The option among cells [first, end) that is crossed in the row below, where nothing else stands; ret_row is that
 * row's first cell. False: none, or several. */
bool options_crossed_below(const struct scan *scan, const struct grid *grid, size_t first, size_t end,
    size_t *ret_option, size_t *ret_row);
