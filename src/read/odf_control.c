/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/odf_control.h"

#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "read/odf_mend.h"
#include "read/odf_text.h"
#include "read/xml.h"

enum { ENTRIES_MAX = 256 };

static bool is_true(const char *value)
{
        return value && (!strcmp(value, "true") || !strcmp(value, "1"));
}

static void put_value(
    struct odf *o, const char *text, unsigned marks, const char *name, const struct odf_ways *ways)
{
        if (!text || !*text)
                return;
        draft_text(&o->draft, text, strlen(text), ways->marks | RUN_FIELD | marks, name);
        o->space = false;
}

static void put_box(struct odf *o, bool on, const char *name, const struct odf_ways *ways)
{
        draft_box(&o->draft, on, ways->marks | RUN_FIELD, name);
        o->space = false;
}

/* ---- form:* */

static xmlNodePtr control_of(const struct odf *o, xmlNodePtr node)
{
        const char *id = xml_value(node, "control");

        return id ? xmlHashLookup(o->controls, (const xmlChar *)id) : NULL;
}

static bool is_box(xmlNodePtr control)
{
        return odf_is(control, "form:checkbox") || odf_is(control, "form:radio");
}

static bool is_on(xmlNodePtr control)
{
        bool check = odf_is(control, "form:checkbox");
        const char *now = xml_value(control, check ? "current-state" : "current-selected");

        if (!now)
                now = xml_value(control, check ? "state" : "selected");
        return is_true(now) || str_equal(now, "checked");
}

/* The entries chosen now; those chosen from the beginning when nobody touched the list. */
static void put_list(struct odf *o, xmlNodePtr control, const struct odf_ways *ways)
{
        const char *attribute = "selected";
        bool first = true;

        for (xmlNodePtr entry = control->children; entry; entry = entry->next)
                if (odf_is(entry, "form:option") && xml_value(entry, "current-selected"))
                        attribute = "current-selected";
        for (xmlNodePtr entry = control->children; entry; entry = entry->next) {
                if (!odf_is(entry, "form:option") || !is_true(xml_value(entry, attribute)))
                        continue;
                if (!first)
                        put_value(o, ", ", 0, xml_value(control, "name"), ways);
                first = false;
                put_value(o, xml_value(entry, "label"), 0, xml_value(control, "name"), ways);
        }
}

/* What stands there from the beginning is no answer. */
static void put_text(struct odf *o, xmlNodePtr control, const struct odf_ways *ways)
{
        const char *name = xml_value(control, "name"), *now = xml_value(control, "current-value");
        const char *before = xml_value(control, "value");

        if (now)
                put_value(o, now, 0, name, ways);
        else if (before)
                put_value(o, before, RUN_PLACEHOLDER, name, ways);
        else
                for (xmlNodePtr node = control->children; node; node = node->next)
                        if (odf_is(node, "text:p")) {
                                char *text = xml_text(node);

                                put_value(o, text, 0, name, ways);
                                xmlFree(text);
                        }
}

void odf_control(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        static const char *const texts[] = { "form:text", "form:textarea", "form:formatted-text",
                "form:number", "form:date", "form:time", "form:combobox" };
        xmlNodePtr control = control_of(o, node);

        if (!control || ways->look.hidden)
                return;
        if (is_box(control)) {
                put_box(o, is_on(control), xml_value(control, "name"), ways);
                odf_put(o, xml_value(control, "label"), ways);
        } else if (odf_is(control, "form:listbox")) {
                put_list(o, control, ways);
        } else if (odf_is(control, "form:fixed-text")) {
                odf_put(o, xml_value(control, "label"), ways);
        }
        for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
                if (odf_is(control, texts[i]))
                        put_text(o, control, ways);
}

bool odf_control_floats(xmlNodePtr node)
{
        return !xml_value_is(node, "anchor-type", "as-char");
}

