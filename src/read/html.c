/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML as mail programs write it, through libxml2's HTML parser. Recursion follows the tree, whose depth
 * libxml2 bounds (256 elements without the "huge" option). */
#include <ctype.h>
#include <libxml/HTMLparser.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "read/draft.h"
#include "read/html_style.h"
#include "read/words.h"

enum { COLUMNS_MAX = 64, SPAN_MAX = 100, BREAKS_MAX = 2 };

struct table {
        int id, row, column;
        int busy[COLUMNS_MAX]; /* rows for which a cell from above still fills the column */
};

struct walk {
        struct draft draft;
        bool *aside;      /* a flag for each block of the draft's document */
        bool space;       /* white space waits: it counts only between words */
        int breaks;       /* line breaks wait likewise */
        unsigned waiting; /* marks of what waits */
        bool rest_quoted; /* from here to the end of the mail */
        struct table *table;
};

/* What a node hands down to its children. */
struct ways {
        struct html_style style;
        bool aside, pre;
};

static void walk_children(struct walk *w, xmlNodePtr parent, const struct ways *ways);

/* ---- text */

static void touch(struct walk *w, const struct ways *ways)
{
        const struct document *doc = w->draft.doc;
        size_t before = doc->block_count;

        draft_touch(&w->draft);
        if (doc->block_count > before)
                w->aside[doc->block_count - 1] = ways->aside || w->rest_quoted;
}

static void settle(struct walk *w, const struct ways *ways)
{
        bool inside = draft_has_text(&w->draft);

        touch(w, ways);
        for (int i = 0; inside && i < w->breaks; i++)
                draft_text(&w->draft, "\n", 1, w->waiting, NULL);
        if (inside && !w->breaks && w->space)
                draft_text(&w->draft, " ", 1, w->waiting, NULL);
        w->breaks = 0;
        w->space = false;
}

static void end_block(struct walk *w)
{
        draft_end(&w->draft);
        w->space = false;
        w->breaks = 0;
}

static void line_break(struct walk *w, const struct ways *ways)
{
        touch(w, ways);
        w->waiting = ways->style.marks;
        if (w->breaks < BREAKS_MAX)
                w->breaks++;
}

static size_t decode(const char *text, unsigned *ret_code)
{
        int left = 4;
        int code = xmlGetUTF8Char((const unsigned char *)text, &left);

        *ret_code = code < 0 ? (unsigned char)*text : (unsigned)code;
        return code < 0 ? 1 : (size_t)left;
}

/* A box drawn with a symbol font; also the private codes that Word leaves when it forgets the font. */
static bool symbol(struct walk *w, const char *text, size_t *ret_size, const struct ways *ways)
{
        unsigned code;
        int box;

        *ret_size = decode(text, &code);
        if (ways->style.font == HTML_FONT_TEXT && (code < 0xF020 || code > 0xF0FF))
                return false;
        box = draft_wingdings(code, ways->style.font == HTML_FONT_WINGDINGS2);
        if (box < 0)
                return false;
        settle(w, ways);
        draft_box(&w->draft, box == 1, ways->style.marks, NULL);
        return true;
}

static bool is_white(char c)
{
        return c == ' ' || c == '\n' || c == '\r' || c == '\t' || c == '\f';
}

static void white(struct walk *w, char c, const struct ways *ways)
{
        if (ways->pre && c == '\n') {
                line_break(w, ways);
        } else if (ways->pre && c == '\t') {
                settle(w, ways);
                draft_tab(&w->draft, ways->style.marks);
        } else if (!w->space && !w->breaks) {
                w->space = true;
                w->waiting = ways->style.marks;
        }
}

static void text_node(struct walk *w, const char *text, const struct ways *ways)
{
        while (*text) {
                size_t n = 0, size;

                if (is_white(*text)) {
                        white(w, *text++, ways);
                        continue;
                }
                if (symbol(w, text, &size, ways)) {
                        text += size;
                        continue;
                }
                do {
                        n += size;
                        if (!text[n] || is_white(text[n]))
                                break;
                        if (ways->style.font != HTML_FONT_TEXT || (unsigned char)text[n] == 0xEF)
                                break; /* may be a symbol */
                        unsigned code;
                        size = decode(text + n, &code);
                } while (true);
                settle(w, ways);
                draft_text(&w->draft, text, n, ways->style.marks, NULL);
                text += n;
        }
}

