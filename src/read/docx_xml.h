/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WordprocessingML's elements and attributes by namespace, whatever prefix the file gives them. */
#pragma once

#include <libxml/tree.h>
#include <stdbool.h>
#include <stddef.h>

struct archive;
struct err;

/* Parses without network, entities and DTD. xmlFreeDoc() is the caller's. ERR_INPUT. */
int docx_xml_parse(const char *bytes, size_t size, xmlDocPtr *ret_tree, struct err *err);

bool docx_is(xmlNodePtr node, const char *name);          /* w:name, Transitional or Strict */
xmlNodePtr docx_child(xmlNodePtr node, const char *name); /* the first child w:name, or NULL */
char *docx_attribute(xmlNodePtr node, const char *name);  /* w:name=; xmlFree() is the caller's; NULL */
bool docx_on(xmlNodePtr parent, const char *name);        /* w:name is there and not switched off */
int docx_number(xmlNodePtr node, const char *name, int max, int otherwise);
bool docx_is_local(xmlNodePtr node, const char *name);          /* by local name only (w14, wps, v, mc) */
xmlNodePtr docx_local_child(xmlNodePtr node, const char *name); /* likewise */
char *docx_local_attribute(xmlNodePtr node, const char *name);  /* in whatever namespace */
/* Of mc:AlternateContent the branch to read: the first Choice that has text in it, else the Fallback. NULL:
 * none. */
xmlNodePtr docx_alternative(xmlNodePtr node);
/* The part with the text: the one that the package's relationships name (ECMA-376 Part 1, 11.3.10). The
 * caller's. */
char *docx_main_part(struct archive *archive);
