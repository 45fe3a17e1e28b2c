/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/docx_field.h"

#include <string.h>

#include "read/docx_xml.h"
#include "read/xml.h"

enum { ENTRIES_MAX = 64 };

char *docx_control_name(xmlNodePtr properties)
{
        char *name = docx_attribute(docx_child(properties, "tag"), "val");

        if (name && *name)
                return name;
        xmlFree(name);
        return docx_attribute(docx_child(properties, "alias"), "val");
}

/* w14:checkbox ([MS-DOCX] 2.6.1.3). */
int docx_control_box(xmlNodePtr properties)
{
        xmlNodePtr checkbox = xml_child(properties, "checkbox");
        const char *value = xml_value(xml_child(checkbox, "checked"), "val");

        if (!checkbox)
                return -1;
        return value && (!strcmp(value, "1") || !strcmp(value, "true") || !strcmp(value, "on"));
}

void docx_field_free(struct docx_field *field)
{
        xmlFree(field->name);
        xmlFree(field->default_text);
        *field = (struct docx_field){ 0 };
}

struct docx_field docx_field_of(xmlNodePtr data)
{
        xmlNodePtr check = docx_child(data, "checkBox"), list = docx_child(data, "ddList");
        xmlNodePtr text = docx_child(data, "textInput"), entry;
        struct docx_field field = { .name = docx_attribute(docx_child(data, "name"), "val") };
        int chosen;

        if (check) {
                field.kind = DOCX_FIELD_CHECK;
                field.checked =
                    docx_child(check, "checked") ? docx_on(check, "checked") : docx_on(check, "default");
        } else if (list) {
                field.kind = DOCX_FIELD_LIST;
                chosen = docx_number(docx_child(list, "default"), "val", ENTRIES_MAX, 0);
                chosen = docx_number(docx_child(list, "result"), "val", ENTRIES_MAX, chosen);
                for (entry = docx_child(list, "listEntry"); entry; entry = entry->next)
                        if (docx_is(entry, "listEntry") && chosen-- == 0)
                                field.chosen = entry;
        } else if (text) {
                field.kind = DOCX_FIELD_TEXT;
                field.default_text = docx_attribute(docx_child(text, "default"), "val");
        }
        return field;
}
