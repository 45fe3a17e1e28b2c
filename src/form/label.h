/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The labels of a form, and finding them at the start of a line, a cell or a segment of a line: folded, small
 * errors and other case forms allowed, harmless words more ("uczestnika", "(do zaświadczenia)"), the words in
 * another order. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "form/labels.h"

struct sheet;

enum label_end {
        LABEL_END_COLON, /* ":", "?", "=" */
        LABEL_END_GAP,   /* a tabulator, dots, a box, a wide gap, a form control */
        LABEL_END_DASH,
        LABEL_END_TEXT, /* the line or cell ends */
        LABEL_END_NONE, /* the answer follows without any sign: "Adres ul. Długa 5" */
};

struct label_match {
        size_t field;
        enum label_part part;
        enum label_end end;
        size_t start, after; /* tokens: where the label begins, and the first after it and its sign */
        size_t words;        /* how many of the label's words */
        double confidence;   /* that these words mean this field */
        bool whole;          /* nothing but the label's words stands there */
        bool single;         /* one word only */
        size_t also;         /* a second field asked in the same breath ("Telefon, e-mail"), or LABEL_NONE */
        bool under;          /* set by who knows: the label stands under its answer */
        bool inside;         /* set by who knows: the label stands behind its answer in a sentence */
        bool elsewhere;      /* set by who knows: the answer stands in the cell of line "place" */
        size_t place;
};

#define LABEL_NONE ((size_t)-1)

enum label_search {
        LABEL_STRONG, /* all up to a sign, a gap or the end is the label */
        LABEL_PREFIX, /* a configured label to the letter, then the answer */
};

/* The field whose label begins at token start; end bounds the line or cell. False: none. */
bool label_find(const struct labels *labels, const struct sheet *sheet, size_t start, size_t end,
    enum label_search search, struct label_match *ret_match);
/* The same for what stands in brackets under a line to write on: "(imię i nazwisko)". */
bool label_find_caption(const struct labels *labels, const struct sheet *sheet, size_t start, size_t end,
    struct label_match *ret_match);
/* Whether some words and a colon begin here that are no label of the form: "NIP:". */
bool label_is_foreign(const struct sheet *sheet, size_t start, size_t end);
/* Past "1.", "a)", "-" and the like; ret_numbered may be NULL. */
size_t label_skip_number(const struct sheet *sheet, size_t start, size_t end, bool *ret_numbered);
