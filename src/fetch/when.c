/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/when.h"

#include <stdbool.h>
#include <stdlib.h>

static bool leap(int year)
{
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int month_days(int year, int month)
{
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

        return days[month - 1] + (month == 2 && leap(year));
}

/* Days from 1970-01-01, by counting whole years since year 1 of the proleptic Gregorian calendar. */
static int64_t day_number(int year, int month, int day)
{
        int64_t before = year - 1, days = before * 365 + before / 4 - before / 100 + before / 400;

        for (int m = 1; m < month; m++)
                days += month_days(year, m);
        return days + day - 1 - 719162;
}

int when_instant(const struct when *w, int64_t *ret_instant)
{
        int zone_minutes;

        if (w->year < 1 || w->year > 9999 || w->month < 1 || w->month > 12 || w->day < 1 ||
            w->day > month_days(w->year, w->month))
                return -1;
        if (w->hour < 0 || w->hour > 23 || w->minute < 0 || w->minute > 59 || w->second < 0 || w->second > 60)
                return -1;
        if (w->zone < -9959 || w->zone > 9959 || abs(w->zone) % 100 > 59)
                return -1;
        zone_minutes = abs(w->zone) / 100 * 60 + abs(w->zone) % 100;
        *ret_instant = day_number(w->year, w->month, w->day) * 86400 + w->hour * 3600 + w->minute * 60 +
                       w->second - (w->zone < 0 ? -60 : 60) * zone_minutes;
        return 0;
}
