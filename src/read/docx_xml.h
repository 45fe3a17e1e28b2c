/* SPDX-License-Identifier: GPL-3.0-or-later */
/* WordprocessingML's elements and attributes by namespace, whatever prefix the file gives them. */
#pragma once

#include <libxml/tree.h>
#include <stdbool.h>

bool docx_is(xmlNodePtr node, const char *name);          /* w:name, Transitional or Strict */
xmlNodePtr docx_child(xmlNodePtr node, const char *name); /* the first child w:name, or NULL */
char *docx_attribute(xmlNodePtr node, const char *name);  /* w:name=; xmlFree() is the caller's; NULL */
bool docx_on(xmlNodePtr parent, const char *name);        /* w:name is there and not switched off */
int docx_number(xmlNodePtr node, const char *name, int max, int otherwise);
/* Of mc:AlternateContent the branch to read: the first Choice that has text in it, else the Fallback. NULL:
 * none. */
xmlNodePtr docx_alternative(xmlNodePtr node);
/* A drawing (w:drawing, w:pict, mc:AlternateContent) with an oval, a scribble or ink, without words in it. */
bool docx_is_ring(xmlNodePtr node);
