/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The XML parts of office documents: parsed within bounds, and looked at by local name, whatever prefix the
 * file uses and whichever edition's namespace it names. */
#pragma once

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

struct archive;
struct err;

/* Once, before any child is made. libxml2 is silent from then on: its words would tell the log of somebody's
 * document. */
void xml_preload(void);

/* Parses without network, entities and DTD. xmlFreeDoc() is the caller's. ERR_INPUT with words for a person.
 */
int xml_parse(const char *bytes, size_t size, xmlDocPtr *ret_tree, struct err *err);
/* The same, as far as it goes, for parts that programs write carelessly (VML). */
int xml_parse_loosely(const char *bytes, size_t size, xmlDocPtr *ret_tree, struct err *err);
int xml_read(struct archive *archive, const char *part, xmlDocPtr *ret_tree, struct err *err);

bool xml_is(xmlNodePtr node, const char *name);          /* an element of that name */
xmlNodePtr xml_child(xmlNodePtr node, const char *name); /* the first such child; NULL: none, or no node */
xmlNodePtr xml_root(xmlDocPtr tree);                     /* NULL for no tree */
/* An attribute in whatever namespace, borrowed from the tree; NULL when it is not there. */
const char *xml_value(xmlNodePtr node, const char *name);
bool xml_value_is(xmlNodePtr node, const char *name, const char *value);
int xml_number(xmlNodePtr node, const char *name, int min, int max, int otherwise);
/* All text in the node. xmlFree() is the caller's; may be NULL. */
char *xml_text(xmlNodePtr node);
