/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/xlsx_control.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "read/archive.h"
#include "read/opc.h"
#include "read/xml.h"

enum {
        CONTROLS_MAX = 500,
        VML_MAX = 8 * 1024 * 1024,
        ROW_MAX = 1048575,
        COLUMN_MAX = 16383,
        COLUMN_PIXELS = 64, /* a column nobody made wider, a row nobody made higher */
        ROW_PIXELS = 20,
        BOX_PIXELS = 8, /* half a check box */
        EMU_A_PIXEL = 9525,
};

/* ---- where */

size_t xlsx_cell_name(const char *text, int *ret_row, int *ret_column)
{
        const char *bang = strrchr(text, '!'), *at = bang ? bang + 1 : text;
        int column = 0;
        long row = 0;

        at += *at == '$';
        for (; *at >= 'A' && *at <= 'Z' && column <= COLUMN_MAX; at++)
                column = column * 26 + *at - 'A' + 1;
        at += *at == '$';
        for (; *at >= '0' && *at <= '9' && row <= ROW_MAX + 1; at++)
                row = row * 10 + *at - '0';
        if (!column || column > COLUMN_MAX + 1 || row < 1 || row > ROW_MAX + 1)
                return 0;
        *ret_row = (int)row - 1;
        *ret_column = column - 1;
        return (size_t)(at - text);
}

static double column_pixels(xmlNodePtr sheet, int column)
{
        xmlNodePtr cols = xml_child(sheet, "cols");

        for (xmlNodePtr node = cols ? cols->children : NULL; node; node = node->next) {
                int min = xml_number(node, "min", 1, COLUMN_MAX + 1, 0);
                int max = xml_number(node, "max", 1, COLUMN_MAX + 1, 0);
                const char *width = xml_value(node, "width");

                if (xml_is(node, "col") && width && column + 1 >= min && column + 1 <= max)
                        return strtod(width, NULL) * 7 + 5;
        }
        return COLUMN_PIXELS;
}

static double row_pixels(xmlNodePtr sheet, int row)
{
        xmlNodePtr data = xml_child(sheet, "sheetData");

        for (xmlNodePtr node = data ? data->children : NULL; node; node = node->next)
                if (xml_number(node, "r", 1, ROW_MAX + 1, 0) == row + 1 && xml_value(node, "ht"))
                        return strtod(xml_value(node, "ht"), NULL) * 4 / 3;
        return ROW_PIXELS;
}

static double share(double part, double whole)
{
        double s = whole > 0 ? part / whole : 0;

        return s > 0 && s < 1 ? s : s > 0 ? 0.99 : 0;
}

/* The cell in which the box itself is, at the left end of the control, in the middle of its height. */
static void place(xmlNodePtr sheet, const double from[4], const double to[4], struct xlsx_control *control)
{
        int column = (int)from[0];
        double left = from[1], width = column_pixels(sheet, column), top, bottom;

        if (left + BOX_PIXELS >= width) {
                column++;
                left = 0;
        }
        top = from[2] + share(from[3], row_pixels(sheet, (int)from[2]));
        bottom = to[2] + share(to[3], row_pixels(sheet, (int)to[2]));
        control->row = (int)((top + bottom) / 2);
        control->column = column;
        control->left = left < 1e6 ? (int)left : 1000000;
}

static bool is_place(const double *numbers)
{
        static const double most[] = { COLUMN_MAX - 1, 1e6, ROW_MAX, 1e6 };

        for (size_t i = 0; i < 4; i++)
                if (!(numbers[i] >= 0 && numbers[i] <= most[i]))
                        return false;
        return true;
}

/* ---- one more */

static struct xlsx_control *add(struct xlsx_controls *controls, const struct xlsx_control *control)
{
        if (controls->count == CONTROLS_MAX)
                return NULL;
        controls->items = xreallocarray(controls->items, controls->count + 1, sizeof *controls->items);
        controls->items[controls->count] = *control;
        controls->items[controls->count].words = xstrdup("");
        return &controls->items[controls->count++];
}

static struct xlsx_control *find(struct xlsx_controls *controls, long shape)
{
        for (size_t i = 0; i < controls->count; i++)
                if (shape > 0 && controls->items[i].shape == shape)
                        return &controls->items[i];
        return NULL;
}

