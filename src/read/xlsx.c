/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/xlsx.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/archive.h"
#include "read/xlsx_book.h"
#include "read/xml.h"

enum { STRINGS_MAX = 200000, SHEETS_MAX = 100 };

static void index_strings(struct xlsx_book *book, xmlNodePtr root)
{
        size_t room = 0;

        for (xmlNodePtr node = root ? root->children : NULL; node && book->string_count < STRINGS_MAX;
             node = node->next) {
                if (!xml_is(node, "si"))
                        continue;
                if (book->string_count == room) {
                        room = room * 2 + 64;
                        book->strings = xreallocarray(book->strings, room, sizeof(xmlNodePtr));
                }
                book->strings[book->string_count++] = node;
        }
}

static bool is_hidden(xmlNodePtr sheet)
{
        const char *state = xml_value(sheet, "state");

        return state && strcmp(state, "visible") != 0;
}

static void read_sheets(struct xlsx_book *book)
{
        xmlNodePtr sheets = xml_child(book->workbook, "sheets");
        int count = 0;

        for (xmlNodePtr node = sheets ? sheets->children : NULL; node && count < SHEETS_MAX;
             node = node->next) {
                const char *part = xml_is(node, "sheet") && !is_hidden(node)
                                       ? opc_by_id(&book->links, xml_value(node, "id"))
                                       : NULL;

                if (part) {
                        xlsx_sheet_read(book, part);
                        count++;
                }
        }
        if (!count)
                document_problem(book->draft.doc, DOCUMENT_DAMAGED);
}

/* A part that need not be there. */
static xmlDocPtr other_part(const struct xlsx_book *book, const char *type)
{
        const char *part = opc_by_type(&book->links, type);
        xmlDocPtr tree = NULL;

        return part && xml_read(book->archive, part, &tree, NULL) == 0 ? tree : NULL;
}

static void read_book(struct xlsx_book *book, struct document *doc)
{
        xmlDocPtr strings = other_part(book, "/sharedStrings"), styles = other_part(book, "/styles");
        const char *date = xml_value(xml_child(book->workbook, "workbookPr"), "date1904");

        book->from_1904 = date && (!strcmp(date, "1") || !strcmp(date, "true"));
        if (opc_by_type(&book->links, "/sharedStrings") && !strings)
                document_problem(doc, DOCUMENT_DAMAGED);
        index_strings(book, xml_root(strings));
        xlsx_styles_read(xml_root(styles), &book->styles);
        draft_init(&book->draft, doc);
        read_sheets(book);
        draft_free(&book->draft);
        xlsx_styles_free(&book->styles);
        free(book->strings);
        xmlFreeDoc(strings);
        xmlFreeDoc(styles);
}

static int read_package(struct archive *archive, struct document *doc, struct err *err)
{
        CLEANUP_FREE char *part = opc_main_part(archive, "xl/workbook.xml");
        struct xlsx_book book = { .archive = archive };
        xmlDocPtr tree = NULL;

        if (str_contains_nocase(part, ".bin"))
                return err_set(err, ERR_INPUT, "a format that is read by a person");
        if (xml_read(archive, part, &tree, err) < 0)
                return -1;
        book.workbook = xml_root(tree);
        opc_links_read(archive, part, &book.links);
        opc_note_macros(archive, doc);
        read_book(&book, doc);
        opc_links_free(&book.links);
        xmlFreeDoc(tree);
        return 0;
}

void xlsx_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc)
{
        struct archive *archive = NULL;
        struct err err = { 0 };

        if (archive_open(bytes, size, bounds, &archive, &err) < 0 || read_package(archive, doc, &err) < 0)
                document_problem(doc, err.text);
        archive_close(archive);
}
