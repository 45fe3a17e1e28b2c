/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A calendar object with one event, for an accepted seat or its cancellation (RFC 5545; methods: RFC
 * 5546 3.2.1 and 3.2.5). All times in UTC, so that no VTIMEZONE is needed. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct err;

/* Everything is borrowed UTF-8; '\n' is allowed in summary, location and description. */
struct calendar_event {
        const char *ref, *event_id; /* with organiser's domain they are the UID: the same for both methods */
        const char *organiser;      /* "Name <address>" or an address: METHOD:PUBLISH demands one */
        const char *summary, *location;
        const char *description; /* or NULL */
        int64_t starts, ends;
        int64_t stamp;  /* DTSTAMP: when the letter was rendered */
        int sequence;   /* greater than that of what it replaces; 0 for the first */
        bool cancelled; /* METHOD:CANCEL with STATUS:CANCELLED */
};

const char *calendar_method(const struct calendar_event *event); /* "PUBLISH" or "CANCEL" */
/* The text, lines ended by CRLF and folded at 75 octets. Owned. ERR_INPUT: not UTF-8, control characters, or
 * an organiser without a valid address. */
int calendar_text(const struct calendar_event *event, char **ret_text, struct err *err);
