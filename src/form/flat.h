/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choices in tables of which a text file kept only the cells, a line each: which cell a cross stood in is lost. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/choice.h"

struct scan;

/* Whether the answer in the spans may have lost its place: a cross in a line of its own where lines "TAK" and "NIE"
 * are left of a table's head, or one of several options in lines after each other. label: the label's line. */
bool flat_is_lost(
    const struct scan *scan, size_t field, const struct span *spans, size_t count, size_t label);
