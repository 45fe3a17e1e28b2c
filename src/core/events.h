/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What stands in the place of a choice, in order: its options, boxes, crosses and what separates them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct sheet;
struct span;
struct wordings;

enum { EVENTS_MAX = 128 };

enum event_kind { EVENT_OPTION, EVENT_BOX, EVENT_CROSS, EVENT_SEPARATOR };

struct events {
        struct {
                enum event_kind kind;
                int option;
                bool on;
                bool unclear;   /* a box that was seen in a picture, perhaps wrongly */
                unsigned marks; /* those that all words of the option have */
                unsigned gap;   /* blanks before it */
                size_t words;   /* other words before it */
        } items[EVENTS_MAX];
        size_t count;
        size_t options, boxes, crosses, slashes;
        size_t other_words;
        unsigned gap; /* blanks before the token that is looked at */
        bool apart;   /* the next option is another mention: a bracket closed, or the same word comes again */
        const char *last; /* borrowed: the first word of the last option */
        bool denied;      /* "nie", "bez" before an option of a choice */
        bool doubted;     /* "nie wiem" */
        bool lost;        /* a box whose state the file does not hold */
        bool unclear;     /* one of the boxes */
};

/* Adds those of the span and a separator; what comes after EVENTS_MAX is left out. choice: of a field of that type. */
void events_collect(const struct wordings *wordings, bool choice, const struct sheet *sheet,
    const struct span *span, struct events *list);
