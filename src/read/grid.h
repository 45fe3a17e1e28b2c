/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of older formats: cells come one after another, and each row says by itself where its cells stand. When
 * the table is over they get their columns of the whole table's grid, and what is merged becomes one cell. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct document;
struct draft_place;

enum { GRID_CELLS_MAX = 64 };

struct grid_row {
        int cells;
        int edges[GRID_CELLS_MAX + 1]; /* from left to right, in twips */
        bool goes_on[GRID_CELLS_MAX];  /* a vertically merged cell that began further up */
        bool merged[GRID_CELLS_MAX];   /* one with the cell to its left */
};

struct grid {
        int table, row, column; /* table: of the document's tables */
        struct grid_line *lines;
        size_t count, room;
        size_t line_start; /* the row's first block */
};

void grid_begin(struct grid *ret_grid, int table, const struct document *doc);
/* Where the cell that comes now stands, for the moment. */
struct draft_place grid_place(const struct grid *grid);
void grid_end_cell(struct grid *grid);
void grid_end_row(struct grid *grid, const struct grid_row *row, const struct document *doc);
void grid_end(struct grid *grid, struct document *doc); /* frees */