/* ---- form controls */

static char *attribute(xmlNodePtr node, const char *name)
{
        return (char *)xmlGetProp(node, (const xmlChar *)name);
}

static void field(struct walk *w, const char *value, const char *name, const struct ways *ways)
{
        settle(w, ways);
        draft_text(&w->draft, value, strlen(value), ways->style.marks | RUN_FIELD, name);
}

static void input(struct walk *w, xmlNodePtr node, const struct ways *ways)
{
        static const char *const texts[] = { "text", "email", "tel", "number", "date", "url" };
        char *type = attribute(node, "type"), *name = attribute(node, "name"),
             *value = attribute(node, "value");

        if (type && (str_equal_nocase(type, "checkbox") || str_equal_nocase(type, "radio"))) {
                settle(w, ways);
                draft_box(&w->draft, xmlHasProp(node, (const xmlChar *)"checked") != NULL,
                    ways->style.marks | RUN_FIELD, name);
        } else if (value) {
                bool is_text = !type;

                for (size_t i = 0; !is_text && i < sizeof texts / sizeof texts[0]; i++)
                        is_text = str_equal_nocase(type, texts[i]);
                if (is_text)
                        field(w, value, name, ways);
        }
        xmlFree(type);
        xmlFree(name);
        xmlFree(value);
}

static void textarea(struct walk *w, xmlNodePtr node, const struct ways *ways)
{
        char *name = attribute(node, "name"), *value = (char *)xmlNodeGetContent(node);

        if (value)
                field(w, value, name, ways);
        xmlFree(name);
        xmlFree(value);
}

static void select_options(struct walk *w, xmlNodePtr node, const char *name, const struct ways *ways)
{
        for (xmlNodePtr child = node->children; child; child = child->next) {
                if (child->type != XML_ELEMENT_NODE)
                        continue;
                if (xmlHasProp(child, (const xmlChar *)"selected")) {
                        char *value = (char *)xmlNodeGetContent(child);

                        field(w, str_trim(value), name, ways);
                        xmlFree(value);
                } else if (!xmlStrcasecmp(child->name, (const xmlChar *)"optgroup")) {
                        select_options(w, child, name, ways);
                }
        }
}

/* ---- tables */

static int span(xmlNodePtr node, const char *name)
{
        char *text = attribute(node, name);
        int64_t n = 1;

        if (text)
                (void)str_to_int(str_trim(text), 1, SPAN_MAX, &n);
        xmlFree(text);
        return (int)n;
}

static void cell(struct walk *w, xmlNodePtr node, const struct ways *ways)
{
        struct table *table = w->table;
        struct draft_place outer = w->draft.place, place;
        size_t before = w->draft.doc->block_count;

        while (table->column < COLUMNS_MAX && table->busy[table->column] > 0)
                table->column++;
        place = (struct draft_place){ .kind = DOCUMENT_CELL,
                .table = table->id,
                .row = table->row < 0 ? 0 : table->row,
                .column = table->column,
                .row_span = span(node, "rowspan"),
                .column_span = span(node, "colspan") };
        end_block(w);
        draft_at(&w->draft, &place);
        walk_children(w, node, ways);
        if (w->draft.doc->block_count == before)
                touch(w, ways);
        end_block(w);
        draft_at(&w->draft, &outer);
        w->table = table;
        for (int i = 0; i < place.column_span && table->column < COLUMNS_MAX; i++)
                table->busy[table->column++] = place.row_span;
}

static void row(struct walk *w, xmlNodePtr node, const struct ways *ways)
{
        struct table *table = w->table;

        for (size_t i = 0; i < COLUMNS_MAX; i++)
                table->busy[i] -= table->busy[i] > 0;
        table->row++;
        table->column = 0;
        walk_children(w, node, ways);
}

