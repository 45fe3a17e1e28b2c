/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Where labels, and sentences of consent, begin in lines of text; which of them are believed is core/lines' matter. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "form/consent.h"
#include "form/label.h"

struct scan;

enum { HITS_COLUMN_GAP = 3 };

struct hit {
        struct label_match label;
        struct consent_match consent;
        bool is_consent, numbered;
        bool dropped; /* by who believes it no more */
        bool loose;   /* no sign after the label: to be believed only in company */
        bool sound;   /* not loose, or in company */
        bool middle;
        size_t line, lead; /* lead: the line's first token */
};

struct hits {
        struct hit *items;
        size_t count, room;
};

/* Those of lines [first, last), in order. */
void hits_find(const struct scan *scan, size_t first, size_t last, struct hits *ret_hits);
void hits_free(struct hits *hits);
/* Fields whose answers can be told from other words: telephones, choices ... */
bool hits_is_checked(const struct scan *scan, size_t field);
/* The end of the text that may hold the sentence of consent in this line: an empty line, or many lines on. */
size_t hits_sentence_limit(const struct sheet *sheet, size_t line, size_t last);
