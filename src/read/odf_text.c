/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recursion follows the tree, whose depth libxml2 bounds (256 elements without the "huge" option). */
#include "read/odf_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/odf_control.h"
#include "read/odf_table.h"
#include "read/xml.h"

enum { SPACES_MAX = 200 };

static void inlines(struct odf *o, xmlNodePtr parent, const struct odf_ways *ways);

static bool is_any(xmlNodePtr node, const char *const *names)
{
        for (; *names; names++)
                if (odf_is(node, *names))
                        return true;
        return false;
}

/* ---- text */

static unsigned marks_of(const struct odf *o, const struct odf_ways *ways)
{
        return ways->marks | ways->look.marks | (o->inserted ? RUN_INSERTED : 0u);
}

static void put(struct odf *o, const char *text, const struct odf_ways *ways)
{
        const struct odf_field *field = o->field_count ? &o->fields[o->field_count - 1] : NULL;
        bool filled = field && field->text;

        if (!str_is_empty(text))
                o->breaks = -1;
        if (!ways->look.hidden)
                draft_symbols(&o->draft, text, ways->look.font, marks_of(o, ways) | (filled ? RUN_FIELD : 0u),
                    filled ? field->name : ways->name);
}

void odf_put(struct odf *o, const char *text, const struct odf_ways *ways)
{
        if (str_is_empty(text))
                return;
        put(o, " ", ways);
        put(o, text, ways);
        put(o, " ", ways);
        o->space = true;
}

/* White space of the file counts as one blank, at the beginning of a paragraph as none. */
static void text_node(struct odf *o, const char *text, const struct odf_ways *ways)
{
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);

        for (; *text; text++) {
                bool space = strchr(" \t\r\n", *text) != NULL;

                if (!space || !o->space)
                        buf_putc(&out, space ? ' ' : *text);
                o->space = space;
        }
        put(o, buf_text(&out), ways);
        buf_free(&out);
}

static void spaces(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        for (int count = xml_number(node, "c", 0, SPACES_MAX, 1); count > 0; count--)
                put(o, " ", ways);
        o->space = false;
}

/* ---- tracked changes (5.5) */

/* The text that was deleted here: the paragraphs of its region. */
static void deleted(struct odf *o, xmlNodePtr node, const struct odf_ways *outer)
{
        const char *id = xml_value(node, "change-id");
        xmlNodePtr kind = id ? xmlHashLookup(o->changes, (const xmlChar *)id) : NULL;
        struct odf_ways ways = *outer;
        size_t inserted = o->inserted;
        bool space = o->space;

        if (!kind || !odf_is(kind, "text:deletion") || (outer->marks & RUN_DELETED))
                return;
        ways.marks |= RUN_DELETED;
        o->inserted = 0;
        for (xmlNodePtr child = kind->children; child; child = child->next)
                if (odf_is(child, "text:p") || odf_is(child, "text:h"))
                        inlines(o, child, &ways);
        o->inserted = inserted;
        o->space = space;
}

static bool change(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        bool start = odf_is(node, "text:change-start");
        const char *id = xml_value(node, "change-id");
        xmlNodePtr kind;

        if (odf_is(node, "text:change")) {
                deleted(o, node, ways);
                return true;
        }
        if (!start && !odf_is(node, "text:change-end"))
                return false;
        kind = id ? xmlHashLookup(o->changes, (const xmlChar *)id) : NULL;
        if (!kind || !odf_is(kind, "text:insertion"))
                return true;
        if (start)
                o->inserted++;
        else
                o->inserted -= o->inserted > 0;
        return true;
}

/* ---- what is drawn */

static bool is_drawn(xmlNodePtr node)
{
        return node->type == XML_ELEMENT_NODE && node->ns && node->ns->href &&
               strstr((const char *)node->ns->href, "xmlns:drawing:");
}

/* Frames and shapes with text; they stand beside the paragraph, so they are read behind it. */
static void collect_shapes(struct odf *o, xmlNodePtr node)
{
        static const char *const groups[] = { "drawing:g", "drawing:a", "drawing:frame", NULL };
        static const char *const others[] = { "drawing:object", "drawing:image", "drawing:control", NULL };

        if (is_any(node, groups)) {
                for (xmlNodePtr child = node->children; child; child = child->next)
                        if (is_drawn(child))
                                collect_shapes(o, child);
        } else if (!is_any(node, others) && o->shape_count < ODF_SHAPES_MAX) {
                o->shapes[o->shape_count++] = node;
        }
}

static void read_shapes(struct odf *o, size_t from, const struct odf_ways *outer)
{
        struct odf_ways ways = { .in_cell = outer->in_cell };
        size_t count = o->shape_count;

        for (size_t i = from; i < count; i++)
                odf_blocks(o, o->shapes[i], &ways);
        o->shape_count = from;
}

/* Controls that float beside a paragraph: a single box stands before it, texts and what has words of its own
 * behind. Several bare boxes could stand anywhere in it. */
static size_t bare_boxes(const struct odf *o, xmlNodePtr parent)
{
        size_t count = 0;

        for (xmlNodePtr node = parent->children; node; node = node->next)
                count += odf_is(node, "drawing:control") && odf_control_floats(node) &&
                         odf_control_is_bare_box(o, node);
        return count;
}

