/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How OpenDocument text looks, by its styles (ODF 1.3 Part 3, 16). Borrows the trees that it was told of. */
#pragma once

#include <libxml/tree.h>
#include <stdbool.h>

struct odf_look {
        unsigned marks; /* of enum document_mark: bold, underline, strike */
        int font;       /* of draft_font() */
        bool hidden;
        bool bordered; /* of a table cell */
};

struct odf_styles;

struct odf_styles *odf_styles_new(void);
void odf_styles_free(struct odf_styles *styles);
/* The styles and fonts of a document's root; root may be NULL. automatic: its automatic styles too (those of
 * styles.xml are only for headers and footers, and their names are used again in content.xml). */
void odf_styles_add(struct odf_styles *styles, xmlNodePtr root, bool automatic);
/* Changes what the style and its ancestors say, and leaves the rest. name may be NULL. family: "text",
 * "paragraph", "table-cell", "table". */
void odf_styles_apply(
    const struct odf_styles *styles, const char *family, const char *name, struct odf_look *look);
/* An element of one of ODF's namespaces: "text:p", "table:table-cell", "drawing:frame". The word is the one in
 * the namespace's URI, whatever prefix the file uses. */
bool odf_is(xmlNodePtr node, const char *name);
