/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/docx_xml.h"

#include <stdint.h>
#include <string.h>

#include "base/str.h"
#include "read/xml.h"

static const char transitional[] = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
static const char strict[] = "http://purl.oclc.org/ooxml/wordprocessingml/main";

static bool is_word(const xmlNs *ns)
{
        return ns && ns->href &&
               (!strcmp((const char *)ns->href, transitional) || !strcmp((const char *)ns->href, strict));
}

bool docx_is(xmlNodePtr node, const char *name)
{
        return xml_is(node, name) && is_word(node->ns);
}

xmlNodePtr docx_child(xmlNodePtr node, const char *name)
{
        for (xmlNodePtr child = node ? node->children : NULL; child; child = child->next)
                if (docx_is(child, name))
                        return child;
        return NULL;
}

char *docx_attribute(xmlNodePtr node, const char *name)
{
        for (xmlAttrPtr a = node ? node->properties : NULL; a; a = a->next)
                if (!strcmp((const char *)a->name, name) && (!a->ns || is_word(a->ns)))
                        return (char *)xmlNodeListGetString(node->doc, a->children, 1);
        return NULL;
}

/* ECMA-376 Part 1, 17.17.4 ST_OnOff: absent means on. "none" is the underline that is none. */
bool docx_on(xmlNodePtr parent, const char *name)
{
        xmlNodePtr node = docx_child(parent, name);
        char *value;
        bool on;

        if (!node)
                return false;
        value = docx_attribute(node, "val");
        on = !value || (strcmp(value, "0") != 0 && strcmp(value, "false") != 0 && strcmp(value, "off") != 0 &&
                           strcmp(value, "none") != 0);
        xmlFree(value);
        return on;
}

int docx_number(xmlNodePtr node, const char *name, int max, int otherwise)
{
        char *value = docx_attribute(node, name);
        int64_t number = otherwise;

        if (value && str_to_int(value, 0, max, &number) < 0)
                number = otherwise;
        xmlFree(value);
        return (int)number;
}

static bool has_text(xmlNodePtr node)
{
        for (xmlNodePtr child = node->children; child; child = child->next)
                if (docx_is(child, "t") || has_text(child))
                        return true;
        return false;
}

xmlNodePtr docx_alternative(xmlNodePtr node)
{
        xmlNodePtr chosen = NULL;

        for (xmlNodePtr child = node->children; child; child = child->next) {
                if (xml_is(child, "Choice") && has_text(child))
                        return child;
                if (xml_is(child, "Fallback"))
                        chosen = child;
        }
        return chosen;
}

/* ---- drawings */

static bool has_box(xmlNodePtr node)
{
        for (xmlNodePtr child = node->children; child; child = child->next)
                if (child->type == XML_ELEMENT_NODE && (docx_is(child, "txbxContent") || has_box(child)))
                        return true;
        return false;
}

static bool is_round(xmlNodePtr shape)
{
        static const char *const kinds[] = { "ellipse", "donut", "flowChartConnector", "arc", "mathMultiply",
                "noSmoking", NULL };
        xmlNodePtr properties = xml_child(shape, "spPr"), geometry = xml_child(properties, "prstGeom");

        for (size_t i = 0; geometry && kinds[i]; i++)
                if (xml_value_is(geometry, "prst", kinds[i]))
                        return true;
        return xml_child(properties, "custGeom") != NULL;
}

bool docx_is_ring(xmlNodePtr node)
{
        /* VML, ink, and DrawingML. */
        if (xml_is(node, "oval") || xml_is(node, "curve") || xml_is(node, "polyline"))
                return !has_box(node);
        if (xml_is(node, "contentPart") || xml_is(node, "inkAtom"))
                return true;
        if (xml_is(node, "wsp"))
                return is_round(node) && !has_box(node);
        for (xmlNodePtr child = node->children; child; child = child->next)
                if (child->type == XML_ELEMENT_NODE && !docx_is(child, "txbxContent") && docx_is_ring(child))
                        return true;
        return false;
}