static int kind_of(const char *type)
{
        static const struct {
                const char *type;
                int kind;
        } kinds[] = { { "Checkbox", XLSX_BOX }, { "CheckBox", XLSX_BOX }, { "Radio", XLSX_BOX },
                { "Drop", XLSX_LIST }, { "List", XLSX_LIST }, { "Label", XLSX_WORDS } };

        for (size_t i = 0; type && i < sizeof kinds / sizeof kinds[0]; i++)
                if (!strcmp(type, kinds[i].type))
                        return kinds[i].kind;
        return -1;
}

/* ---- the legacy drawing */

static char *client_text(xmlNodePtr data, const char *name)
{
        xmlNodePtr node = xml_child(data, name);
        char *text = node ? xml_text(node) : NULL, *copy = text ? xstrdup(str_trim(text)) : NULL;

        xmlFree(text);
        return copy;
}

static bool vml_place(xmlNodePtr sheet, xmlNodePtr data, struct xlsx_control *control)
{
        CLEANUP_FREE char *anchor = client_text(data, "Anchor");
        double numbers[8] = { 0 };
        char *at = anchor;

        for (size_t i = 0; at && i < 8; i++) {
                char *end;

                numbers[i] = strtod(at, &end);
                if (end == at)
                        return false;
                at = end + strspn(end, ", \r\n\t");
        }
        if (!anchor || !is_place(numbers) || !is_place(numbers + 4))
                return false;
        place(sheet, numbers, numbers + 4, control);
        return true;
}

/* "_x0000_s1025" */
static long shape_number(const char *id)
{
        const char *s = id ? strrchr(id, 's') : NULL;

        return s ? strtol(s + 1, NULL, 10) : 0;
}

static int vml_number(xmlNodePtr data, const char *name)
{
        CLEANUP_FREE char *text = client_text(data, name);
        int64_t number;

        return text && str_to_int(text, 0, 10000, &number) == 0 ? (int)number : 0;
}

static void vml_shape(struct xlsx_controls *controls, xmlNodePtr sheet, xmlNodePtr shape)
{
        xmlNodePtr data = xml_child(shape, "ClientData"), box = xml_child(shape, "textbox");
        const char *type = xml_value(data, "ObjectType");
        struct xlsx_control control = { .shape = shape_number(xml_value(shape, "id")) }, *added;
        int kind = kind_of(type);
        char *text;

        if (kind < 0 || !vml_place(sheet, data, &control)) {
                controls->unknown = controls->unknown || str_equal(type, "Pict");
                return;
        }
        control.kind = (unsigned)kind;
        control.on = vml_number(data, "Checked") == 1;
        control.chosen = vml_number(data, "Sel");
        added = add(controls, &control);
        if (!added)
                return;
        added->range = client_text(data, "FmlaRange");
        added->link = client_text(data, "FmlaLink");
        text = box ? xml_text(box) : NULL;
        if (text) {
                free(added->words);
                added->words = xstrdup(str_trim(text));
        }
        xmlFree(text);
}

static void vml_shapes(struct xlsx_controls *controls, xmlNodePtr sheet, xmlNodePtr parent)
{
        for (xmlNodePtr node = parent->children; node; node = node->next) {
                if (xml_is(node, "shape"))
                        vml_shape(controls, sheet, node);
                else if (node->type == XML_ELEMENT_NODE)
                        vml_shapes(controls, sheet, node);
        }
}

/* Excel does not close "<br>". */
static void close_breaks(const char *text, struct buf *out)
{
        const char *at;

        while ((at = strstr(text, "<br>"))) {
                buf_add(out, text, (size_t)(at - text));
                buf_puts(out, "<br/>");
                text = at + 4;
        }
        buf_puts(out, text);
}

static void read_vml(
    struct archive *archive, const struct opc_links *links, xmlNodePtr sheet, struct xlsx_controls *controls)
{
        const char *part = opc_by_type(links, "/vmlDrawing");
        struct buf bytes = { 0 }, closed = BUF_INIT(VML_MAX);
        xmlDocPtr tree = NULL;

