/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recursion follows the tree, whose depth libxml2 bounds (256 elements without the "huge" option). */
#include "read/docx.h"

#include <libxml/parserInternals.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/archive.h"
#include "read/docx_field.h"
#include "read/docx_xml.h"
#include "read/draft.h"
#include "read/opc.h"
#include "read/xml.h"

enum { COLUMNS_MAX = 64, ROWS_MAX = 10000, FIELDS_MAX = 16, BOXES_MAX = 64 };

/* Where a vertically merged cell began, by grid column. */
struct origin {
        size_t first, count; /* blocks */
};

struct table {
        int id, row, column;
        struct origin origins[COLUMNS_MAX];
};

struct docx {
        struct draft draft;
        struct docx_field fields[FIELDS_MAX];
        size_t field_count, field_over; /* over: nested deeper than is kept */
        xmlNodePtr boxes[BOXES_MAX];    /* text boxes of the paragraph, read behind it */
        size_t box_count;
        struct table *table;
};

/* What a node hands down. */
struct ways {
        unsigned marks;
        const char *name; /* of the content control around */
        int box;          /* of a check box control: 0, 1; -1 none */
        bool in_cell;
};

static void blocks(struct docx *d, xmlNodePtr parent, const struct ways *ways);
static void inlines(struct docx *d, xmlNodePtr parent, const struct ways *ways);

/* ---- content controls (17.5.2) */

/* Rows or a table: labels stand among them. */
static bool holds_rows(xmlNodePtr content)
{
        return content && (docx_child(content, "tr") || docx_child(content, "tbl"));
}

static void control(struct docx *d, xmlNodePtr node, const struct ways *outer,
    void (*read)(struct docx *d, xmlNodePtr parent, const struct ways *ways))
{
        xmlNodePtr properties = docx_child(node, "sdtPr"), content = docx_child(node, "sdtContent");
        char *name = docx_control_name(properties);
        struct ways ways = *outer;

        /* A group or a section that may repeat is no answer by itself. */
        if (!docx_child(properties, "group") && !docx_child(properties, "docPartObj") &&
            !holds_rows(content)) {
                ways.marks |= RUN_FIELD;
                ways.name = name;
                ways.box = docx_control_box(properties);
        }
        if (docx_on(properties, "showingPlcHdr"))
                ways.marks |= RUN_PLACEHOLDER;
        if (content)
                read(d, content, &ways);
        xmlFree(name);
}

/* ---- legacy form fields */

static void field_end(struct docx *d, const struct ways *ways, unsigned marks)
{
        struct docx_field *field;

        if (d->field_over) {
                d->field_over--;
                return;
        }
        if (!d->field_count)
                return;
        field = &d->fields[--d->field_count];
        if (field->kind == DOCX_FIELD_CHECK) {
                draft_box(&d->draft, field->checked, ways->marks | marks | RUN_FIELD, field->name);
        } else if (field->kind == DOCX_FIELD_LIST) {
                char *value = docx_attribute(field->chosen, "val");

                if (value)
                        draft_text(
                            &d->draft, value, strlen(value), ways->marks | marks | RUN_FIELD, field->name);
                xmlFree(value);
        }
        docx_field_free(field);
}

static void field_char(struct docx *d, xmlNodePtr node, const struct ways *ways, unsigned marks)
{
        char *type = docx_attribute(node, "fldCharType");

        if (str_equal(type, "begin")) {
                if (d->field_count < FIELDS_MAX)
                        d->fields[d->field_count++] = docx_field_of(docx_child(node, "ffData"));
                else
                        d->field_over++;
        } else if (str_equal(type, "separate") && d->field_count && !d->field_over) {
                d->fields[d->field_count - 1].result = true;
        } else if (str_equal(type, "end")) {
                field_end(d, ways, marks);
        }
        xmlFree(type);
}

/* ---- runs */

static unsigned run_marks(xmlNodePtr properties)
{
        unsigned marks = 0;

        if (docx_on(properties, "b"))
                marks |= RUN_BOLD;
        if (docx_on(properties, "u"))
                marks |= RUN_UNDERLINE;
        if (docx_on(properties, "strike") || docx_on(properties, "dstrike"))
                marks |= RUN_STRIKE;
        return marks;
}

