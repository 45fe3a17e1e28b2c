/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Configured labels that stand in a document to the letter, with whatever signs are in them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct label_match;
struct labels;
struct sheet;

/* The longest that begins at token start, or at the number before it in its line, and after which a sign, a gap or the
 * end comes. */
bool label_exact(const struct labels *labels, const struct sheet *sheet, size_t start, size_t end,
    struct label_match *ret_match);
