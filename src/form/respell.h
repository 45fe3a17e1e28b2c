/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a form prints, in a picture of a filled copy: words that were recognised badly are spelt as the blank form
 * spells them, where they stand among words that both have. Only for documents seen in a picture: an exact one means
 * what it says. Pure. */
#pragma once

#include <stdbool.h>

struct document;

/* A copy of the document with such words mended; the caller's. False, and nothing to free: there are none. */
bool respell_document(
    const struct document *doc, const struct document *blank, struct document *ret_document);
