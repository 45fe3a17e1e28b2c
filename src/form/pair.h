/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document beside its blank form, and what was written between the printed words. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "form/align.h"

struct answer;
struct scan;

#define PAIR_SURE 0.8

struct pair {
        struct scan *scan;          /* of the document; borrowed */
        const struct scan *printed; /* of the blank form; borrowed */
        struct align align;
        size_t *
            owner; /* for each token of the document: 1 + the field that its own labels found there, or 0; owned */
        bool *asked; /* likewise: a part of a label; owned */
};

/* False, and nothing to free, when the two are too long to be compared. */
bool pair_init(struct pair *ret_pair, struct scan *scan, const struct scan *printed);
void pair_free(struct pair *pair);
/* What is written where the blank form has this label's place; raw and value of ret_answer are the caller's. False:
 * the place to write in is not to be found. */
bool pair_read(const struct pair *pair, const struct answer *label, struct answer *ret_answer);
/* The same where label and all were typed over. */
bool pair_read_over(const struct pair *pair, const struct answer *label, struct answer *ret_answer);
