/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Consent is a sentence, not a label: it may be broken over lines, and its answer stands before it (a box),
 * in it
 * ("wyrażam / nie wyrażam"), behind it ("TAK / NIE"), beside it, or nowhere. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/choice.h"

struct scan;

struct consent_match {
        size_t field;
        size_t start, after; /* tokens of the sentence as far as it is the label */
        double share;        /* of the label's words that are there */
        double confidence;
        bool denied; /* "nie wyrażam zgody" */
};

/* The sentence beginning within the first words from token start; tokens before limit only. */
bool consent_find(const struct scan *scan, size_t start, size_t limit, struct consent_match *ret_match);
/* Adds the answer: lead is where the line or cell begins, limit where the sentence certainly ends, beside are
 * the cells right of it; place: an empty cell for the answer is in its row. */
void consent_add(struct scan *scan, const struct consent_match *match, size_t lead, size_t limit,
    const struct span *beside, size_t count, bool place);
/* Whether the tokens are nothing but boxes, crosses, yes and no, or (field) words that say so. */
bool consent_is_choice_only(const struct scan *scan, size_t field, size_t first, size_t end);
