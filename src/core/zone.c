/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/zone.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ustring.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

enum { NAME_MAX_LENGTH = 64, CACHE = 8, DAY = 24 * 3600 };

struct civil { /* a wall clock's reading; month and day from 1 */
        int64_t year;
        int month, day, hour, minute, second;
};

/* ---- Days without ICU: the proleptic Gregorian calendar (RFC 3339 appendix B has no earlier one). */

static int64_t days_of(int64_t year, int month, int day)
{
        int64_t y = month <= 2 ? year - 1 : year;
        int64_t era = (y >= 0 ? y : y - 399) / 400, year_of_era = y - era * 400;
        int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

        return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719468;
}

static void civil_of_days(int64_t days, struct civil *ret_civil)
{
        int64_t z = days + 719468, era = (z >= 0 ? z : z - 146096) / 146097, doe = z - era * 146097;
        int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
        int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;

        ret_civil->day = (int)(doy - (153 * mp + 2) / 5 + 1);
        ret_civil->month = (int)(mp < 10 ? mp + 3 : mp - 9);
        ret_civil->year = yoe + era * 400 + (ret_civil->month <= 2);
}

static int64_t floor_divide(int64_t a, int64_t b)
{
        return a / b - (a % b < 0);
}

static void civil_of_seconds(int64_t seconds, struct civil *ret_civil)
{
        int64_t days = floor_divide(seconds, DAY);
        int rest = (int)(seconds - days * DAY);

        civil_of_days(days, ret_civil);
        ret_civil->hour = rest / 3600;
        ret_civil->minute = rest / 60 % 60;
        ret_civil->second = rest % 60;
}

static int64_t seconds_of(const struct civil *t)
{
        return days_of(t->year, t->month, t->day) * DAY + t->hour * 3600 + t->minute * 60 + t->second;
}

static bool is_real(const struct civil *t)
{
        struct civil back;

        if (t->year < 1 || t->month < 1 || t->month > 12 || t->day < 1 || t->day > 31 || t->hour > 23 ||
            t->minute > 59 || t->second > 59)
                return false;
        civil_of_days(days_of(t->year, t->month, t->day), &back);
        return back.day == t->day && back.month == t->month;
}

/* Years 1 to 9999, a day's room for offsets. */
static bool is_printable(int64_t instant)
{
        return instant >= -62135596800 + DAY && instant <= 253402300799 - DAY;
}

/* ---- ICU calendars. Opening one costs some 50 microseconds, a thousand times its use: the last few zones
 * stay open. The only state in this file; the programs have one thread, and nobody can tell but by the time
 * it takes. */

struct slot {
        char name[NAME_MAX_LENGTH];
        UCalendar *calendar;
};

static UCalendar *open_calendar(const char *zone)
{
        UErrorCode status = U_ZERO_ERROR;
        UChar name[NAME_MAX_LENGTH];
        UCalendar *calendar;

        u_uastrncpy(name, zone, NAME_MAX_LENGTH - 1);
        name[NAME_MAX_LENGTH - 1] = 0;
        calendar = ucal_open(name, -1, "en", UCAL_GREGORIAN, &status);
        if (U_SUCCESS(status))
                ucal_setGregorianChange(calendar, -1e18, &status);
        if (U_FAILURE(status))
                mem_die("ICU cannot open a calendar");
        return calendar;
}

static UCalendar *calendar_of(const char *zone)
{
        static struct slot cache[CACHE];
        static size_t next;
        struct slot *slot;

        for (size_t i = 0; i < CACHE; i++)
                if (cache[i].calendar && str_equal(cache[i].name, zone))
                        return cache[i].calendar;
        slot = &cache[next++ % CACHE];
        if (slot->calendar)
                ucal_close(slot->calendar);
        slot->calendar = open_calendar(zone);
        memcpy(slot->name, zone, strnlen(zone, NAME_MAX_LENGTH - 1) + 1);
        slot->name[NAME_MAX_LENGTH - 1] = 0;
        return slot->calendar;
}

