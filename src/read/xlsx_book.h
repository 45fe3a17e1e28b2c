/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A workbook while it is read, and the text of its cells. */
#pragma once

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "read/draft.h"
#include "read/opc.h"
#include "read/xlsx_style.h"

struct archive;

struct xlsx_book {
        struct archive *archive; /* borrowed */
        struct draft draft;
        xmlNodePtr workbook;    /* its root */
        struct opc_links links; /* of the workbook's part */
        xmlNodePtr *strings;    /* the shared strings */
        size_t string_count;
        struct xlsx_styles styles;
        bool from_1904;
};

/* A sheet into the draft, as one table. */
void xlsx_sheet_read(struct xlsx_book *book, const char *part);

/* Writes what the cell shows. boxes: truth values are told, as boxes. */
void xlsx_cell_write(struct xlsx_book *book, xmlNodePtr cell, bool boxes);
bool xlsx_cell_is_empty(xmlNodePtr cell);
const struct xlsx_cell_style *xlsx_cell_style(const struct xlsx_book *book, xmlNodePtr cell);
/* The text of entry number index (from 1) of a range like "$A$1:$A$4" or "Listy!$A$1:$A$4"; sheet is the root
 * of the sheet that names the range. Owned; NULL when there is none. */
char *xlsx_range_entry(struct xlsx_book *book, xmlNodePtr sheet, const char *range, int index);