        if (!part || archive_read(archive, part, &bytes, NULL) < 0)
                return;
        close_breaks(buf_text(&bytes), &closed);
        if (xml_parse_loosely(buf_text(&closed), closed.size, &tree, NULL) == 0 && xml_root(tree))
                vml_shapes(controls, sheet, xml_root(tree));
        xmlFreeDoc(tree);
        buf_free(&bytes);
        buf_free(&closed);
}

/* ---- the controls of 2010: their state is the newer one */

static void anchor_numbers(xmlNodePtr corner, double numbers[4])
{
        static const char *const names[] = { "col", "colOff", "row", "rowOff" };

        for (size_t i = 0; i < 4; i++) {
                xmlNodePtr node = xml_child(corner, names[i]);
                char *text = node ? xml_text(node) : NULL;

                numbers[i] = text ? strtod(text, NULL) / (i % 2 ? EMU_A_PIXEL : 1) : -1;
                xmlFree(text);
        }
}

static void set(char **text, const char *value)
{
        if (!value)
                return;
        free(*text);
        *text = xstrdup(value);
}

static void read_state(xmlNodePtr properties, struct xlsx_control *control)
{
        control->on = xml_value_is(properties, "checked", "Checked");
        control->chosen = xml_number(properties, "sel", 0, 10000, control->chosen);
        set(&control->range, xml_value(properties, "fmlaRange"));
        set(&control->link, xml_value(properties, "fmlaLink"));
}

static void new_control(struct archive *archive, const struct opc_links *links, xmlNodePtr sheet,
    xmlNodePtr node, struct xlsx_controls *controls)
{
        const char *part = opc_by_id(links, xml_value(node, "id"));
        long shape = xml_number(node, "shapeId", 0, INT32_MAX, 0);
        struct xlsx_control *known = find(controls, shape), control = { .shape = shape };
        xmlNodePtr anchor = xml_child(xml_child(node, "controlPr"), "anchor");
        double from[4], to[4];
        xmlDocPtr tree = NULL;
        int kind;

        if (!part || xml_read(archive, part, &tree, NULL) < 0)
                return;
        kind = kind_of(xml_value(xml_root(tree), "objectType"));
        anchor_numbers(xml_child(anchor, "from"), from);
        anchor_numbers(xml_child(anchor, "to"), to);
        if (!known && kind >= 0 && is_place(from) && is_place(to)) {
                control.kind = (unsigned)kind;
                place(sheet, from, to, &control);
                known = add(controls, &control);
        }
        if (known)
                read_state(xml_root(tree), known);
        else if (!xml_value(xml_root(tree), "objectType"))
                controls->unknown = true; /* ActiveX */
        xmlFreeDoc(tree);
}

static void read_new(struct archive *archive, const struct opc_links *links, xmlNodePtr sheet,
    xmlNodePtr parent, struct xlsx_controls *controls)
{
        for (xmlNodePtr node = parent->children; node; node = node->next) {
                if (xml_is(node, "control"))
                        new_control(archive, links, sheet, node, controls);
                else if (xml_is(node, "controls") || xml_is(node, "AlternateContent") ||
                         xml_is(node, "Choice"))
                        read_new(archive, links, sheet, node, controls);
        }
}

/* ---- all together */

static int compare(const void *a, const void *b)
{
        const struct xlsx_control *x = a, *y = b;

        if (x->row != y->row)
                return x->row < y->row ? -1 : 1;
        if (x->column != y->column)
                return x->column < y->column ? -1 : 1;
        return x->left != y->left ? (x->left < y->left ? -1 : 1)
                                  : (x->shape > y->shape) - (x->shape < y->shape);
}

void xlsx_controls_read(struct archive *archive, const struct opc_links *links, xmlNodePtr sheet,
    struct xlsx_controls *ret_controls)
{
        struct xlsx_controls controls = { 0 };

        read_vml(archive, links, sheet, &controls);
        read_new(archive, links, sheet, sheet, &controls);
        if (controls.count)
                qsort(controls.items, controls.count, sizeof *controls.items, compare);
        *ret_controls = controls;
}

void xlsx_controls_free(struct xlsx_controls *controls)
{
        for (size_t i = 0; i < controls->count; i++) {
                free(controls->items[i].words);
                free(controls->items[i].range);
                free(controls->items[i].link);
        }
        free(controls->items);
        *controls = (struct xlsx_controls){ 0 };
}
