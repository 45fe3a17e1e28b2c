/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/xml.h"

#include <libxml/parser.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/str.h"
#include "core/document.h"
#include "read/archive.h"

__attribute__((format(printf, 2, 3))) static void be_silent(void *context, const char *format, ...)
{
        (void)context;
        (void)format;
}

void xml_preload(void)
{
        xmlInitParser();
        xmlSetGenericErrorFunc(NULL, be_silent);
}

static int parse(const char *bytes, size_t size, int options, xmlDocPtr *ret_tree, struct err *err)
{
        xmlDocPtr tree = size > INT32_MAX ? NULL
                                          : xmlReadMemory(bytes, (int)size, NULL, NULL,
                                                options | XML_PARSE_NONET | XML_PARSE_NOERROR |
                                                    XML_PARSE_NOWARNING | XML_PARSE_COMPACT);

        if (!tree)
                return err_set(err, ERR_INPUT, DOCUMENT_DAMAGED);
        /* ECMA-376 Part 2, 8.1.4 forbids it, and ODF has none: somebody wants entities expanded */
        if (tree->intSubset) {
                xmlFreeDoc(tree);
                return err_set(err, ERR_INPUT, "the document is not as office programs write it");
        }
        *ret_tree = tree;
        return 0;
}

int xml_parse(const char *bytes, size_t size, xmlDocPtr *ret_tree, struct err *err)
{
        return parse(bytes, size, 0, ret_tree, err);
}

int xml_parse_loosely(const char *bytes, size_t size, xmlDocPtr *ret_tree, struct err *err)
{
        return parse(bytes, size, XML_PARSE_RECOVER, ret_tree, err);
}

int xml_read(struct archive *archive, const char *part, xmlDocPtr *ret_tree, struct err *err)
{
        struct buf bytes = { 0 };
        int r;

        if (archive_read(archive, part, &bytes, err) < 0)
                return -1;
        r = xml_parse(buf_text(&bytes), bytes.size, ret_tree, err);
        buf_free(&bytes);
        return r;
}

bool xml_is(xmlNodePtr node, const char *name)
{
        return node->type == XML_ELEMENT_NODE && !strcmp((const char *)node->name, name);
}

xmlNodePtr xml_child(xmlNodePtr node, const char *name)
{
        for (xmlNodePtr child = node ? node->children : NULL; child; child = child->next)
                if (xml_is(child, name))
                        return child;
        return NULL;
}

xmlNodePtr xml_root(xmlDocPtr tree)
{
        return tree ? xmlDocGetRootElement(tree) : NULL;
}

/* Without a DTD a value is one text node: character references and the five entities are resolved. */
const char *xml_value(xmlNodePtr node, const char *name)
{
        for (xmlAttrPtr a = node && node->type == XML_ELEMENT_NODE ? node->properties : NULL; a; a = a->next)
                if (!strcmp((const char *)a->name, name))
                        return a->children && a->children->type == XML_TEXT_NODE && a->children->content
                                   ? (const char *)a->children->content
                                   : "";
        return NULL;
}

bool xml_value_is(xmlNodePtr node, const char *name, const char *value)
{
        return str_equal(xml_value(node, name), value);
}

int xml_number(xmlNodePtr node, const char *name, int min, int max, int otherwise)
{
        const char *value = xml_value(node, name);
        int64_t number;

        return value && str_to_int(value, min, max, &number) == 0 ? (int)number : otherwise;
}

char *xml_text(xmlNodePtr node)
{
        return (char *)xmlNodeGetContent(node);
}
