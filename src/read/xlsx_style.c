/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/xlsx_style.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/draft.h"
#include "read/number.h"
#include "read/xml.h"

enum { STYLES_MAX = 65536, FORMATS_MAX = 65536 };

static bool is_on(xmlNodePtr properties, const char *name)
{
        xmlNodePtr node = xml_child(properties, name);
        const char *value = xml_value(node, "val");

        return node && (!value || (strcmp(value, "0") != 0 && strcmp(value, "false") != 0 &&
                                      strcmp(value, "none") != 0));
}

struct xlsx_look xlsx_look_of(xmlNodePtr properties)
{
        struct xlsx_look look = { 0 };
        const char *name = xml_value(xml_child(properties, "rFont"), "val");

        if (is_on(properties, "b"))
                look.marks |= RUN_BOLD;
        if (is_on(properties, "u"))
                look.marks |= RUN_UNDERLINE;
        if (is_on(properties, "strike"))
                look.marks |= RUN_STRIKE;
        look.font = draft_font(name ? name : xml_value(xml_child(properties, "name"), "val"));
        return look;
}

/* The children of that name as an array, which the caller frees. */
static xmlNodePtr *list(xmlNodePtr parent, const char *name, size_t *ret_count)
{
        xmlNodePtr *items = NULL;
        size_t count = 0, room = 0;

        for (xmlNodePtr node = parent ? parent->children : NULL; node && count < STYLES_MAX;
             node = node->next) {
                if (!xml_is(node, name))
                        continue;
                if (count == room) {
                        room = room * 2 + 16;
                        items = xreallocarray(items, room, sizeof(xmlNodePtr));
                }
                items[count++] = node;
        }
        *ret_count = count;
        return items;
}

struct parts {
        xmlNodePtr *fonts, *borders, *formats;
        size_t font_count, border_count, format_count;
};

static bool is_bordered(xmlNodePtr border)
{
        for (xmlNodePtr side = border ? border->children : NULL; side; side = side->next) {
                const char *style = xml_value(side, "style");

                if (style && strcmp(style, "none") != 0)
                        return true;
        }
        return false;
}

static const char *format_of(const struct parts *parts, int id)
{
        for (size_t i = 0; i < parts->format_count; i++)
                if (xml_number(parts->formats[i], "numFmtId", 0, FORMATS_MAX, -1) == id) {
                        const char *code = xml_value(parts->formats[i], "formatCode");

                        return code ? code : "General";
                }
        return number_builtin(id);
}

/* Excel's cell check boxes of 2024 are an extension of the style. */
static bool has_complement(xmlNodePtr node)
{
        for (xmlNodePtr child = node->children; child; child = child->next)
                if (child->type == XML_ELEMENT_NODE &&
                    (str_contains_nocase((const char *)child->name, "complement") || has_complement(child)))
                        return true;
        return false;
}

static struct xlsx_cell_style style_of(const struct parts *parts, xmlNodePtr xf)
{
        size_t font = (size_t)xml_number(xf, "fontId", 0, STYLES_MAX, STYLES_MAX);
        size_t border = (size_t)xml_number(xf, "borderId", 0, STYLES_MAX, STYLES_MAX);
        struct xlsx_cell_style style = { .format = format_of(
                                             parts, xml_number(xf, "numFmtId", 0, FORMATS_MAX, 0)) };

        if (font < parts->font_count)
                style.look = xlsx_look_of(parts->fonts[font]);
        if (border < parts->border_count)
                style.bordered = is_bordered(parts->borders[border]);
        style.checkbox = has_complement(xf);
        return style;
}

void xlsx_styles_read(xmlNodePtr root, struct xlsx_styles *ret_styles)
{
        struct parts parts = { 0 };
        struct xlsx_styles styles = { 0 };
        xmlNodePtr *cells = list(xml_child(root, "cellXfs"), "xf", &styles.count);

        parts.fonts = list(xml_child(root, "fonts"), "font", &parts.font_count);
        parts.borders = list(xml_child(root, "borders"), "border", &parts.border_count);
        parts.formats = list(xml_child(root, "numFmts"), "numFmt", &parts.format_count);
        styles.cells = xcalloc(styles.count + 1, sizeof *styles.cells);
        for (size_t i = 0; i < styles.count; i++)
                styles.cells[i] = style_of(&parts, cells[i]);
        free(cells);
        free(parts.fonts);
        free(parts.borders);
        free(parts.formats);
        *ret_styles = styles;
}

void xlsx_styles_free(struct xlsx_styles *styles)
{
        free(styles->cells);
        *styles = (struct xlsx_styles){ 0 };
}
