/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/odf_table.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "core/document.h"
#include "read/odf_text.h"
#include "read/odf_value.h"
#include "read/xml.h"

enum {
        COLUMNS_MAX = 256,
        ROWS_MAX = 100000,
        SPAN_MAX = 10000,
        REPEAT_MAX = 1 << 20,
        COPIES_MAX = 40,        /* of a repeated row or cell that are told */
        EMPTY_CELLS_MAX = 4000, /* of one sheet */
};

struct table {
        struct odf *o;
        int id, row, column;
        bool sheet;
        int empty_cells;
        const char *defaults[COLUMNS_MAX]; /* of a sheet's columns: the style of cells that name none */
        bool hidden[COLUMNS_MAX];
};

/* ---- columns */

static bool is_collapsed(xmlNodePtr node)
{
        const char *visible = xml_value(node, "visibility");

        return visible && strcmp(visible, "visible") != 0;
}

static void columns(struct table *t, xmlNodePtr parent, int *column)
{
        for (xmlNodePtr node = parent->children; node; node = node->next) {
                if (odf_is(node, "table:table-column")) {
                        int count = xml_number(node, "number-columns-repeated", 1, REPEAT_MAX, 1);

                        for (; count > 0 && *column < COLUMNS_MAX; count--, ++*column) {
                                t->hidden[*column] = is_collapsed(node);
                                t->defaults[*column] = xml_value(node, "default-cell-style-name");
                        }
                } else if (odf_is(node, "table:table-columns") ||
                           odf_is(node, "table:table-header-columns") ||
                           odf_is(node, "table:table-column-group")) {
                        columns(t, node, column);
                }
        }
}

/* ---- cells */

static bool is_empty(xmlNodePtr cell)
{
        for (xmlNodePtr node = cell->children; node; node = node->next)
                if (node->type == XML_ELEMENT_NODE && !odf_is(node, "office:annotation"))
                        return false;
        return true;
}

static const char *style_of(const struct table *t, xmlNodePtr row, xmlNodePtr cell)
{
        const char *name = xml_value(cell, "style-name");

        if (!name)
                name = xml_value(row, "default-cell-style-name");
        return name || t->column >= COLUMNS_MAX ? name : t->defaults[t->column];
}

/* Copies of copies of nested tables would never end. */
static int copies_of(const struct table *t, int count, bool empty)
{
        if (t->o->draft.doc->block_count >= LIMIT_DOC_BLOCKS)
                return 1;
        return count < COPIES_MAX ? count : empty ? 1 : COPIES_MAX;
}

/* In a sheet nearly all cells are empty: one with a border waits for an answer. */
static bool is_wanted(struct table *t, xmlNodePtr cell, const struct odf_look *look)
{
        if (t->column >= COLUMNS_MAX || t->hidden[t->column])
                return false;
        if (!t->sheet || !is_empty(cell))
                return true;
        return (look->bordered || xml_number(cell, "number-columns-spanned", 1, SPAN_MAX, 1) > 1) &&
               t->empty_cells++ < EMPTY_CELLS_MAX;
}

static void cell(struct table *t, xmlNodePtr node, const struct odf_ways *outer)
{
        struct odf *o = t->o;
        const struct draft_place before = o->draft.place;
        const struct draft_place place = { DOCUMENT_CELL, t->id, t->row, t->column,
                xml_number(node, "number-rows-spanned", 1, SPAN_MAX, 1),
                xml_number(node, "number-columns-spanned", 1, SPAN_MAX, 1) };
        struct odf_ways ways = *outer;
        size_t blocks = o->draft.doc->block_count;

        ways.in_cell = true;
        ways.in_item = false;
        draft_at(&o->draft, &place);
        if (!t->sheet || !odf_value(o, node, &ways))
                odf_blocks(o, node, &ways);
        if (o->draft.doc->block_count == blocks)
                draft_touch(&o->draft);
        draft_at(&o->draft, &before);
}

static void cells(struct table *t, xmlNodePtr row, const struct odf_ways *outer)
{
        t->column = 0;
        for (xmlNodePtr node = row->children; node; node = node->next) {
                bool covered = odf_is(node, "table:covered-table-cell");
                int count = xml_number(node, "number-columns-repeated", 1, REPEAT_MAX, 1);

                if (!covered && !odf_is(node, "table:table-cell"))
                        continue;
                int copies = covered ? 0 : copies_of(t, count, false);

                for (int i = 0; i < count && t->column < COLUMNS_MAX; i++, t->column++) {
                        struct odf_ways ways = *outer;

                        if (t->sheet)
                                odf_styles_apply(
                                    t->o->styles, "table-cell", style_of(t, row, node), &ways.look);
                        if (i < copies && is_wanted(t, node, &ways.look))
                                cell(t, node, &ways);
                }
        }
}

/* ---- rows */

static bool is_empty_row(xmlNodePtr row)
{
        for (xmlNodePtr node = row->children; node; node = node->next)
                if (node->type == XML_ELEMENT_NODE && !is_empty(node))
                        return false;
        return true;
}

static void rows(struct table *t, xmlNodePtr parent, const struct odf_ways *ways)
{
        static const char *const groups[] = { "table:table-header-rows", "table:table-rows",
                "table:table-row-group" };

        for (xmlNodePtr node = parent->children; node; node = node->next) {
                for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++)
                        if (odf_is(node, groups[i]))
                                rows(t, node, ways);
                if (!odf_is(node, "table:table-row"))
                        continue;
                int count = xml_number(node, "number-rows-repeated", 1, REPEAT_MAX, 1);
                /* A sheet ends with a million empty ones. */
                int copies = copies_of(t, count, is_empty_row(node));

                for (int i = 0; i < copies && !is_collapsed(node); i++, t->row++)
                        cells(t, node, ways);
                t->row += count - (is_collapsed(node) ? 0 : copies);
                if (t->row > ROWS_MAX)
                        return;
        }
}

static void read_table(struct odf *o, xmlNodePtr node, const struct odf_ways *ways, bool sheet)
{
        struct table table = { .o = o, .id = o->draft.tables++, .sheet = sheet };
        const struct draft_place place = o->draft.place;
        int column = 0;

        draft_end(&o->draft);
        columns(&table, node, &column);
        rows(&table, node, ways);
        draft_at(&o->draft, &place);
}

void odf_table(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        read_table(o, node, ways, false);
}

void odf_sheet(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        struct odf_look look = { 0 };
        xmlNodePtr shapes = xml_child(node, "shapes");

        odf_styles_apply(o->styles, "table", xml_value(node, "style-name"), &look);
        if (look.hidden)
                return;
        read_table(o, node, ways, true);
        if (shapes)
                odf_blocks(o, shapes, ways);
}
