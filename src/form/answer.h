/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was found in a document for the fields of a form, in the order of the document; core/person makes
 * people of it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/choice.h"
#include "core/sheet.h"
#include "form/label.h"
#include "form/section.h"

struct document;
struct form;

struct answer {
        size_t field;
        enum label_part part;
        char *raw;         /* owned; folded words of what stands there, "" when nothing does */
        char *value;       /* owned; in written form, NULL when nothing or nothing understood */
        double confidence; /* 0..1 */
        bool weak;         /* a box that is not ticked */
        bool bare;         /* a consent sentence without any box or option: typed, or printed for all */
        bool worded;       /* a consent sentence with "wyrażam / nie wyrażam" in it */
        size_t line;       /* of the sheet: where the label stands */
        struct span label; /* tokens: the label with its sign */
        struct span text;  /* tokens: from the first to the last that were read; empty when none */
        bool elsewhere;    /* the answer's place is in the cell of line "place", not after the label */
        size_t place;
        bool under;   /* the label stands under it */
        bool inside;  /* the label stands behind it in a sentence */
        bool letters; /* one character a cell */
        bool others;  /* asked of another person or for the invoice */
        int person;   /* in tables with a person a row: which, from 1; else 0 */
};

struct answers {
        struct answer *items;
        size_t count, room;
};

/* A document being read. */
struct scan {
        const struct form *form;
        const struct labels *labels;
        struct sheet sheet;
        struct answers answers;
        const struct scan *printed;  /* the blank form, or NULL */
        const struct answers *blank; /* its answers, or NULL */
        char **blank_lines;          /* borrowed, sorted: folded lines of the blank form */
        size_t blank_line_count;
        bool is_blank;  /* the document is the blank form */
        bool is_copy;   /* the document is a filled copy of the blank form */
        int people;     /* rows of such tables so far */
        double under;   /* of the lines being read: captions_are_under() */
        bool exampled;  /* of the same: an example stands between a label and its answer */
        bool signature; /* below "Pozdrawiam": what stands there is the sender's, until another name is asked
                           for */
        struct sections sections;
};

void answers_free(struct answers *answers);
/* The answer that the spans (lines, in order) give to the match's field; person as in struct answer. */
void answer_add(struct scan *scan, const struct label_match *match, const struct span *spans, size_t count,
    size_t line, int person);
/* The same for a choice already made. */
void answer_add_choice(struct scan *scan, size_t field, const struct choice *choice, double confidence,
    bool bare, const struct span *label);
/* What the spans say to the field, without adding it. raw and value of ret_answer are the caller's. */
void answer_read(const struct scan *scan, const struct label_match *match, size_t field,
    const struct span *spans, size_t count, struct answer *ret_answer);
/* Takes raw and value. */
void answer_append_take(struct scan *scan, struct answer *answer);
bool answer_is_choice(const struct scan *scan, size_t field);  /* choice, yesno, consent */
bool answer_is_remarks(const struct scan *scan, size_t field); /* text that is called so */
/* Whether the spans hold something, and (ret_valid) whether it is of the field's type. */
bool answer_probe(
    const struct scan *scan, size_t field, const struct span *spans, size_t count, bool *ret_valid);
/* Whether the line broke only because the word at token "next" did not fit any more. */
bool answer_is_wrapped(const struct sheet *sheet, size_t line, size_t next);
