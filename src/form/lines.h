/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels and answers in running text: "Label: answer", the answer on the next line or over several, several
 * pairs in a line, dots to write on, captions under them. Also for a table cell that holds a whole form. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct scan;

/* Adds the answers of lines [first, end). */
void lines_scan(struct scan *scan, size_t first, size_t end);
/* How many labels with a colon begin in these lines: two make them worth scanning. */
size_t lines_count_labels(const struct scan *scan, size_t first, size_t end);
