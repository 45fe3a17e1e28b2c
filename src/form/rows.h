/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rows of a table that belong together: a row of labels with a person a row below, labels under their answers,
 * columns for yes and no. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct grid;
struct scan;
struct span;

/* A row of labels [start, end) with answers below. Returns where the rows after it begin; start itself when it is no
 * such row. */
size_t rows_scan_header(struct scan *scan, struct grid *grid, size_t start, size_t end);
/* A row of labels under the cells that were written in. */
bool rows_scan_captions(struct scan *scan, struct grid *grid, size_t start, size_t end);
/* All labels in brackets: they stand under their answers. */
bool rows_is_caption(const struct scan *scan, const struct grid *grid, size_t start, size_t end);
/* Columns headed "TAK" and "NIE", under which the rows after are crossed. */
bool rows_scan_columns(const struct scan *scan, struct grid *grid, size_t start, size_t end);
/* Adds the answer that is crossed in one of them for the field (yesno, consent) whose label is in this cell. False: no
 * such columns, or something else is written there. */
bool rows_answer_column(
    struct scan *scan, struct grid *grid, size_t index, size_t field, const struct span *label);
