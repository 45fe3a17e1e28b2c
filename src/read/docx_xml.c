/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/docx_xml.h"

#include <libxml/parser.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "read/archive.h"

static const char transitional[] = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
static const char strict[] = "http://purl.oclc.org/ooxml/wordprocessingml/main";

int docx_xml_parse(const char *bytes, size_t size, xmlDocPtr *ret_tree, struct err *err)
{
        xmlDocPtr tree =
            size > INT32_MAX
                ? NULL
                : xmlReadMemory(bytes, (int)size, NULL, NULL,
                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_COMPACT);

        if (!tree)
                return err_set(err, ERR_INPUT, "the document is damaged");
        if (tree->intSubset) { /* ECMA-376 Part 2, 8.1.4 forbids it: somebody wants entities expanded */
                xmlFreeDoc(tree);
                return err_set(err, ERR_INPUT, "the document is not as Word writes it");
        }
        *ret_tree = tree;
        return 0;
}

static bool is_word(const xmlNs *ns)
{
        return ns && ns->href &&
               (!strcmp((const char *)ns->href, transitional) || !strcmp((const char *)ns->href, strict));
}

bool docx_is_local(xmlNodePtr node, const char *name)
{
        return node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name);
}

bool docx_is(xmlNodePtr node, const char *name)
{
        return docx_is_local(node, name) && is_word(node->ns);
}

xmlNodePtr docx_child(xmlNodePtr node, const char *name)
{
        for (xmlNodePtr child = node ? node->children : NULL; child; child = child->next)
                if (docx_is(child, name))
                        return child;
        return NULL;
}

xmlNodePtr docx_local_child(xmlNodePtr node, const char *name)
{
        for (xmlNodePtr child = node ? node->children : NULL; child; child = child->next)
                if (docx_is_local(child, name))
                        return child;
        return NULL;
}

char *docx_local_attribute(xmlNodePtr node, const char *name)
{
        for (xmlAttrPtr a = node ? node->properties : NULL; a; a = a->next)
                if (!strcmp((const char *)a->name, name))
                        return (char *)xmlNodeListGetString(node->doc, a->children, 1);
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
                if (docx_is_local(child, "Choice") && has_text(child))
                        return child;
                if (docx_is_local(child, "Fallback"))
                        chosen = child;
        }
        return chosen;
}

char *docx_main_part(struct archive *archive)
{
        struct buf bytes = { 0 };
        xmlDocPtr tree = NULL;
        char *name = NULL;

        if (archive_read(archive, "_rels/.rels", &bytes, NULL) == 0 &&
            docx_xml_parse(buf_text(&bytes), bytes.size, &tree, NULL) == 0 && xmlDocGetRootElement(tree)) {
                for (xmlNodePtr node = xmlDocGetRootElement(tree)->children; node && !name;
                     node = node->next) {
                        char *type =
                            docx_local_attribute(node->type == XML_ELEMENT_NODE ? node : NULL, "Type");
                        char *target = type ? docx_local_attribute(node, "Target") : NULL;

                        if (target && str_contains_nocase(type, "/relationships/officeDocument"))
                                name = xstrdup(target + (*target == '/'));
                        xmlFree(type);
                        xmlFree(target);
                }
        }
        xmlFreeDoc(tree);
        buf_free(&bytes);
        return name ? name : xstrdup("word/document.xml");
}
