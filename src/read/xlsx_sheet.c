/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/xlsx_book.h"
#include "read/xlsx_control.h"
#include "read/xml.h"

enum {
        COLUMNS_MAX = 256,
        ROWS_MAX = 100000,
        MERGES_MAX = 2000,
        EMPTY_CELLS_MAX = 4000, /* of one sheet */
};

struct merge {
        int row, column, last_row, last_column;
};

struct sheet {
        struct xlsx_book *book;
        xmlNodePtr root;
        int id, empty_cells;
        struct xlsx_controls controls;
        size_t next_control;
        struct merge *merges;
        size_t merge_count;
        bool hidden[COLUMNS_MAX];
};

/* ---- what the sheet says about its cells */

static void read_merges(struct sheet *s)
{
        xmlNodePtr merges = xml_child(s->root, "mergeCells");

        for (xmlNodePtr node = merges ? merges->children : NULL; node && s->merge_count < MERGES_MAX;
             node = node->next) {
                const char *range = xml_value(node, "ref");
                size_t size;
                struct merge m;

                if (!range || !(size = xlsx_cell_name(range, &m.row, &m.column)) || range[size] != ':' ||
                    !xlsx_cell_name(range + size + 1, &m.last_row, &m.last_column))
                        continue;
                s->merges = xreallocarray(s->merges, s->merge_count + 1, sizeof *s->merges);
                s->merges[s->merge_count++] = m;
        }
}

static const struct merge *merge_of(const struct sheet *s, int row, int column)
{
        for (size_t i = 0; i < s->merge_count; i++) {
                const struct merge *m = &s->merges[i];

                if (row >= m->row && row <= m->last_row && column >= m->column && column <= m->last_column)
                        return m;
        }
        return NULL;
}

static bool is_true(xmlNodePtr node, const char *name)
{
        const char *value = xml_value(node, name);

        return value && (!strcmp(value, "1") || !strcmp(value, "true"));
}

static void read_columns(struct sheet *s)
{
        xmlNodePtr cols = xml_child(s->root, "cols");

        for (xmlNodePtr node = cols ? cols->children : NULL; node; node = node->next) {
                int min = xml_number(node, "min", 1, COLUMNS_MAX, COLUMNS_MAX + 1);
                int max = xml_number(node, "max", 1, COLUMNS_MAX, COLUMNS_MAX);

                for (int i = min; i <= max && is_true(node, "hidden"); i++)
                        s->hidden[i - 1] = true;
        }
}

static bool is_linked(const struct sheet *s, int row, int column)
{
        for (size_t i = 0; i < s->controls.count; i++) {
                const char *link = s->controls.items[i].link;
                int at_row, at_column;

                if (link && xlsx_cell_name(link, &at_row, &at_column) && at_row == row && at_column == column)
                        return true;
        }
        return false;
}

/* A control over merged cells belongs to the first of them. */
static void move_controls(struct sheet *s)
{
        for (size_t i = 0; i < s->controls.count; i++) {
                struct xlsx_control *control = &s->controls.items[i];
                const struct merge *m = merge_of(s, control->row, control->column);

                if (m) {
                        control->row = m->row;
                        control->column = m->column;
                }
        }
}

/* ---- writing */

static void write_words(struct sheet *s, const char *words)
{
        draft_text(&s->book->draft, " ", 1, 0, NULL);
        draft_text(&s->book->draft, words, strlen(words), 0, NULL);
        draft_text(&s->book->draft, " ", 1, 0, NULL);
}

static void write_control(struct sheet *s, const struct xlsx_control *control)
{
        CLEANUP_FREE char *entry = NULL;

        if (control->kind == XLSX_BOX)
                draft_box(&s->book->draft, control->on, RUN_FIELD, NULL);
        else if (control->kind == XLSX_LIST && control->range)
                entry = xlsx_range_entry(s->book, s->root, control->range, control->chosen);
        if (entry)
                draft_text(&s->book->draft, entry, strlen(entry), RUN_FIELD, NULL);
        if (control->kind != XLSX_LIST && *control->words)
                write_words(s, control->words);
}

/* The controls of one cell: bare boxes stand before its text, those with words of their own behind. */
static void write_controls(struct sheet *s, size_t from, size_t to, bool bare)
{
        for (size_t i = from; i < to; i++)
                if ((*s->controls.items[i].words == 0) == bare)
                        write_control(s, &s->controls.items[i]);
}

