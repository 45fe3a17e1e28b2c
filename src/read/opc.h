/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The package around Word and Excel documents (ECMA-376 Part 2): which part refers to which. */
#pragma once

#include <stddef.h>

struct archive;
struct document;

struct opc_link {
        char *id, *type, *target; /* target: the other part's name in the archive */
};

struct opc_links {
        struct opc_link *items;
        size_t count;
};

/* The relationships of a part; "" is the package. None when there are none to be read. */
void opc_links_read(struct archive *archive, const char *part, struct opc_links *ret_links);
void opc_links_free(struct opc_links *links);
const char *opc_by_id(const struct opc_links *links, const char *id); /* the target, or NULL */
/* The first whose type ends so ("/styles"), which is alike in the Transitional and the Strict edition. */
const char *opc_by_type(const struct opc_links *links, const char *end);
/* The document's main part; otherwise is its usual name. The caller's. */
char *opc_main_part(struct archive *archive, const char *otherwise);
/* Notes that the package brings macros: they are never run, but a person should know. */
void opc_note_macros(struct archive *archive, struct document *doc);
