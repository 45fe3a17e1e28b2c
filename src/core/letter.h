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
        PLACE_NAME,
        PLACE_REF,
        PLACE_EVENT_TITLE,
        PLACE_EVENT_DAY,
        PLACE_EVENT_HOURS,
        PLACE_EVENT_PLACE,
        PLACE_PROVIDES,
        PLACE_COUNTED_AT,
        PLACE_DEADLINE,
        PLACE_FIELDS,
        PLACE_MISSING,
        PLACE_UNSURE,
        PLACE_CHANGES,
        PLACE_POSITION,
        PLACE_PEOPLE_AHEAD,
        PLACE_SEATS,
        PLACE_TIME_LEFT,
        PLACE_COMPLETION_NOTE,
        PLACE_STATE,
        PLACE_REASON,
        PLACE_PEOPLE,
        PLACE_CANCEL_SUBJECT,
        PLACE_CANCEL_MAILTO,
        PLACE_PROMOTE_UNTIL,
        PLACE_PRIVACY,
        PLACE_COORDINATOR_NAME,
        PLACE_COORDINATOR_EMAIL,
        PLACE_ORGANISER_SIGN,
        PLACE_DAY,
        PLACE_EVENTS,
        PLACE_NEW,
        PLACE_WAITING_LIST,
        PLACE_REVIEW,
        PLACE_UNDELIVERABLE,
        PLACE_ONHOLD,
        PLACE_ALARMS,
        PLACE_BALANCE,
        PLACE_COUNT,
};
/* Names in templates: lower case of the above ("event_title"; PLACE_WAITING_LIST is "waiting"). */
const char *letter_place_name(enum letter_place place);

/* A parsed template: subject and body as text and places in turn. */
struct letter_template;
/* text: "Subject: ..." line, empty line, body. Unknown or unclosed places are ERR_PERM with "line N: ...". */
int letter_parse(const char *text, struct letter_template **ret_template, struct err *err);
void letter_template_free(struct letter_template *template);

/* values[place]: borrowed, NULL or "" when empty. Single pass: a value is never looked at for places. A line
 * that consists only of places that are all empty is dropped, with an empty line after it. Subject: one line,
 * controls become spaces. Owned strings. */
void letter_render(const struct letter_template *template, const char *const values[PLACE_COUNT],
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
void letter_fill(const struct letter_about *about, char *ret_values[PLACE_COUNT]);
void letter_values_free(char *values[PLACE_COUNT]);
char *letter_person_line(
    const struct letter_about *about); /* "Jan Kowalski: przyjęto (MW-7K3M)" and details; owned */
char *letter_field_text(const struct event *event, const char *key, const char *value); /* for people: "TAK",
        phone with spaces, choice's first label; owned */