static int run_font(xmlNodePtr properties)
{
        char *name = docx_attribute(docx_child(properties, "rFonts"), "ascii");
        int font = draft_font(name);

        xmlFree(name);
        return font;
}

static void text(struct docx *d, const char *value, int font, unsigned marks, const struct ways *ways)
{
        const struct docx_field *field = d->field_count ? &d->fields[d->field_count - 1] : NULL;
        const char *name = ways->name;

        marks |= ways->marks;
        if (field && field->kind == DOCX_FIELD_LIST)
                return; /* its result is told at the field's end */
        if (ways->box >= 0) {
                draft_box(&d->draft, ways->box, marks, name);
                return;
        }
        if (field && field->kind == DOCX_FIELD_TEXT && field->result) {
                marks |= RUN_FIELD;
                marks |= str_equal(value, field->default_text) ? RUN_PLACEHOLDER : 0u;
                name = field->name;
        }
        draft_symbols(&d->draft, value, font, marks, name);
}

static void text_node(struct docx *d, xmlNodePtr node, int font, unsigned marks, const struct ways *ways)
{
        char *value = (char *)xmlNodeGetContent(node);

        if (value)
                text(d, value, font, marks, ways);
        xmlFree(value);
}

static void symbol(struct docx *d, xmlNodePtr node, unsigned marks, const struct ways *ways)
{
        char *font = docx_attribute(node, "font"), *code = docx_attribute(node, "char");
        unsigned long c = code ? strtoul(code, NULL, 16) : 0;
        int which = draft_font(font), box = which ? draft_wingdings((unsigned)c, which == 2) : -1;

        marks |= ways->marks;
        if (ways->box >= 0 || box >= 0) {
                draft_box(&d->draft, ways->box >= 0 ? ways->box : box == 1, marks, ways->name);
        } else if (c >= 0x20 && c < 0xD800) {
                xmlChar letters[8] = { 0 };
                int size = xmlCopyCharMultiByte(letters, (int)c);

                draft_text(&d->draft, (const char *)letters, (size_t)size, marks, ways->name);
        }
        xmlFree(font);
        xmlFree(code);
}

/* Text boxes inside drawings; they stand beside the paragraph, so they are read behind it. */
static void collect_boxes(struct docx *d, xmlNodePtr node)
{
        if (xml_is(node, "AlternateContent")) {
                node = docx_alternative(node);
                if (!node)
                        return;
        }
        for (xmlNodePtr child = node->children; child; child = child->next) {
                if (docx_is(child, "txbxContent")) {
                        if (d->box_count < BOXES_MAX)
                                d->boxes[d->box_count++] = child;
                } else if (child->type == XML_ELEMENT_NODE) {
                        collect_boxes(d, child);
                }
        }
}

/* What is drawn, and whether it may mark a word: a ring around one answers a choice, and nothing tells which. */
static void drawing(struct docx *d, xmlNodePtr node, const struct ways *ways)
{
        collect_boxes(d, node);
        if (!docx_is_ring(node))
                return;
        draft_box(&d->draft, false, ways->marks | RUN_DOUBTFUL, NULL);
        document_problem(d->draft.doc, "a shape is drawn over the text: look which word it marks");
}

static void run(struct docx *d, xmlNodePtr node, const struct ways *ways)
{
        xmlNodePtr properties = docx_child(node, "rPr");
        unsigned marks = run_marks(properties);
        int font = run_font(properties);

        if (docx_on(properties, "vanish"))
                return;
        for (xmlNodePtr child = node->children; child; child = child->next) {
                if (docx_is(child, "t") || docx_is(child, "delText"))
                        text_node(d, child, font, marks, ways);
                else if (docx_is(child, "tab") || docx_is(child, "ptab"))
                        draft_tab(&d->draft, marks | ways->marks);
                else if (docx_is(child, "br") || docx_is(child, "cr"))
                        text(d, "\n", 0, marks, ways);
                else if (docx_is(child, "noBreakHyphen"))
                        text(d, "-", 0, marks, ways);
                else if (docx_is(child, "sym"))
                        symbol(d, child, marks, ways);
                else if (docx_is(child, "fldChar"))
                        field_char(d, child, ways, marks);
                else if (docx_is(child, "drawing") || docx_is(child, "pict") || docx_is(child, "object") ||
                         xml_is(child, "AlternateContent"))
                        drawing(d, child, ways);
        }
}

