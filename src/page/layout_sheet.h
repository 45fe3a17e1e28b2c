/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page taken apart: its tables, what stands in their cells, and the lines outside. Pure. */
#pragma once

#include <stddef.h>

#include "page/layout_line.h"
#include "page/layout_table.h"

struct page;

struct sheet_cell {
        size_t table;
        int cell;
        struct lines_of_pieces lines;
};

struct sheet {
        const struct page *page; /* borrowed; its texts are used */
        struct tables tables;    /* those of one cell are frames: what stands in them is not in a table */
        struct lines_of_pieces lines;
        struct sheet_cell *cells; /* those with something in them, sorted by table and cell */
        size_t cell_count;
        double right; /* where the longest line outside of tables ends */
};

void sheet_make(const struct page *page, struct sheet *ret_sheet);
void sheet_release(struct sheet *sheet);
/* What stands in the cell, or NULL. */
const struct sheet_cell *sheet_cell(const struct sheet *sheet, size_t table, int cell);
