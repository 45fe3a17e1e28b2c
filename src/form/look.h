/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a line looks like by itself: whether it may be a heading, and of what. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "form/section.h"

struct sheet;

struct look {
        size_t start, end;      /* tokens, the number before them left out */
        size_t words, kinds;    /* kinds: words that say whose */
        bool bold, capitals;    /* all words */
        bool numbered, counted; /* something before them; "II." before them */
        bool data;              /* begins with "Dane", "Informacje" */
        bool colon;             /* ends with one */
        bool open;              /* dots, boxes, tabulators, a colon within: something to fill in */
        bool label, person, title, upper, digits, training;
        bool lead; /* begins with "Osoba" */
        enum section_kind kind;
        int ordinal;
};

struct look look_at(const struct sheet *sheet, size_t line);
/* Counts one more word; look->person is set before. */
void look_add_word(const struct sheet *sheet, size_t token, struct look *look);
