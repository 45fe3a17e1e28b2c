/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables from ruled lines: what crosses is one table, its lines make a grid, and where a line is missing the cells
 * are one. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "page/page.h"

struct strokes;

struct table_cell {
        int row, column, row_span, column_span;
};

struct table {
        struct page_rect at;
        double *xs, *ys; /* of the lines: columns + 1 and rows + 1 */
        int columns, rows;
        int *cell_at; /* rows * columns: index of the cell there */
        struct table_cell *cells;
        size_t cell_count;
};

struct tables {
        struct table *items; /* a smaller one inside another comes before it */
        size_t count, room;
};

enum { TABLES_MAX = 500 };

/* Marks the strokes that it uses as taken, and leaves out those that are. */
void tables_find(struct strokes *horizontal, struct strokes *vertical, struct tables *ret_tables);
void tables_free(struct tables *tables);
/* One more column at its left side, from x on, with a cell for each row. The cells are in no order then. */
void table_add_column(struct table *table, double x);
/* The cell of the table where a point lies; -1: outside. */
int table_cell_at(const struct table *table, double x, double y);
struct page_rect table_cell_rect(const struct table *table, int cell);
