/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Time zones by name, local times, and dates for people (ICU). Instants are seconds since the epoch, UTC; the
 * current time is always a parameter. The one formatter of the project. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct err;

#define ZONE_NO_TIME INT64_MIN /* "no instant known" */

bool zone_exists(const char *zone); /* an IANA name: "Europe/Warsaw" */
/* "2012-01-23 16:00", "2012-01-23 16:00:05" or "2012-01-23" (midnight) local in the zone. ERR_INPUT when it
 * is not a time, or DST makes it ambiguous or absent. */
int zone_parse_local(const char *text, const char *zone, int64_t *ret_instant, struct err *err);
/* The same, or RFC 3339 with an offset ("2012-01-23T16:00:00+01:00", "...Z"). */
int zone_parse(const char *text, const char *zone, int64_t *ret_instant, struct err *err);
/* The instant of hh:mm on the local date of now's day plus days; a time that DST skips is the first instant
 * after the gap, an ambiguous one the first of the two (for the digest, which must happen exactly once a
 * date). */
int64_t zone_at(int64_t now, int days, int hour, int minute, const char *zone);

/* All return owned strings. language is "pl" or "en". */
char *zone_rfc3339(int64_t instant, const char *zone); /* 2012-01-23T16:00:00+01:00 */
char *zone_rfc5322(int64_t instant, const char *zone); /* Mon, 23 Jan 2012 16:00:00 +0100 */
char *zone_ical(int64_t instant);                      /* 20120126T080000Z (RFC 5545 3.3.5, form 2) */
char *zone_date(int64_t instant, const char *zone);    /* 2012-01-23: the local date */
char *zone_long_day(int64_t instant, const char *zone, const char *language); /* czwartek, 26 stycznia 2012 */
char *zone_long_time(
    int64_t instant, const char *zone, const char *language, bool seconds); /* 23 stycznia 2012, 16:00[:00] */
char *zone_hours(int64_t start, int64_t end, const char *zone,
    const char *language); /* 9:00-15:00 with an en dash; both days when they differ */
char *zone_duration(
    int64_t seconds, const char *language); /* "2 dni i 3 godziny", "45 minut": the two largest units */

/* "30 miejsc", "1 miejsce": the words for one, few, many and other in that language (CLDR plural rules); "en"
 * uses one and other. Returns "N word", owned. */
struct zone_plural {
        const char *one, *few, *many, *other;
};
char *zone_plural(int64_t n, const struct zone_plural *words, const char *language);
