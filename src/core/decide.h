/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The judgement: what becomes of one person's reading, given what the event's register holds now (PRODUCT.md
 * 2). Pure functions; anyone can read them in one sitting. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct event;
struct person;

enum status {
        STATUS_ACCEPTED,
        STATUS_WAITLISTED,
        STATUS_OFFERED,
        STATUS_HELD,
        STATUS_INCOMPLETE,
        STATUS_LATE,
        STATUS_REFUSED,
        STATUS_CANCELLED,
        STATUS_COUNT,
};

enum place { PLACE_NONE, PLACE_SEAT, PLACE_WAITING };

enum channel { CHANNEL_EMAIL, CHANNEL_FAX, CHANNEL_IN_PERSON };

const char *status_name(enum status status); /* "accepted" ... */
int status_parse(const char *word, enum status *ret_status);
const char *place_name(enum place place); /* "none", "seat", "waiting" */
int place_parse(const char *word, enum place *ret_place);
const char *channel_name(enum channel channel); /* "email", "fax", "in-person" */
int channel_parse(const char *word, enum channel *ret_channel);

/* What the event's register holds at this moment, as far as this claim is concerned. */
struct standing {
        int seats_taken;          /* place seat: accepted, offered, held */
        int waiting;              /* place waiting */
        int held_seats;           /* of those seats, held ones */
        int held_seats_of_sender; /* of those, of the claim's sender */
        int organisation_seats;   /* seats of the claim's organisation (folded name) */
        int quota_taken;          /* seats of the claim's quota group; meaningless without a quota */
        int quota_seats;          /* size of that quota; -1: the claim is in none */
};

enum decide_rule {      /* why; every decision names the one rule that made it */
        RULE_AFTER_END, /* counted after the event's end: review, no letter (status late) */
        RULE_LATE,
        RULE_LATE_WAITS, /* late = waitlist */
        RULE_CLOCK_CONFLICT,
        RULE_UNREADABLE,
        RULE_BLANK,     /* as unreadable, but the form could be read and is empty */
        RULE_PROTECTED, /* as unreadable: under a password */
        RULE_DAMAGED,   /* as unreadable: the file is damaged */
        RULE_UNCONFIRMED,
        RULE_UNSURE,
        RULE_MISSING,
        RULE_CONSENT_REFUSED,
        RULE_SEAT_FREE,
        RULE_ROOM_FULL, /* waits or refused because no seat is free */
        RULE_QUOTA_FULL,
        RULE_ORGANISATION_FULL,
        RULE_HELD_BOUND,  /* held, but too many held seats: keeps its time only */
        RULE_COORDINATOR, /* the coordinator's word */
        RULE_PROMOTED,
        RULE_CANCELLED,
        RULE_PROMOTION_OVER, /* waits: nobody moves up after promote_until */
        RULE_COUNT,
};

/* One person who wants a seat. */
struct claim {
        int64_t counted_at;
        bool required_unsure; /* a required field below the confidence line, or contradictory */
        bool required_missing;
        bool consent_refused;
        bool unreadable;        /* meant as a registration, nothing could be read: held */
        enum decide_rule why;   /* with unreadable: RULE_UNREADABLE, RULE_BLANK ... */
        bool unconfirmed;       /* dmarc=fail: held without a place until confirmed */
        int64_t clock_conflict; /* internaldate when trusted Received and INTERNALDATE differ by more than
                                   DECIDE_CLOCK_SLACK, else ZONE_NO_TIME */
};

enum { DECIDE_CLOCK_SLACK = 600 };

const char *rule_text(enum decide_rule rule); /* one English sentence for "why" */

struct decision {
        enum status status;
        enum place place;
        enum decide_rule rule;       /* what made the status */
        enum decide_rule place_rule; /* what made the place */
};

void decide(const struct event *event, const struct standing *now, const struct claim *claim,
    struct decision *ret_decision);

/* The claim that a person's reading makes; missing and unsure (both may be NULL) get the keys of fields:
 * required ones that are missing (and consent when refused), and fields below the line. */
void decide_claim(const struct event *event, const struct person *person, double confidence_line,
    int64_t counted_at, struct claim *ret_claim, struct str_list *missing, struct str_list *unsure);

/* How many held seats the whole event may have: 20 % of the seats, at least 1. A sender:
 * DECIDE_HELD_A_SENDER. */
int decide_held_bound(int seats);
enum { DECIDE_HELD_A_SENDER = 2 };

/* Whether the first on the waiting list may move up now: a free seat, quota and organisation allow, and now
 * is not after promote_until. ret_rule says why not. */
bool decide_promote(
    const struct event *event, const struct standing *now, int64_t instant, enum decide_rule *ret_rule);

/* The instant that counts for a mail (PRODUCT.md 2): INTERNALDATE, or with trusted hosts the earliest date in
 * the unbroken topmost run of Received lines that those hosts wrote. ret_conflict: INTERNALDATE when both
 * differ by more than DECIDE_CLOCK_SLACK, else ZONE_NO_TIME. */
struct mail;
int64_t decide_counted_at(
    const struct mail *mail, int64_t internaldate, const struct str_list *trusted, int64_t *ret_conflict);
