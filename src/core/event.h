/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One training, as configured. Plain data. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "core/form.h"

struct event_quota {
        char *field, *value; /* a field's key and the value counted */
        int seats;
};

struct event {
        char *id, *ref_prefix, *title, *language, *timezone, *place;
        struct str_list provides;
        int64_t starts, ends, deadline, promote_until; /* promote_until: the start unless configured */
        int seats, waitlist;                           /* waitlist -1: no limit */
        bool late_waitlist;                            /* late = "waitlist" */
        bool incomplete_keeps_time;
        int per_organisation; /* 0: no limit */
        struct event_quota *quotas;
        size_t quota_count;
        char *quota_release; /* kept for later; "" when not set */
        char *promotion;     /* "automatic" */
        int offer_hours;
        bool together, substitution;
        struct str_list reminders;
        bool requests_answer; /* requests = "answer" */
        struct str_list match_subject;
        char *match_address; /* the plus-address, "" when none */
        char *blank_form;    /* path, absolute, "" when none */
        char *privacy_notice;
        int retain_days;
        struct form form;
};

void event_free(struct event *event); /* empties; the struct is the caller's */
