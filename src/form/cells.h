/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels and answers in tables: the answer right of the label, below it, in the same cell; two pairs in a
 * row; numbered rows; a row of labels with a person a row below; labels under their answers. */
#pragma once

#include <stddef.h>

struct scan;

/* Adds the answers of the table whose cells are lines [first, end). */
void cells_scan(struct scan *scan, size_t first, size_t end);
