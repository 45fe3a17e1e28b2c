/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/number.h"
#include "read/xlsx_book.h"
#include "read/xlsx_control.h"
#include "read/xml.h"

static const struct xlsx_cell_style plain_style = { .format = "General" };

const struct xlsx_cell_style *xlsx_cell_style(const struct xlsx_book *book, xmlNodePtr cell)
{
        int style = xml_number(cell, "s", 0, 65536, 0);

        return (size_t)style < book->styles.count ? &book->styles.cells[style] : &plain_style;
}

bool xlsx_cell_is_empty(xmlNodePtr cell)
{
        xmlNodePtr value = xml_child(cell, "v");

        return !(value && value->children) && !xml_child(cell, "is");
}

/* ---- text */

/* "_x000D_" (22.9.2.19 ST_Xstring): the sign with that number. */
static size_t escaped(const char *text, unsigned *ret_code)
{
        char digits[5] = { 0 };
        char *end;

        if (!str_starts(text, "_x") || strlen(text) < 7 || text[6] != '_')
                return 0;
        memcpy(digits, text + 2, 4);
        *ret_code = (unsigned)strtoul(digits, &end, 16);
        return *end ? 0 : 7;
}

static char *unescape(const char *text)
{
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);

        buf_puts(&out, "");
        while (*text) {
                unsigned code = 0;
                size_t size = escaped(text, &code);

                if (!size && *text != '\r')
                        buf_putc(&out, *text);
                else if (code == '\n' || code == '\t' || (code >= 0x20 && code < 0x7F))
                        buf_putc(&out, (char)code);
                text += size ? size : 1;
        }
        buf_add(&out, "", 0);
        return buf_detach(&out, NULL);
}

static char *text_of(xmlNodePtr node)
{
        char *raw = xml_text(node), *text = unescape(raw ? raw : "");

        xmlFree(raw);
        return text;
}

static void write_text(struct xlsx_book *book, xmlNodePtr node, const struct xlsx_look *look)
{
        CLEANUP_FREE char *text = text_of(node);

        draft_symbols(&book->draft, text, look->font, look->marks, NULL);
}

/* A string of one piece or of several runs; a run without properties looks like the cell. */
static void write_string(struct xlsx_book *book, xmlNodePtr string, const struct xlsx_look *cell)
{
        for (xmlNodePtr node = string->children; node; node = node->next) {
                if (xml_is(node, "t")) {
                        write_text(book, node, cell);
                } else if (xml_is(node, "r") && xml_child(node, "t")) {
                        xmlNodePtr properties = xml_child(node, "rPr");
                        struct xlsx_look look = properties ? xlsx_look_of(properties) : *cell;

                        write_text(book, xml_child(node, "t"), &look);
                }
        }
}

static xmlNodePtr shared(const struct xlsx_book *book, const char *value)
{
        int64_t index;

        if (str_to_int(value, 0, INT32_MAX, &index) < 0 || (size_t)index >= book->string_count)
                return NULL;
        return book->strings[index];
}

/* ---- values */

/* Strict documents keep dates as "2019-04-12T00:00:00". */
static void iso_date(const char *value, struct buf *out)
{
        int year, month, day;

        if (sscanf(value, "%4d-%2d-%2d", &year, &month, &day) == 3)
                buf_printf(out, "%02d.%02d.%04d", day, month, year);
        else
                buf_puts(out, value);
}

static void number(const struct xlsx_book *book, const char *value, const char *format, struct buf *out)
{
        char *end;
        double n = strtod(value, &end);

        if (end == value || *end)
                buf_puts(out, value);
        else
                number_format(n, format, book->from_1904, out);
}

static void write_value(
    struct xlsx_book *book, xmlNodePtr cell, const char *type, const char *value, bool boxes)
{
        const struct xlsx_cell_style *style = xlsx_cell_style(book, cell);
        struct buf out = BUF_INIT(LIMIT_FIELD_VALUE);
        xmlNodePtr string = str_equal(type, "s") ? shared(book, value) : NULL;

        if (string) {
                write_string(book, string, &style->look);
        } else if (str_equal(type, "b")) {
                if (boxes && (style->checkbox || !xml_child(cell, "f")))
                        draft_box(&book->draft, !strcmp(value, "1") || !strcmp(value, "true"),
                            style->look.marks, NULL);
        } else if (str_equal(type, "str")) {
                write_text(book, xml_child(cell, "v"), &style->look);
        } else if (str_equal(type, "d")) {
                iso_date(value, &out);
        } else if (!type || !strcmp(type, "n")) {
                number(book, value, style->format, &out);
        }
        draft_text(&book->draft, buf_text(&out), out.size, style->look.marks, NULL);
        buf_free(&out);
}

void xlsx_cell_write(struct xlsx_book *book, xmlNodePtr cell, bool boxes)
{
        xmlNodePtr inside = xml_child(cell, "is"), value = xml_child(cell, "v");
        char *text = value ? xml_text(value) : NULL;

        if (inside)
                write_string(book, inside, &xlsx_cell_style(book, cell)->look);
        else if (text && *text)
                write_value(book, cell, xml_value(cell, "t"), text, boxes);
        xmlFree(text);
}

/* ---- the entries of a list */

static xmlNodePtr cell_at(xmlNodePtr sheet, int row, int column)
{
        xmlNodePtr data = xml_child(sheet, "sheetData");

        for (xmlNodePtr r = data ? data->children : NULL; r; r = r->next)
                for (xmlNodePtr c = r->children; c; c = c->next) {
                        const char *name = xml_is(c, "c") ? xml_value(c, "r") : NULL;
                        int at_row, at_column;

                        if (name && xlsx_cell_name(name, &at_row, &at_column) && at_row == row &&
                            at_column == column)
                                return c;
                }
        return NULL;
}

/* The tree of the sheet that a range names before its "!", for the caller to free; NULL: none is named. */
static xmlDocPtr named_sheet(struct xlsx_book *book, const char *range)
{
        const char *bang = strrchr(range, '!');
        size_t size = bang ? (size_t)(bang - range) : 0;
        xmlNodePtr sheets = xml_child(book->workbook, "sheets");
        xmlDocPtr tree = NULL;

        if (size > 1 && *range == '\'') {
                range++;
                size -= 2;
        }
        for (xmlNodePtr node = size && sheets ? sheets->children : NULL; node; node = node->next) {
                const char *name = xml_value(node, "name");
                const char *part = opc_by_id(&book->links, xml_value(node, "id"));

                if (name && part && strlen(name) == size && !memcmp(name, range, size))
                        return xml_read(book->archive, part, &tree, NULL) == 0 ? tree : NULL;
        }
        return NULL;
}

char *xlsx_range_entry(struct xlsx_book *book, xmlNodePtr sheet, const char *range, int index)
{
        int row, column;
        xmlDocPtr other;
        xmlNodePtr cell, string;
        char *value = NULL, *text = NULL;

        if (index < 1 || !xlsx_cell_name(range, &row, &column))
                return NULL;
        other = named_sheet(book, range);
        cell = cell_at(other ? xml_root(other) : sheet, row + index - 1, column);
        if (cell && xml_child(cell, "v"))
                value = xml_text(xml_child(cell, "v"));
        string = value && xml_value_is(cell, "t", "s") ? shared(book, value) : xml_child(cell, "is");
        if (string && xml_child(string, "t"))
                text = text_of(xml_child(string, "t"));
        else if (value)
                text = xstrdup(value);
        xmlFree(value);
        xmlFreeDoc(other);
        return text;
}