bool odf_control_is_bare_box(const struct odf *o, xmlNodePtr node)
{
        xmlNodePtr control = control_of(o, node);

        return control && is_box(control) && str_is_empty(xml_value(control, "label"));
}

/* ---- loext:content-control */

bool odf_content_control(
    struct odf *o, xmlNodePtr node, const struct odf_ways *outer, struct odf_ways *ret_ways)
{
        const char *tag = xml_value(node, "tag");

        *ret_ways = *outer;
        ret_ways->name = tag && *tag ? tag : xml_value(node, "alias");
        if (is_true(xml_value(node, "showing-place-holder")))
                ret_ways->marks |= RUN_PLACEHOLDER;
        if (is_true(xml_value(node, "checkbox"))) {
                put_box(o, is_true(xml_value(node, "checked")), ret_ways->name, outer);
                return false;
        }
        ret_ways->marks |= RUN_FIELD;
        return true;
}

/* ---- field:fieldmark */

static const char *param(xmlNodePtr node, const char *wanted, size_t nth)
{
        for (xmlNodePtr child = node->children; child; child = child->next) {
                const char *name = xml_is(child, "param") ? xml_value(child, "name") : NULL;

                if (name && str_contains_nocase(name, wanted) && nth-- == 0)
                        return xml_value(child, "value");
        }
        return NULL;
}

static bool is_type(xmlNodePtr node, const char *type)
{
        const char *value = xml_value(node, "type");

        return value && str_contains_nocase(value, type);
}

static void single_mark(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        const char *name = xml_value(node, "name"), *chosen = param(node, "Dropdown_Selected", 0);
        int64_t index;

        if (is_type(node, "FORMCHECKBOX"))
                put_box(o, is_true(param(node, "Checkbox_Checked", 0)), name, ways);
        else if (is_type(node, "FORMDROPDOWN") && chosen && str_to_int(chosen, 0, ENTRIES_MAX, &index) == 0)
                put_value(o, param(node, "ListEntry", (size_t)index), 0, name, ways);
}

bool odf_fieldmark(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        if (odf_is(node, "field:fieldmark")) {
                single_mark(o, node, ways);
        } else if (odf_is(node, "field:fieldmark-start")) {
                bool text = is_type(node, "FORMTEXT") || is_type(node, "FORMDATE");

                if (o->field_count < ODF_FIELDS_MAX)
                        o->fields[o->field_count++] = (struct odf_field){ text, xml_value(node, "name") };
                else
                        o->field_over++;
        } else if (odf_is(node, "field:fieldmark-end")) {
                if (o->field_over)
                        o->field_over--;
                else if (o->field_count)
                        o->field_count--;
        } else {
                return false;
        }
        return true;
}

/* ---- text:* */

/* Its own text is what it shows; nothing chosen shows the first entry or a name. */
static void drop_down(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        for (xmlNodePtr child = node->children; child; child = child->next)
                if (odf_is(child, "text:label") && is_true(xml_value(child, "current-selected")))
                        put_value(o, xml_value(child, "value"), 0, xml_value(node, "name"), ways);
}

static void input(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        char *text = xml_text(node);
        CLEANUP_FREE char *mended = NULL;
        bool untouched = str_equal(text, xml_value(node, "description"));
        unsigned marks = untouched ? RUN_PLACEHOLDER : 0;

        if (text && o->breaks > 0) {
                mended = odf_mend(text, (size_t)o->breaks);
                marks |= mended ? 0u : RUN_DOUBTFUL;
        }
        put_value(o, mended ? mended : text, marks, NULL, ways);
        o->breaks = -1;
        xmlFree(text);
}

bool odf_input(struct odf *o, xmlNodePtr node, const struct odf_ways *ways)
{
        if (odf_is(node, "text:drop-down"))
                drop_down(o, node, ways);
        else if (odf_is(node, "text:text-input"))
                input(o, node, ways);
        else
                return false;
        return true;
}
