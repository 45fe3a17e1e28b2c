/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The form controls that float over an Excel sheet: check boxes, option buttons, drop-down lists
 * ([MS-OI29500] 2.1.1743, the sheet's legacy VML drawing, and its controls of 2010). */
#pragma once

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

struct archive;
struct opc_links;

struct xlsx_control {
        enum { XLSX_BOX, XLSX_LIST, XLSX_WORDS } kind;
        int row, column; /* the cell it stands in, from 0 */
        int left;        /* within the cell, for the order of several */
        long shape;      /* its number, by which the two notations know each other */
        bool on;         /* of a box */
        int chosen;      /* of a list, from 1; 0 none */
        char *words;     /* its caption; owned, "" for none */
        char *range;     /* where a list takes its entries, "$A$1:$A$4", or NULL; owned */
        char *link;      /* the cell that keeps its state, or NULL; owned */
};

struct xlsx_controls {
        struct xlsx_control *items;
        size_t count;
        bool unknown; /* there are controls of other kinds, whose state cannot be read */
};

/* sheet: the root of the sheet's part, whose relationships links are. In the order of rows, columns, left. */
void xlsx_controls_read(struct archive *archive, const struct opc_links *links, xmlNodePtr sheet,
    struct xlsx_controls *ret_controls);
void xlsx_controls_free(struct xlsx_controls *controls);
/* "B7", "$B$7", "'Arkusz 1'!$B$7": row and column from 0, and the number of bytes read; 0 for anything else.
 */
size_t xlsx_cell_name(const char *text, int *ret_row, int *ret_column);
