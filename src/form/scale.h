/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Choices asked in the rows of a table whose options head its columns: "| | 1 | 2 | 3 |", "Obsługa komputera | | x | |". */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct grid;
struct scan;

/* Reads the row behind the label in the cell; false, and nothing is done, when no options stand above it. */
bool scale_answer(struct scan *scan, struct grid *grid, size_t index);
