/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/schedule.h"

#include <stdlib.h>
#include <string.h>

#include "core/zone.h"

int64_t schedule_retry(int64_t now, int refusals, int64_t give_up_at)
{
        static const int waits[] = { 60, 5 * 60, 30 * 60, 2 * 3600 };
        enum { WAITS = sizeof waits / sizeof *waits };
        int64_t next;

        if (now >= give_up_at)
                return ZONE_NO_TIME;
        next = now + waits[refusals < 1 ? 0 : refusals > WAITS ? WAITS - 1 : refusals - 1];
        return next < give_up_at ? next : give_up_at;
}

int schedule_backoff_seconds(int failures)
{
        enum { LONGEST = 5 * 60 };
        int seconds = 1;

        for (int i = 1; i < failures && seconds < LONGEST; i++)
                seconds *= 2;
        return seconds < LONGEST ? seconds : LONGEST;
}

char *schedule_digest_due(int64_t now, int hour, int minute, const char *zone, const char *last_date)
{
        char *date;

        if (now < zone_at(now, 0, hour, minute, zone))
                return NULL;
        date = zone_date(now, zone);
        if (last_date && strcmp(last_date, date) >= 0) {
                free(date);
                return NULL;
        }
        return date;
}

int64_t schedule_digest_next(int64_t now, int hour, int minute, const char *zone)
{
        int64_t today = zone_at(now, 0, hour, minute, zone);

        return today > now ? today : zone_at(now, 1, hour, minute, zone);
}

static int number(const char *text, size_t size, int max, int *ret_number)
{
        int n = 0;

        if (size < 1 || size > 2)
                return -1;
        for (size_t i = 0; i < size; i++) {
                if (text[i] < '0' || text[i] > '9')
                        return -1;
                n = n * 10 + (text[i] - '0');
        }
        if (n > max)
                return -1;
        *ret_number = n;
        return 0;
}

int schedule_clock_parse(const char *text, int *ret_hour, int *ret_minute)
{
        const char *colon = text ? strchr(text, ':') : NULL;
        int hour, minute;

        if (!colon || strlen(colon + 1) != 2 || number(text, (size_t)(colon - text), 23, &hour) < 0 ||
            number(colon + 1, 2, 59, &minute) < 0)
                return -1;
        *ret_hour = hour;
        *ret_minute = minute;
        return 0;
}
