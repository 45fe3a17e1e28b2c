/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Letters: templates with {{places}}, and the words that fill them. Pure: text in, text out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "core/decide.h"

struct err;
struct event;
struct person;

enum letter_kind { /* one template file each: "accepted.txt" ... */
        LETTER_ACCEPTED,
        LETTER_WAITLISTED,
        LETTER_INCOMPLETE,
        LETTER_LATE,
        LETTER_REFUSED,
        LETTER_HELD,
        LETTER_UPDATED,
        LETTER_DUPLICATE,
        LETTER_CANCELLED,
        LETTER_PROMOTED,
        LETTER_GROUP,
        LETTER_QUESTION,
        LETTER_CONFIRM,
        LETTER_REQUEST,
        LETTER_DIGEST,
        LETTER_COUNT,
};

const char *letter_kind_name(enum letter_kind kind);
int letter_kind_parse(const char *word, enum letter_kind *ret_kind);
const char *letter_outcome(
    enum letter_kind kind); /* X-Zapisy-Outcome: promoted is "accepted", confirm is "question" */
bool letter_is_generated(
    enum letter_kind kind); /* Auto-Submitted: auto-generated (digest, promoted), else auto-replied */

/* Every place a template may use. */
enum letter_place {
        LP_NAME,
        LP_REF,
        LP_EVENT_TITLE,
        LP_EVENT_DAY,
        LP_EVENT_HOURS,
        LP_EVENT_PLACE,
        LP_PROVIDES,
        LP_COUNTED_AT,
        LP_DEADLINE,
        LP_FIELDS,
        LP_MISSING,
        LP_UNSURE,
        LP_CHANGES,
        LP_POSITION,
        LP_PEOPLE_AHEAD,
        LP_SEATS,
        LP_TIME_LEFT,
        LP_COMPLETION_NOTE,
        LP_STATE,
        LP_REASON,
        LP_PEOPLE,
        LP_CANCEL_SUBJECT,
        LP_CANCEL_MAILTO,
        LP_PROMOTE_UNTIL,
        LP_PRIVACY,
        LP_COORDINATOR_NAME,
        LP_COORDINATOR_EMAIL,
        LP_ORGANISER_SIGN,
        LP_DAY,
        LP_EVENTS,
        LP_NEW,
        LP_WAITING_LIST,
        LP_REVIEW,
        LP_UNDELIVERABLE,
        LP_ONHOLD,
        LP_ALARMS,
        LP_BALANCE,
        LP_COUNT,
};
/* Names in templates: lower case of the above ("event_title"; LP_WAITING_LIST is "waiting"). */
const char *letter_place_name(enum letter_place place);

/* A parsed template: subject and body as text and places in turn. */
struct letter_template;
/* text: "Subject: ..." line, empty line, body. Unknown or unclosed places are ERR_PERM with "line N: ...". */
int letter_parse(const char *text, struct letter_template **ret_template, struct err *err);
void letter_template_free(struct letter_template *template);

/* How many of the template's own sentences stand in a text that was folded (core/fold): two or more are no
 * accident, but the letter sent back. */
size_t letter_sentences_in(const struct letter_template *template, const char *folded);
enum { LETTER_SENT_BACK = 2 };

/* values[place]: borrowed, NULL or "" when empty. Single pass: a value is never looked at for places. A line
 * that consists only of places that are all empty is dropped, with the empty line after it unless that still
 * parts two paragraphs. Control characters in values become spaces; in the subject line ends too. Owned
 * strings. */
void letter_render(const struct letter_template *template, const char *const values[LP_COUNT],
    char **ret_subject, char **ret_body);

/* What the letter is about: everything a place may need. Borrowed. */
struct letter_about {
        const struct event *event;
        const char *coordinator_name, *coordinator_email;
        const char *mailbox; /* where applicants write: the address for the mailto: */
        int64_t now;
        /* one person's */
        const char *ref, *token;
        const struct person *person;             /* as read or as registered; NULL for none */
        const struct person *before;             /* updated: as it was; NULL */
        const struct str_list *missing, *unsure; /* field keys; may be NULL */
        enum status status;
        enum decide_rule rule;
        int64_t counted_at;
        int position; /* on the waiting list, 0 none */
        int people_ahead;
        bool first;         /* first letter to that person: carries the privacy notice */
        const char *people; /* group: the finished block (letter_person_line() a person) */
};
/* Fills all places from it; ret_values are owned, to be freed with letter_values_free(). */
void letter_fill(const struct letter_about *about, char *ret_values[LP_COUNT]);
void letter_values_free(char *values[LP_COUNT]);
char *letter_person_line(
    const struct letter_about *about); /* "Jan Kowalski: przyjęto (MW-7K3M)" and details; owned */
char *letter_field_text(const struct event *event, const char *key, const char *value); /* for people: "TAK",
        phone with spaces, choice's first label; owned */