bool zone_exists(const char *zone)
{
        UErrorCode status = U_ZERO_ERROR;
        UChar name[NAME_MAX_LENGTH], canonical[NAME_MAX_LENGTH];
        UBool known = false;

        if (str_is_empty(zone) || strlen(zone) >= NAME_MAX_LENGTH || str_equal(zone, "Etc/Unknown"))
                return false;
        for (const char *p = zone; *p; p++)
                if ((unsigned char)*p <= ' ' || (unsigned char)*p > '~')
                        return false;
        u_uastrncpy(name, zone, NAME_MAX_LENGTH);
        ucal_getCanonicalTimeZoneID(name, -1, canonical, NAME_MAX_LENGTH, &known, &status);
        return U_SUCCESS(status) && known;
}

/* Seconds east of UTC, whole minutes: what the formats below can say. */
static int offset_at(int64_t instant, const char *zone)
{
        UErrorCode status = U_ZERO_ERROR;
        UCalendar *calendar = calendar_of(zone);
        int32_t ms;

        ucal_setMillis(calendar, (double)instant * 1000.0, &status);
        ms = ucal_get(calendar, UCAL_ZONE_OFFSET, &status) + ucal_get(calendar, UCAL_DST_OFFSET, &status);
        return U_FAILURE(status) ? 0 : ms / 60000 * 60;
}

/* The instant of a wall clock's reading. Where it is repeated or skipped, ICU is told which to take. */
static int64_t instant_of(const struct civil *t, const char *zone, UCalendarWallTimeOption repeated,
    UCalendarWallTimeOption skipped)
{
        UErrorCode status = U_ZERO_ERROR;
        UCalendar *calendar = calendar_of(zone);
        double ms;

        ucal_setAttribute(calendar, UCAL_REPEATED_WALL_TIME, repeated);
        ucal_setAttribute(calendar, UCAL_SKIPPED_WALL_TIME, skipped);
        ucal_clear(calendar);
        ucal_setDateTime(
            calendar, (int32_t)t->year, t->month - 1, t->day, t->hour, t->minute, t->second, &status);
        ms = ucal_getMillis(calendar, &status);
        return U_FAILURE(status) ? ZONE_NO_TIME : (int64_t)(ms / 1000.0);
}

/* ---- Parsing */

static int digits(const char **p, int count, int *ret_number)
{
        int number = 0;

        for (int i = 0; i < count; i++) {
                if ((*p)[i] < '0' || (*p)[i] > '9')
                        return -1;
                number = number * 10 + ((*p)[i] - '0');
        }
        *p += count;
        *ret_number = number;
        return 0;
}

static bool skip(const char **p, char c)
{
        if (**p != c)
                return false;
        (*p)++;
        return true;
}

static int scan_date(const char **p, struct civil *t)
{
        int year;

        if (digits(p, 4, &year) < 0 || !skip(p, '-') || digits(p, 2, &t->month) < 0 || !skip(p, '-') ||
            digits(p, 2, &t->day) < 0)
                return -1;
        t->year = year;
        return 0;
}

static int scan_clock(const char **p, bool seconds_required, struct civil *t)
{
        if (digits(p, 2, &t->hour) < 0 || !skip(p, ':') || digits(p, 2, &t->minute) < 0)
                return -1;
        if (!skip(p, ':'))
                return seconds_required ? -1 : 0;
        return digits(p, 2, &t->second);
}

int zone_parse_local(const char *text, const char *zone, int64_t *ret_instant, struct err *err)
{
        struct civil t = { 0 };
        const char *p = text ? text : "";
        int64_t first, last;

        if (scan_date(&p, &t) < 0 || (skip(&p, ' ') && scan_clock(&p, false, &t) < 0) || *p || !is_real(&t))
                return err_set(err, ERR_INPUT, "not a time like \"2012-01-23 16:00\"");
        first = instant_of(&t, zone, UCAL_WALLTIME_FIRST, UCAL_WALLTIME_FIRST);
        last = instant_of(&t, zone, UCAL_WALLTIME_LAST, UCAL_WALLTIME_LAST);
        if (first == last) {
                *ret_instant = first;
                return 0;
        }
        if (first + offset_at(first, zone) == seconds_of(&t))
                return err_set(err, ERR_INPUT, "this local time happens twice, when summer time ends");
        return err_set(err, ERR_INPUT, "this local time does not exist, summer time begins there");
}

