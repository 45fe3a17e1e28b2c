/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What an OpenDocument may be filled in with: form controls (ODF 1.3 Part 3, 13), LibreOffice's content
 * controls, and the field marks that keep Word's old form fields. */
#pragma once

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

struct odf;
struct odf_ways;

/* The control that a draw:control shows. */
void odf_control(struct odf *o, xmlNodePtr node, const struct odf_ways *ways);
/* Whether a draw:control is placed beside the text, not in it, and is a box without words of its own. */
bool odf_control_floats(xmlNodePtr node);
bool odf_control_is_bare_box(const struct odf *o, xmlNodePtr node);
/* A content control's ways for its text; false when it is a check box, which has been written. */
bool odf_content_control(
    struct odf *o, xmlNodePtr node, const struct odf_ways *outer, struct odf_ways *ret_ways);
/* field:fieldmark, -start and -end; false for another element. */
bool odf_fieldmark(struct odf *o, xmlNodePtr node, const struct odf_ways *ways);
/* text:drop-down, text:text-input and text:placeholder; false for another element. */
bool odf_input(struct odf *o, xmlNodePtr node, const struct odf_ways *ways);
