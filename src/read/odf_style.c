/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/odf_style.h"

#include <libxml/hash.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/draft.h"
#include "read/xml.h"

enum { PARENTS_MAX = 16, WEIGHT_BOLD = 600 };

struct odf_styles {
        xmlHashTablePtr styles; /* (name, family) -> style:style */
        xmlHashTablePtr fonts;  /* name -> style:font-face */
};

/* "urn:oasis:names:tc:opendocument:xmlns:text:1.0", "urn:org:…:office:xmlns:loext:1.0" */
bool odf_is(xmlNodePtr node, const char *name)
{
        const char *colon = strchr(name, ':'), *space;
        size_t size = colon ? (size_t)(colon - name) : 0;

        if (!colon || node->type != XML_ELEMENT_NODE || strcmp((const char *)node->name, colon + 1) != 0 ||
            !node->ns || !node->ns->href)
                return false;
        space = strstr((const char *)node->ns->href, "xmlns:");
        return space && !strncmp(space + 6, name, size) && space[6 + size] == ':';
}

struct odf_styles *odf_styles_new(void)
{
        struct odf_styles *styles = xcalloc(1, sizeof *styles);

        styles->styles = xmlHashCreate(64);
        styles->fonts = xmlHashCreate(16);
        if (!styles->styles || !styles->fonts)
                mem_die("styles");
        return styles;
}

void odf_styles_free(struct odf_styles *styles)
{
        if (!styles)
                return;
        xmlHashFree(styles->styles, NULL);
        xmlHashFree(styles->fonts, NULL);
        free(styles);
}

static void add_all(struct odf_styles *styles, xmlNodePtr parent)
{
        for (xmlNodePtr node = parent ? parent->children : NULL; node; node = node->next) {
                const char *name = xml_value(node, "name"), *family = xml_value(node, "family");

                if (!name)
                        continue;
                if (odf_is(node, "style:style") && family)
                        xmlHashUpdateEntry2(
                            styles->styles, (const xmlChar *)name, (const xmlChar *)family, node, NULL);
                else if (odf_is(node, "style:font-face"))
                        xmlHashUpdateEntry(styles->fonts, (const xmlChar *)name, node, NULL);
        }
}

void odf_styles_add(struct odf_styles *styles, xmlNodePtr root, bool automatic)
{
        add_all(styles, xml_child(root, "font-face-decls"));
        add_all(styles, xml_child(root, "styles"));
        if (automatic)
                add_all(styles, xml_child(root, "automatic-styles"));
}

/* ---- what a style says */

static void mark(struct odf_look *look, unsigned bit, bool on)
{
        look->marks = on ? look->marks | bit : look->marks & ~bit;
}

static bool is_bold(const char *weight)
{
        int64_t number;

        return !strcmp(weight, "bold") ||
               (str_to_int(weight, 0, 1000, &number) == 0 && number >= WEIGHT_BOLD);
}

static int font_of(const struct odf_styles *styles, xmlNodePtr properties)
{
        const char *name = xml_value(properties, "font-name"), *family = xml_value(properties, "font-family");
        xmlNodePtr face = name ? xmlHashLookup(styles->fonts, (const xmlChar *)name) : NULL;

        if (face && xml_value(face, "font-family"))
                return draft_font(xml_value(face, "font-family"));
        return draft_font(family ? family : name);
}

/* 20.382 and its neighbours: a stroke is a style, older files say a type. */
static void apply_text(const struct odf_styles *styles, xmlNodePtr properties, struct odf_look *look)
{
        const char *value;

        if ((value = xml_value(properties, "text-line-through-style")) ||
            (value = xml_value(properties, "text-line-through-type")))
                mark(look, RUN_STRIKE, strcmp(value, "none") != 0);
        if ((value = xml_value(properties, "text-underline-style")) ||
            (value = xml_value(properties, "text-underline-type")))
                mark(look, RUN_UNDERLINE, strcmp(value, "none") != 0);
        if ((value = xml_value(properties, "font-weight")))
                mark(look, RUN_BOLD, is_bold(value));
        if ((value = xml_value(properties, "display")))
                look->hidden = !strcmp(value, "none");
        if (xml_value(properties, "font-name") || xml_value(properties, "font-family"))
                look->font = font_of(styles, properties);
}

static void apply_cell(xmlNodePtr properties, struct odf_look *look)
{
        static const char *const sides[] = { "border", "border-top", "border-bottom", "border-left",
                "border-right" };

        for (size_t i = 0; i < sizeof sides / sizeof sides[0]; i++) {
                const char *value = xml_value(properties, sides[i]);

                if (value)
                        look->bordered = strcmp(value, "none") != 0 && strncmp(value, "0", 2) != 0;
                if (look->bordered)
                        return;
        }
}

static void apply(
    const struct odf_styles *styles, const char *family, const char *name, int depth, struct odf_look *look)
{
        xmlNodePtr node =
            name ? xmlHashLookup2(styles->styles, (const xmlChar *)name, (const xmlChar *)family) : NULL;
        xmlNodePtr table;

        if (!node || depth > PARENTS_MAX)
                return;
        apply(styles, family, xml_value(node, "parent-style-name"), depth + 1, look);
        apply_text(styles, xml_child(node, "text-properties"), look);
        apply_cell(xml_child(node, "table-cell-properties"), look);
        table = xml_child(node, "table-properties");
        if (xml_value(table, "display"))
                look->hidden = xml_value_is(table, "display", "false");
}

void odf_styles_apply(
    const struct odf_styles *styles, const char *family, const char *name, struct odf_look *look)
{
        apply(styles, family, name, 0, look);
}
