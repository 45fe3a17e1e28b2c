/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of a Word 97-2003 document: its cells come one after another, and only a row's end says where they
 * stood. When the table is over they get their columns of the whole table's grid, and what is merged becomes
 * one cell. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "read/doc_format.h"

struct document;
struct draft_place;

struct doc_table {
        int number, row, column; /* number: of the document's tables */
        struct doc_table_row *rows;
        size_t count, room;
        size_t row_start; /* the row's first block */
};

void doc_table_begin(struct doc_table *ret_table, int number, const struct document *doc);
/* Where the cell that comes now stands, for the moment. */
struct draft_place doc_table_place(const struct doc_table *table);
void doc_table_end_cell(struct doc_table *table);
void doc_table_end_row(struct doc_table *table, const struct doc_row *row, const struct document *doc);
void doc_table_end(struct doc_table *table, struct document *doc); /* frees */