static void floating(struct odf *o, xmlNodePtr parent, bool bare, const struct odf_ways *ways)
{
        for (xmlNodePtr node = parent->children; node; node = node->next) {
                if (!odf_is(node, "drawing:control") || !odf_control_floats(node) ||
                    odf_control_is_bare_box(o, node) != bare)
                        continue;
                if (!bare)
                        put(o, " ", ways);
                odf_control(o, node, ways);
                if (bare)
                        put(o, " ", ways);
        }
}

/* ---- inside a paragraph */

static bool special(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        if (odf_is(node, "text:s"))
                spaces(o, node, ways);
        else if (odf_is(node, "text:tab") && !ways->look.hidden)
                draft_tab(&o->draft, marks_of(o, ways));
        else if (odf_is(node, "text:line-break")) {
                put(o, "\n", ways);
                o->breaks += o->breaks >= 0;
        } else
                return false;
        if (!odf_is(node, "text:s"))
                o->space = true;
        return true;
}

/* An element that changes what is in it, or only holds it. */
static void inner(struct odf *o, xmlNodePtr node, const struct odf_ways *outer)
{
        static const char *const silent[] = { "text:note", "office:annotation", "office:annotation-end",
                "text:ruby-text", "text:tracked-changes", "text:script", "text:label", "field:param", NULL };
        struct odf_ways ways = *outer;

        if (is_any(node, silent))
                return;
        if (odf_is(node, "text:span") || odf_is(node, "text:a"))
                odf_styles_apply(o->styles, "text", xml_value(node, "style-name"), &ways.look);
        else if (odf_is(node, "text:placeholder"))
                ways.marks |= RUN_PLACEHOLDER;
        else if (xml_is(node, "content-control") && !odf_content_control(o, node, outer, &ways))
                return;
        inlines(o, node, &ways);
}

static void inlines(struct odf *o, xmlNodePtr parent, const struct odf_ways *ways)
{
        for (xmlNodePtr node = parent->children; node; node = node->next) {
                if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
                        text_node(o, node->content ? (const char *)node->content : "", ways);
                else if (node->type != XML_ELEMENT_NODE || special(o, node, ways) || change(o, node, ways) ||
                         odf_fieldmark(o, node, ways) || odf_input(o, node, ways))
                        continue;
                else if (odf_is(node, "drawing:control")) {
                        if (!odf_control_floats(node))
                                odf_control(o, node, ways);
                } else if (is_drawn(node)) {
                        collect_shapes(o, node);
                } else {
                        inner(o, node, ways);
                }
        }
}

/* ---- blocks */

static void paragraph(struct odf *o, xmlNodePtr node, const struct odf_ways *outer)
{
        struct odf_ways ways = *outer;
        size_t shapes = o->shape_count, boxes = bare_boxes(o, node);

        odf_styles_apply(o->styles, "paragraph", xml_value(node, "style-name"), &ways.look);
        draft_end(&o->draft);
        if (!ways.in_cell)
                o->draft.place.kind = ways.in_item ? DOCUMENT_ITEM : DOCUMENT_PARAGRAPH;
        draft_touch(&o->draft);
        o->space = true;
        o->breaks = 0;
        if (boxes == 1)
                floating(o, node, true, &ways);
        else if (boxes > 1)
                document_problem(o->draft.doc, "check boxes that belong to no words");
        inlines(o, node, &ways);
        floating(o, node, false, &ways);
        draft_end(&o->draft);
        if (!ways.in_cell)
                o->draft.place.kind = DOCUMENT_PARAGRAPH;
        read_shapes(o, shapes, outer);
}

static void list(struct odf *o, xmlNodePtr node, const struct odf_ways *outer)
{
        struct odf_ways ways = *outer;

        ways.in_item = true;
        odf_blocks(o, node, &ways);
}

/* A frame or control that stands on the page by itself. */
static void drawn_block(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        size_t shapes = o->shape_count;

        if (!odf_is(node, "drawing:control")) {
                collect_shapes(o, node);
                read_shapes(o, shapes, ways);
        } else if (odf_control_is_bare_box(o, node) && !ways->in_cell) {
                document_problem(o->draft.doc, "check boxes that belong to no words");
        } else {
                o->space = true;
                odf_control(o, node, ways);
                if (!ways->in_cell)
                        draft_end(&o->draft);
        }
}

void odf_block(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        static const char *const silent[] = { "text:tracked-changes", "office:forms", "office:annotation",
                "text:sequence-decls", "text:variable-decls", "text:user-field-decls", "table:shapes",
                "office:event-listeners", "table:calculation-settings", NULL };

        if (node->type != XML_ELEMENT_NODE || is_any(node, silent) || change(o, node, ways))
                return;
        if (odf_is(node, "text:p") || odf_is(node, "text:h"))
                paragraph(o, node, ways);
        else if (odf_is(node, "text:list-item") || odf_is(node, "text:list-header"))
                list(o, node, ways);
        else if (odf_is(node, "table:table"))
                odf_table(o, node, ways);
        else if (is_drawn(node))
                drawn_block(o, node, ways);
        else if (!odf_is(node, "text:section") || !xml_value_is(node, "display", "none"))
                odf_blocks(o, node, ways);
}

void odf_blocks(struct odf *o, xmlNodePtr parent, const struct odf_ways *ways)
{
        for (xmlNodePtr node = parent->children; node; node = node->next)
                odf_block(o, node, ways);
}