static int scan_offset(const char **p, int *ret_offset)
{
        int sign, hours, minutes;

        if (skip(p, 'Z') || skip(p, 'z')) {
                *ret_offset = 0;
                return 0;
        }
        sign = skip(p, '+') ? 1 : skip(p, '-') ? -1 : 0;
        if (!sign || digits(p, 2, &hours) < 0 || !skip(p, ':') || digits(p, 2, &minutes) < 0 || hours > 23 ||
            minutes > 59)
                return -1;
        *ret_offset = sign * (hours * 3600 + minutes * 60);
        return 0;
}

/* RFC 3339 5.6 date-time; fractions of a second are dropped. */
static int parse_rfc3339(const char *text, int64_t *ret_instant)
{
        struct civil t = { 0 };
        const char *p = text;
        int offset;

        if (scan_date(&p, &t) < 0 || !(skip(&p, 'T') || skip(&p, 't') || skip(&p, ' ')) ||
            scan_clock(&p, true, &t) < 0)
                return -1;
        if (skip(&p, '.') && (*p < '0' || *p > '9'))
                return -1;
        p += strspn(p, "0123456789");
        if (scan_offset(&p, &offset) < 0 || *p || !is_real(&t))
                return -1;
        *ret_instant = seconds_of(&t) - offset;
        return 0;
}

int zone_parse(const char *text, const char *zone, int64_t *ret_instant, struct err *err)
{
        if (text && parse_rfc3339(text, ret_instant) == 0)
                return 0;
        return zone_parse_local(text, zone, ret_instant, err);
}

int64_t zone_at(int64_t now, int days, int hour, int minute, const char *zone)
{
        struct civil t;

        civil_of_seconds(now + offset_at(now, zone), &t);
        civil_of_days(days_of(t.year, t.month, t.day) + days, &t);
        t.hour = hour;
        t.minute = minute;
        t.second = 0;
        return instant_of(&t, zone, UCAL_WALLTIME_FIRST, UCAL_WALLTIME_NEXT_VALID);
}

/* ---- Formats for machines; an instant that is not known, or that none of them can say, is "". */

static const char *const weekdays[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct",
        "Nov", "Dec" };

static bool split(int64_t instant, const char *zone, struct civil *ret_civil, int *ret_offset)
{
        if (!is_printable(instant))
                return false;
        *ret_offset = offset_at(instant, zone);
        civil_of_seconds(instant + *ret_offset, ret_civil);
        return true;
}

char *zone_rfc3339(int64_t instant, const char *zone)
{
        struct civil t;
        int offset, minutes;

        if (!split(instant, zone, &t, &offset))
                return xstrdup("");
        minutes = abs(offset) / 60;
        return xasprintf("%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", (int)t.year, t.month, t.day, t.hour,
            t.minute, t.second, offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

char *zone_rfc5322(int64_t instant, const char *zone)
{
        struct civil t;
        int offset, minutes;
        int64_t weekday;

        if (!split(instant, zone, &t, &offset))
                return xstrdup("");
        minutes = abs(offset) / 60;
        weekday = floor_divide(instant + offset, DAY) % 7;
        return xasprintf("%s, %d %s %04d %02d:%02d:%02d %c%02d%02d", weekdays[(weekday + 7) % 7], t.day,
            months[t.month - 1], (int)t.year, t.hour, t.minute, t.second, offset < 0 ? '-' : '+',
            minutes / 60, minutes % 60);
}

char *zone_ical(int64_t instant)
{
        struct civil t;

        if (!is_printable(instant))
                return xstrdup("");
        civil_of_seconds(instant, &t);
        return xasprintf(
            "%04d%02d%02dT%02d%02d%02dZ", (int)t.year, t.month, t.day, t.hour, t.minute, t.second);
}

char *zone_date(int64_t instant, const char *zone)
{
        struct civil t;
        int offset;

        if (!split(instant, zone, &t, &offset))
                return xstrdup("");
        return xasprintf("%04d-%02d-%02d", (int)t.year, t.month, t.day);
}
