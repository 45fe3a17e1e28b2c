/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that labels are made of. All folded; arrays end with NULL; stems as in word.h. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/form.h"
#include "form/label.h"

struct label_usual {
        enum field_type type;
        enum label_part part;
        const char *words;
};

/* What people call a field of that type whatever the configured labels are; words NULL ends it. */
extern const struct label_usual label_usual[];

bool label_word_is_footnoted(const char *word); /* "nazwisko1" */
/* word_alike() of a label's word and one of a document, whose footnote's mark does not count. */
double label_word_alike(const char *label, const char *word);
bool label_word_is_small(const char *word); /* "i", "do", "pan": counts little */
bool label_word_is_harmless(
    const char *word); /* may stand beside a label's words without changing its meaning */
/* Makes another question of a label that does not have it: "Data urodzenia", "Nazwisko opiekuna". */
bool label_word_changes(const char *word, enum field_type type);
