/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A proposal for an event's form from its blank form: what is asked, by the words that stand there. A person checks
 * it. Signatures, the day of signing, headings, instructions and what the organiser says are no questions. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"
#include "core/form.h"

struct document;
struct sheet;

struct learned {
        struct form form;
        struct str_list *notes; /* one a field: what is to be checked */
};

void learn_form(const struct document *doc, struct learned *ret_learned);
void learned_free(struct learned *learned);

/* ---- inside (form/learn_guess.c) */

/* What the blank form has for the answer. */
struct learn_place {
        struct str_list options; /* as they stand there */
        bool yes_no;             /* the options are yes and no */
        bool star;               /* "*" marks what must be answered */
        bool sentence;           /* a consent */
};

enum learn_kind {
        LEARN_NOTHING, /* no question: signature, day of signing, "Lp." */
        LEARN_LIKELY,  /* words that forms usually ask */
        LEARN_UNKNOWN,
};
enum learn_kind learn_kind_of(const char *label);
bool learn_is_consent(const char *text);
/* The words of a consent that make its label: up to who processes what for. Owned. */
char *learn_consent_label(const char *text);
/* Appends the field; the same question again is no second one. */
void learn_add(struct learned *learned, const char *label, const struct learn_place *place);

/* ---- inside (form/learn_option.c); tokens [first, end) of a sheet */

enum { LEARN_OPTION_WORDS = 7 };

size_t learn_count_words(const struct sheet *sheet, size_t first, size_t end);
bool learn_has_leader(const struct sheet *sheet, size_t first, size_t end);
bool learn_is_yes_no(const struct sheet *sheet, size_t token, size_t end); /* "TAK / NIE" begins here */
bool learn_offers(const struct sheet *sheet, size_t first, size_t end); /* boxes, "TAK / NIE", "a / b / c" */
/* The text without signs at its ends; owned. */
char *learn_text(const struct sheet *sheet, size_t first, size_t end);
/* What may be chosen; at least two, or none. */
void learn_take_options(const struct sheet *sheet, size_t first, size_t end, struct learn_place *place);
/* One option by itself; when all are taken, learn_settle_options(). */
void learn_take_option(const struct sheet *sheet, size_t first, size_t end, struct learn_place *place);
void learn_settle_options(struct learn_place *place);
