/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The coordinator's daily letter, from figures that the registrar gathered. Pure; words in Polish or English.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/decide.h"
#include "core/letter.h"
#include "core/triage.h"

struct digest_event {
        const struct event *event;
        int count[STATUS_COUNT]; /* registrations by status */
        int seats_taken, waiting;
};

struct digest_line { /* a registration or a review item, in words ready but for the language */
        const char *event_id;
        const char *ref;  /* "" when none */
        const char *text; /* name, organisation ... */
        const char *note; /* status, reason, or "" */
        int64_t at;
};

struct digest_data {
        int64_t now, since; /* since: the previous digest, ZONE_NO_TIME for the first */
        const char *zone, *language;
        const char *coordinator_name;
        struct digest_event *events;
        size_t event_count;
        struct digest_line *fresh, *waiting, *review, *undeliverable, *on_hold, *alarms;
        size_t fresh_count, waiting_count, review_count, undeliverable_count, on_hold_count, alarm_count;
        int64_t fetched, in_progress, outcomes[OUTCOME_COUNT];
};

/* Fills the digest's places (the rest is NULL); free with letter_values_free(). A long list is cut after
 * DIGEST_LINES lines with "... and N more". */
void digest_fill(const struct digest_data *data, char *ret_values[LP_COUNT]);
bool digest_balanced(const struct digest_data *data);
enum { DIGEST_LINES = 100 };
