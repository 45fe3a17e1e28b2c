/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables for people: columns aligned by what a terminal shows, two blanks between them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf;

/* Most columns; an elastic one is never narrower than LEAST; below READABLE spare ones make room. */
enum { TABLE_COLUMNS = 16, TABLE_LEAST = 6, TABLE_READABLE = 15 };

struct table {
        const char *titles[TABLE_COLUMNS]; /* borrowed */
        bool right[TABLE_COLUMNS], elastic[TABLE_COLUMNS], spare[TABLE_COLUMNS];
        size_t columns;
        struct str_list cells; /* row by row */
};

void table_column(struct table *table, const char *title);         /* never cut: refs, words, times */
void table_column_elastic(struct table *table, const char *title); /* gives way when the room is short */
void table_column_spare(
    struct table *table, const char *title); /* elastic, and left out where that is short */
void table_column_right(struct table *table, const char *title); /* numbers */
void table_cell(struct table *table, const char *text);          /* the next one; NULL is empty; cleaned */
void table_cell_take(struct table *table, char *text);
void table_number(struct table *table, int64_t number);
/* Appends the table with its header. width 0: nothing is cut; else elastic
 * columns give way, the widest first, and spare ones go, the last first. bold: the header, by an escape
 * sequence. */
void table_write(const struct table *table, size_t width, bool bold, struct buf *out);
void table_free(struct table *table); /* empties; the struct is the caller's */
