/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document model for a person: a line for each paragraph and each row of a table, with the place that readings
 * name and with signs around what is marked. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct document;

/* What the signs mean, for help texts. */
#define MODEL_TEXT_SIGNS                                                                                     \
        "*bold* _underlined_ ~struck~ {-deleted-} {+inserted+} <placeholder> {control=its value} [x] a "     \
        "ticked\n"                                                                                           \
        "box, [ ] an empty one, \u2192 a tabulator, (?) what the file has lost something of\n"

/* width 0: no terminal; colour: with escape sequences. */
void model_text(const struct document *doc, size_t width, bool colour, struct buf *out);
