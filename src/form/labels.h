/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The labels of a form, configured and usual, folded and split into words once. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct form;

#define LABELS_SMALL 0.2 /* weight of a small word */

enum label_part { LABEL_WHOLE, LABEL_FIRST_NAME, LABEL_SURNAME };

struct label_word {
        char *key;
        double weight; /* small words count little */
};

struct label {
        size_t field;
        enum label_part part;
        bool own; /* configured, not one of the usual words for the type */
        struct label_word *words;
        size_t word_count;
        double weight; /* of all words */
};

struct labels {
        const struct form *form; /* borrowed */
        struct label *items;
        size_t count, room;
};

void labels_init(struct labels *ret_labels, const struct form *form);
void labels_free(struct labels *labels);
