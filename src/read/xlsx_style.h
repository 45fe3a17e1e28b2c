/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How Excel's cells look (ECMA-376 Part 1, 18.8). */
#pragma once

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

struct xlsx_look {
        unsigned marks; /* bold, underline, strike */
        int font;       /* of draft_font() */
};

struct xlsx_cell_style {
        struct xlsx_look look;
        const char *format; /* a number format, borrowed from the tree */
        bool bordered;
        bool checkbox; /* its truth value is shown as a box */
};

struct xlsx_styles {
        struct xlsx_cell_style *cells; /* by the cell's number */
        size_t count;
};

/* root: of xl/styles.xml, which must outlive the styles; may be NULL. */
void xlsx_styles_read(xmlNodePtr root, struct xlsx_styles *ret_styles);
void xlsx_styles_free(struct xlsx_styles *styles);
/* A font's or run's properties. */
struct xlsx_look xlsx_look_of(xmlNodePtr properties);