static void write_cell(struct sheet *s, int row, int column, xmlNodePtr cell, size_t controls)
{
        const struct merge *m = merge_of(s, row, column);
        const struct draft_place place = { DOCUMENT_CELL, s->id, row, column,
                m ? m->last_row - m->row + 1 : 1, m ? m->last_column - m->column + 1 : 1 };

        draft_at(&s->book->draft, &place);
        draft_touch(&s->book->draft);
        write_controls(s, s->next_control, controls, true);
        if (cell)
                xlsx_cell_write(s->book, cell, !is_linked(s, row, column));
        write_controls(s, s->next_control, controls, false);
        s->next_control = controls;
}

static bool is_before(const struct xlsx_control *control, int row, int column)
{
        return control->row < row || (control->row == row && control->column < column);
}

/* Controls over cells that the file leaves out, up to a cell. */
static void write_controls_before(struct sheet *s, int row, int column)
{
        const struct xlsx_controls *all = &s->controls;

        while (s->next_control < all->count && is_before(&all->items[s->next_control], row, column)) {
                const struct xlsx_control *first = &all->items[s->next_control];
                size_t end = s->next_control;

                while (end < all->count && all->items[end].row == first->row &&
                       all->items[end].column == first->column)
                        end++;
                write_cell(s, first->row, first->column, NULL, end);
        }
}

/* Nearly all cells of a sheet are empty: one with a border, or merged, waits for an answer. */
static bool is_wanted(struct sheet *s, int row, int column, xmlNodePtr cell)
{
        const struct merge *m = merge_of(s, row, column);

        if (column >= COLUMNS_MAX || s->hidden[column] || (m && (m->row != row || m->column != column)))
                return false;
        if (!xlsx_cell_is_empty(cell))
                return true;
        return (m || xlsx_cell_style(s->book, cell)->bordered) && s->empty_cells++ < EMPTY_CELLS_MAX;
}

static void cells(struct sheet *s, xmlNodePtr row, int at)
{
        int column = -1;

        for (xmlNodePtr node = row->children; node; node = node->next) {
                const char *name = xml_is(node, "c") ? xml_value(node, "r") : NULL;
                size_t controls;
                int at_row = at;

                if (!xml_is(node, "c"))
                        continue;
                if (!name || !xlsx_cell_name(name, &at_row, &column))
                        column++;
                write_controls_before(s, at, column);
                controls = s->next_control;
                while (controls < s->controls.count && s->controls.items[controls].row == at &&
                       s->controls.items[controls].column == column)
                        controls++;
                if (controls > s->next_control || is_wanted(s, at, column, node))
                        write_cell(s, at, column, node, controls);
        }
}

static void rows(struct sheet *s)
{
        xmlNodePtr data = xml_child(s->root, "sheetData");
        int row = -1;

        for (xmlNodePtr node = data ? data->children : NULL; node; node = node->next) {
                if (!xml_is(node, "row"))
                        continue;
                row = xml_number(node, "r", 1, ROWS_MAX, row + 2) - 1;
                if (row >= ROWS_MAX)
                        return;
                if (!is_true(node, "hidden"))
                        cells(s, node, row);
        }
        write_controls_before(s, ROWS_MAX, 0);
}

void xlsx_sheet_read(struct xlsx_book *book, const char *part)
{
        struct sheet *s = xcalloc(1, sizeof *s);
        struct opc_links links;
        xmlDocPtr tree = NULL;

        if (xml_read(book->archive, part, &tree, NULL) < 0) {
                document_problem(book->draft.doc, DOCUMENT_DAMAGED);
        } else if (xml_root(tree) && xml_is(xml_root(tree), "worksheet")) {
                s->book = book;
                s->root = xml_root(tree);
                s->id = book->draft.tables++;
                opc_links_read(book->archive, part, &links);
                xlsx_controls_read(book->archive, &links, s->root, &s->controls);
                opc_links_free(&links);
                read_merges(s);
                read_columns(s);
                move_controls(s);
                rows(s);
                if (s->controls.unknown)
                        document_problem(book->draft.doc, "form controls that cannot be read");
                draft_at(&book->draft, &draft_paragraph);
                xlsx_controls_free(&s->controls);
                free(s->merges);
        }
        xmlFreeDoc(tree);
        free(s);
}