static void table_node(struct walk *w, xmlNodePtr node, const struct ways *ways)
{
        struct table *outer = w->table, table = { .id = w->draft.tables++, .row = -1 };
        struct draft_place place = w->draft.place;

        end_block(w);
        w->table = &table;
        walk_children(w, node, ways);
        w->table = outer;
        end_block(w);
        draft_at(&w->draft, &place);
}

/* ---- elements */

static void block_node(struct walk *w, xmlNodePtr node, const struct ways *ways)
{
        bool item =
            !xmlStrcmp(node->name, (const xmlChar *)"li") && w->draft.place.kind == DOCUMENT_PARAGRAPH;

        end_block(w);
        if (item)
                w->draft.place.kind = DOCUMENT_ITEM;
        walk_children(w, node, ways);
        end_block(w);
        if (item)
                w->draft.place.kind = DOCUMENT_PARAGRAPH;
}

static void controls(struct walk *w, xmlNodePtr node, enum html_element what, const struct ways *ways)
{
        if (what == HTML_INPUT) {
                input(w, node, ways);
        } else if (what == HTML_TEXTAREA) {
                textarea(w, node, ways);
        } else {
                char *name = attribute(node, "name");

                select_options(w, node, name, ways);
                xmlFree(name);
        }
}

static void element(struct walk *w, xmlNodePtr node, const struct ways *outer)
{
        enum html_element what = html_element_of((const char *)node->name);
        struct ways ways = *outer;
        bool quoted;

        if (what == HTML_SKIPPED || html_style_apply(node, &ways.style))
                return;
        quoted = html_is_quoted(node, &w->rest_quoted);
        ways.aside |= quoted;
        ways.pre |= what == HTML_PRE;
        if (quoted)
                end_block(w);
        if (what == HTML_BREAK)
                line_break(w, &ways);
        else if (what == HTML_TABLE)
                table_node(w, node, &ways);
        else if (what == HTML_ROW && w->table)
                row(w, node, &ways);
        else if (what == HTML_CELL && w->table)
                cell(w, node, &ways);
        else if (what == HTML_INPUT || what == HTML_TEXTAREA || what == HTML_SELECT)
                controls(w, node, what, &ways);
        else if (what != HTML_INLINE)
                block_node(w, node, &ways);
        else
                walk_children(w, node, &ways);
        if (quoted)
                end_block(w);
}

static void walk_children(struct walk *w, xmlNodePtr parent, const struct ways *ways)
{
        for (xmlNodePtr node = parent->children; node; node = node->next) {
                if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
                        text_node(w, (const char *)node->content, ways);
                else if (node->type == XML_ELEMENT_NODE)
                        element(w, node, ways);
        }
}

static htmlDocPtr parse(const char *html, struct document *doc)
{
        htmlParserCtxtPtr parser = htmlNewParserCtxt();
        htmlDocPtr tree = htmlCtxtReadMemory(parser, html, (int)strlen(html), NULL, "UTF-8",
            HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                HTML_PARSE_COMPACT | HTML_PARSE_IGNORE_ENC);

        if (!tree)
                document_problem(doc, "the HTML cannot be read");
        else if (parser->disableSAX) /* the parser stopped by itself */
                document_problem(doc, "the HTML is too deep to be read whole");
        htmlFreeParserCtxt(parser);
        return tree;
}

void html_read_all(const char *html, struct document *doc, bool *aside)
{
        htmlDocPtr tree = parse(html, doc);
        struct walk w = { .aside = aside };
        const struct ways ways = { 0 };

        if (!tree)
                return;
        draft_init(&w.draft, doc);
        walk_children(&w, (xmlNodePtr)tree, &ways);
        draft_free(&w.draft);
        xmlFreeDoc(tree);
}

void html_read_document(const char *html, struct document *doc)
{
        bool *aside = xcalloc(LIMIT_DOC_BLOCKS, sizeof *aside);

        html_read_all(html, doc, aside);
        free(aside);
}