/* ---- paragraphs */

/* Containers that only say something about what is in them. */
static bool transparent(xmlNodePtr node, const struct ways *outer, struct ways *ret_ways)
{
        static const char *const names[] = { "hyperlink", "smartTag", "fldSimple", "customXml", "dir",
                "bdo" };

        *ret_ways = *outer;
        if (docx_is(node, "del") || docx_is(node, "moveFrom")) {
                ret_ways->marks |= RUN_DELETED;
                return true;
        }
        if (docx_is(node, "ins") || docx_is(node, "moveTo")) {
                ret_ways->marks |= RUN_INSERTED;
                return true;
        }
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (docx_is(node, names[i]))
                        return true;
        return false;
}

static void inlines(struct docx *d, xmlNodePtr parent, const struct ways *ways)
{
        for (xmlNodePtr node = parent->children; node; node = node->next) {
                struct ways inner;

                if (docx_is(node, "r")) {
                        run(d, node, ways);
                } else if (docx_is(node, "sdt")) {
                        control(d, node, ways, inlines);
                } else if (xml_is(node, "AlternateContent")) {
                        xmlNodePtr chosen = docx_alternative(node);

                        if (chosen)
                                inlines(d, chosen, ways);
                } else if (transparent(node, ways, &inner)) {
                        inlines(d, node, &inner);
                }
        }
}

static void paragraph(struct docx *d, xmlNodePtr node, const struct ways *ways)
{
        xmlNodePtr properties = docx_child(node, "pPr");
        size_t boxes = d->box_count;
        bool item = !ways->in_cell && docx_child(properties, "numPr");

        draft_end(&d->draft);
        if (!ways->in_cell)
                d->draft.place.kind = item ? DOCUMENT_ITEM : DOCUMENT_PARAGRAPH;
        draft_touch(&d->draft);
        inlines(d, node, ways);
        draft_end(&d->draft);
        if (!ways->in_cell)
                d->draft.place.kind = DOCUMENT_PARAGRAPH;
        for (size_t i = boxes; i < d->box_count; i++)
                blocks(d, d->boxes[i], ways);
        d->box_count = boxes;
}

/* ---- tables */

static void grow(struct docx *d, struct table *table, int column)
{
        struct document *doc = d->draft.doc;
        const struct origin *origin = &table->origins[column];

        for (size_t i = origin->first; i < origin->first + origin->count && i < doc->block_count; i++)
                if (doc->blocks[i].table == table->id && doc->blocks[i].row_span < ROWS_MAX)
                        doc->blocks[i].row_span++;
}

/* 17.4.84: a vMerge without "restart" goes on with the cell above. */
static bool is_continued(xmlNodePtr properties)
{
        xmlNodePtr merge = docx_child(properties, "vMerge");
        char *value = docx_attribute(merge, "val");
        bool continued = merge && !str_equal(value, "restart");

        xmlFree(value);
        return continued;
}

static void cell(struct docx *d, xmlNodePtr node, const struct ways *outer)
{
        struct table *table = d->table;
        xmlNodePtr properties = docx_child(node, "tcPr");
        int span = docx_number(docx_child(properties, "gridSpan"), "val", COLUMNS_MAX, 1);
        int column = table->column < COLUMNS_MAX ? table->column : COLUMNS_MAX - 1;
        const struct draft_place place = { DOCUMENT_CELL, table->id, table->row, column, 1, span ? span : 1 };
        struct draft_place before = d->draft.place;
        struct ways ways = *outer;

        table->column += span ? span : 1;
        if (is_continued(properties)) {
                grow(d, table, column);
                return;
        }
        ways.in_cell = true;
        if (docx_child(properties, "cellDel"))
                ways.marks |= RUN_DELETED;
        table->origins[column].first = d->draft.doc->block_count;
        draft_at(&d->draft, &place);
        blocks(d, node, &ways);
        if (d->draft.doc->block_count == table->origins[column].first)
                draft_touch(&d->draft);
        draft_at(&d->draft, &before);
        table->origins[column].count = d->draft.doc->block_count - table->origins[column].first;
        d->table = table;
}

