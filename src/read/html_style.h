/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What HTML elements and their attributes mean to a reader of forms. */
#pragma once

#include <libxml/tree.h>
#include <stdbool.h>

enum html_element {
        HTML_INLINE,
        HTML_BLOCK,
        HTML_PRE,
        HTML_BREAK,
        HTML_TABLE,
        HTML_ROW,
        HTML_CELL,
        HTML_INPUT,
        HTML_TEXTAREA,
        HTML_SELECT,
        HTML_SKIPPED, /* not shown: head, script, style */
};

enum html_font { HTML_FONT_TEXT, HTML_FONT_WINGDINGS, HTML_FONT_WINGDINGS2 };

struct html_style {
        unsigned marks; /* of enum document_mark */
        enum html_font font;
};

enum html_element html_element_of(const char *name);
/* Changes the inherited style as the element says. True: the element is hidden. */
bool html_style_apply(xmlNodePtr node, struct html_style *style);
/* Whether the element holds a quoted mail or a signature, by the marks that mail programs leave. Some mark
 * only the beginning of the quoted mail: those set *rest. */
bool html_is_quoted(xmlNodePtr node, bool *rest);
