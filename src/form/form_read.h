/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the answers out of a document: by their labels, and beside the blank form. Pure. */
#pragma once

struct document;
struct form;
struct reading;

/* Fields of the form's people, from a document. ret_reading is always filled; free it with reading_free().
 * blank may be NULL; else it is the document of the event's blank form: what stands in it as well is no
 * answer. */
void form_read(const struct form *form, const struct document *blank, const struct document *doc,
    struct reading *ret_reading);