static void cells(struct docx *d, xmlNodePtr parent, const struct ways *ways)
{
        for (xmlNodePtr node = parent->children; node; node = node->next) {
                struct ways inner;

                if (docx_is(node, "tc"))
                        cell(d, node, ways);
                else if (docx_is(node, "sdt"))
                        control(d, node, ways, cells);
                else if (transparent(node, ways, &inner))
                        cells(d, node, &inner);
        }
}

static void rows(struct docx *d, xmlNodePtr parent, const struct ways *ways)
{
        for (xmlNodePtr node = parent->children; node; node = node->next) {
                struct ways inner = *ways;

                if (docx_is(node, "tr")) {
                        xmlNodePtr properties = docx_child(node, "trPr");

                        d->table->row++;
                        d->table->column =
                            docx_number(docx_child(properties, "gridBefore"), "val", COLUMNS_MAX, 0);
                        if (docx_child(properties, "del"))
                                inner.marks |= RUN_DELETED;
                        cells(d, node, &inner);
                } else if (docx_is(node, "sdt")) {
                        control(d, node, ways, rows);
                } else if (transparent(node, ways, &inner)) {
                        rows(d, node, &inner);
                }
        }
}

static void table(struct docx *d, xmlNodePtr node, const struct ways *ways)
{
        struct table *outer = d->table, inner = { .id = d->draft.tables++, .row = -1 };
        struct draft_place place = d->draft.place;

        draft_end(&d->draft);
        d->table = &inner;
        rows(d, node, ways);
        d->table = outer;
        draft_at(&d->draft, &place);
}

static void blocks(struct docx *d, xmlNodePtr parent, const struct ways *ways)
{
        for (xmlNodePtr node = parent->children; node; node = node->next) {
                struct ways inner;

                if (docx_is(node, "p")) {
                        paragraph(d, node, ways);
                } else if (docx_is(node, "tbl")) {
                        table(d, node, ways);
                } else if (docx_is(node, "sdt")) {
                        control(d, node, ways, blocks);
                } else if (xml_is(node, "AlternateContent")) {
                        xmlNodePtr chosen = docx_alternative(node);

                        if (chosen)
                                blocks(d, chosen, ways);
                } else if (docx_is(node, "altChunk")) {
                        document_problem(d->draft.doc,
                            "a part of the document is in another format, which is read by a person");
                } else if (transparent(node, ways, &inner)) {
                        blocks(d, node, &inner);
                }
        }
}

/* ---- the package */

static int read_package(struct archive *archive, struct document *doc, struct err *err)
{
        CLEANUP_FREE char *part = opc_main_part(archive, "word/document.xml");
        struct docx d = { 0 };
        const struct ways ways = { .box = -1 };
        xmlDocPtr tree = NULL;
        xmlNodePtr body;

        if (xml_read(archive, part, &tree, err) < 0)
                return -1;
        opc_note_macros(archive, doc);
        body = docx_child(xml_root(tree), "body");
        draft_init(&d.draft, doc);
        if (body)
                blocks(&d, body, &ways);
        else
                document_problem(doc, DOCUMENT_DAMAGED);
        while (d.field_count)
                docx_field_free(&d.fields[--d.field_count]);
        draft_free(&d.draft);
        xmlFreeDoc(tree);
        return 0;
}

void docx_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc)
{
        struct archive *archive = NULL;
        struct err err = { 0 };

        if (archive_open(bytes, size, bounds, &archive, &err) < 0 || read_package(archive, doc, &err) < 0)
                document_problem(doc, err.text);
        archive_close(archive);
}
