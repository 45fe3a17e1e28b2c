/* SPDX-License-Identifier: GPL-3.0-or-later */
/* When what is due. Time is a parameter. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

/* The next attempt at what was refused for now: after 1, 5, 30 min, then every 2 h; the last one at give_up_at;
 * ZONE_NO_TIME when that was it (PRODUCT.md, RFC 5321 4.5.4.1). refusals: so far, at least 1. */
int64_t schedule_retry(int64_t now, int refusals, int64_t give_up_at);
enum { SCHEDULE_UNCERTAIN_AFTER = 15 * 60, SCHEDULE_GIVE_UP = 5 * 24 * 3600 };

/* Backoff for a helper or server: 1 s doubling to 5 min. failures in a row, at least 1. */
int schedule_backoff_seconds(int failures);

/* Digest: the local date it would be for, when one is due: now is at or after digest_at on that date and
 * last_date
 * ("YYYY-MM-DD", or NULL) is earlier. Owned, or NULL when none is due. */
char *schedule_digest_due(int64_t now, int hour, int minute, const char *zone, const char *last_date);
/* The first instant after now at which schedule_digest_due() can change its answer. */
int64_t schedule_digest_next(int64_t now, int hour, int minute, const char *zone);
int schedule_clock_parse(const char *text, int *ret_hour, int *ret_minute); /* "07:30" */
