/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two sheets beside each other, token by token: which token of a document is which of the blank form. Global
 * alignment (Needleman and Wunsch, 1970) of words, signs, boxes and lines to write on, in order. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct sheet;

#define ALIGN_NONE ((size_t)-1)

struct align {
        size_t *blank_of; /* for each token of the document: its token of the blank, or ALIGN_NONE; owned */
        size_t *doc_of;   /* the other way round; owned */
        size_t words;     /* of the blank */
        double coverage;  /* of these: how many the document has, 0 to 1 */
};

/* False, and nothing to free, when the two are too long to be compared. */
bool align_init(struct align *ret_align, const struct sheet *blank, const struct sheet *doc);
void align_free(struct align *align);
