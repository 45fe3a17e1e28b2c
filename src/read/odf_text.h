/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Paragraphs, lists, frames and what is in them, of an OpenDocument body. */
#pragma once

#include <libxml/hash.h>
#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

#include "read/draft.h"
#include "read/odf_style.h"

enum { ODF_FIELDS_MAX = 16, ODF_SHAPES_MAX = 256 };

/* A field mark (Word's old form field) that has begun. */
struct odf_field {
        bool text;
        const char *name;
};

/* One reading. Everything is borrowed from the trees but the tables. */
struct odf {
        struct draft draft;
        struct odf_styles *styles;
        xmlHashTablePtr controls; /* id -> form:* */
        xmlHashTablePtr changes;  /* id -> text:changed-region's kind */
        struct odf_field fields[ODF_FIELDS_MAX];
        size_t field_count, field_over;    /* over: nested deeper than is kept */
        size_t inserted;                   /* tracked insertions that are open */
        xmlNodePtr shapes[ODF_SHAPES_MAX]; /* text boxes of the paragraph, read behind it */
        size_t shape_count;
        int breaks; /* line breaks since the paragraph began, and nothing else */
        bool space; /* a blank more would be folded away (ODF 1.3 Part 3, 6.1.2) */
};

/* What a node hands down. */
struct odf_ways {
        struct odf_look look;
        unsigned marks;   /* besides those of the look */
        const char *name; /* of the control around */
        bool in_cell, in_item;
};

void odf_blocks(struct odf *o, xmlNodePtr parent, const struct odf_ways *ways);
void odf_block(struct odf *o, xmlNodePtr node, const struct odf_ways *ways);
/* A blank, then text that is no part of a paragraph (a control's caption). */
void odf_put(struct odf *o, const char *text, const struct odf_ways *ways);
