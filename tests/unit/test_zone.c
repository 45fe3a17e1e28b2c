/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/zone.h"

#define WARSAW "Europe/Warsaw"

/* Takes text and compares it. */
static void same(char *text, const char *expected)
{
        assert_string_equal(text, expected);
        free(text);
}

static int64_t at(const char *text)
{
        int64_t instant = 0;
        struct err err = { 0 };

        if (zone_parse(text, WARSAW, &instant, &err) < 0)
                fail_msg("%s: %s", text, err.text);
        return instant;
}

static void names(void **state)
{
        (void)state;
        assert_true(zone_exists(WARSAW));
        assert_true(zone_exists("UTC"));
        assert_true(zone_exists("America/New_York"));
        assert_false(zone_exists("Europe/Warszawa"));
        assert_false(zone_exists(""));
        assert_false(zone_exists(NULL));
        assert_false(zone_exists("GMT+25:00"));
        assert_false(zone_exists("Etc/Unknown"));
        assert_false(zone_exists("Europe/Wars\xc5\x82"));
        assert_false(zone_exists("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));
}

static void local_times(void **state)
{
        (void)state;
        assert_int_equal(at("2012-01-23 16:00"), 1327330800);
        assert_int_equal(at("2012-01-23 16:00:05"), 1327330805);
        assert_int_equal(at("2012-01-23"), 1327273200);
        assert_int_equal(at("2012-07-01 00:00"), 1341093600);
        assert_int_equal(at("2012-02-29 12:00"), 1330513200);
        assert_int_equal(at("2012-01-23T16:00:00+01:00"), 1327330800);
        assert_int_equal(at("2012-01-23t15:00:00.123z"), 1327330800);
        assert_int_equal(at("2012-01-23T10:00:00-05:00"), 1327330800);
        assert_int_equal(at("1969-12-31T23:59:59Z"), -1);
        assert_int_equal(at("2012-10-28T02:30:00+02:00"), 1351384200);
        assert_int_equal(at("2012-10-28T02:30:00+01:00"), 1351387800);
}

static void broken_times(void **state)
{
        static const char *const broken[] = { "", "2012", "2012-1-23", "2012-01-23 ", "2012-01-23 24:00",
                "2012-01-23 16:60", "2012-01-23 16:00:60", "2012-02-30", "2011-02-29", "2012-13-01",
                "2012-00-10", "2012-01-00", "0000-01-01", "2012-01-23 16", "2012-01-23 16:00 ",
                "2012-01-23 16:00:00 CET", "2012-01-23T16:00:00", "2012-01-23T16:00+01:00",
                "2012-01-23T16:00:00+0100", "2012-01-23T16:00:00.Z", "2012-01-23T16:00:00+24:00", "jutro" };
        int64_t instant = 42;

        (void)state;
        for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
                struct err err = { 0 };

                if (zone_parse(broken[i], WARSAW, &instant, &err) == 0)
                        fail_msg("taken for a time: %s", broken[i]);
                assert_int_equal(err.class, ERR_INPUT);
        }
        assert_int_equal(zone_parse(NULL, WARSAW, &instant, NULL), -1);
        assert_int_equal(instant, 42);
}

static void summer_time(void **state)
{
        struct err err = { 0 };
        int64_t instant = 42;

        (void)state;
        assert_int_equal(at("2012-03-25 01:59:59") + 1, at("2012-03-25 03:00"));
        assert_int_equal(zone_parse_local("2012-03-25 02:00", WARSAW, &instant, &err), -1);
        assert_non_null(strstr(err.text, "does not exist"));
        assert_int_equal(zone_parse_local("2012-03-25 02:59:59", WARSAW, &instant, &err), -1);
        assert_int_equal(zone_parse_local("2012-10-28 02:00", WARSAW, &instant, &err), -1);
        assert_non_null(strstr(err.text, "twice"));
        assert_int_equal(zone_parse_local("2012-10-28 02:59:59", WARSAW, &instant, &err), -1);
        assert_int_equal(instant, 42);
        assert_int_equal(at("2012-10-28 01:59:59") + 3601, at("2012-10-28 03:00") - 3600);
        /* Where nothing changes that night, the same hour is an ordinary one. */
        assert_int_equal(zone_parse_local("2012-03-25 02:30", "UTC", &instant, &err), 0);
        assert_int_equal(instant, 1332642600);
}

static void once_a_date(void **state)
{
        int64_t noon = at("2012-01-23 12:00");

        (void)state;
        assert_int_equal(zone_at(noon, 0, 7, 30, WARSAW), at("2012-01-23 07:30"));
        assert_int_equal(zone_at(noon, 1, 7, 30, WARSAW), at("2012-01-24 07:30"));
        assert_int_equal(zone_at(noon, -23, 7, 30, WARSAW), at("2011-12-31 07:30"));
        /* Late in the evening the local date is not that of UTC. */
        assert_int_equal(zone_at(at("2012-01-24 00:30"), 0, 7, 30, WARSAW), at("2012-01-24 07:30"));
        /* 02:30 is skipped: the first instant after the gap. */
        assert_int_equal(zone_at(at("2012-03-24 12:00"), 1, 2, 30, WARSAW), at("2012-03-25 03:00"));
        /* 02:30 happens twice: the first. */
        assert_int_equal(zone_at(at("2012-10-28 12:00"), 0, 2, 30, WARSAW), at("2012-10-28T02:30:00+02:00"));
}

static void for_machines(void **state)
{
        int64_t deadline = at("2012-01-23 16:00");

        (void)state;
        same(zone_rfc3339(deadline, WARSAW), "2012-01-23T16:00:00+01:00");
        same(zone_rfc3339(deadline, "UTC"), "2012-01-23T15:00:00+00:00");
        same(zone_rfc3339(deadline, "America/St_Johns"), "2012-01-23T11:30:00-03:30");
        same(zone_rfc3339(at("2012-07-01 00:00:01"), WARSAW), "2012-07-01T00:00:01+02:00");
        same(zone_rfc5322(deadline, WARSAW), "Mon, 23 Jan 2012 16:00:00 +0100");
        same(zone_rfc5322(at("2012-02-05 01:02:03"), WARSAW), "Sun, 5 Feb 2012 01:02:03 +0100");
        same(zone_rfc5322(-1, "UTC"), "Wed, 31 Dec 1969 23:59:59 +0000");
        same(zone_ical(at("2012-01-26 09:00")), "20120126T080000Z");
        same(zone_date(at("2012-01-24 00:30"), WARSAW), "2012-01-24");
        same(zone_date(at("2012-01-24 00:30"), "UTC"), "2012-01-23");
        same(zone_rfc3339(ZONE_NO_TIME, WARSAW), "");
        same(zone_rfc5322(INT64_MAX, WARSAW), "");
        same(zone_ical(INT64_MAX), "");
        same(zone_date(253402300799, WARSAW), "");
}

static void for_people(void **state)
{
        int64_t start = at("2012-01-26 09:00"), end = at("2012-01-26 15:00");

        (void)state;
        same(zone_long_day(start, WARSAW, "pl"), "czwartek, 26 stycznia 2012");
        same(zone_long_day(start, WARSAW, "en"), "Thursday, 26 January 2012");
        same(zone_long_time(at("2012-01-23 16:00"), WARSAW, "pl", false), "23 stycznia 2012, 16:00");
        same(zone_long_time(at("2012-01-23 16:00:01"), WARSAW, "pl", true), "23 stycznia 2012, 16:00:01");
        same(zone_long_time(at("2012-10-03 09:05"), WARSAW, "pl", false), "3 października 2012, 9:05");
        same(zone_long_time(at("2012-10-03 09:05"), WARSAW, "en", false), "3 October 2012, 9:05");
        same(zone_long_time(ZONE_NO_TIME, WARSAW, "pl", true), "");
        same(zone_hours(start, end, WARSAW, "pl"), "9:00–15:00");
        same(
            zone_hours(start, end + 86400, WARSAW, "pl"), "26 stycznia 2012, 9:00 – 27 stycznia 2012, 15:00");
}

static void spans(void **state)
{
        (void)state;
        same(zone_duration(2 * 86400 + 3 * 3600 + 59, "pl"), "2 dni i 3 godziny");
        same(zone_duration(86400, "pl"), "1 dzień");
        same(zone_duration(86400 + 1800, "pl"), "1 dzień");
        same(zone_duration(5 * 3600 + 60, "pl"), "5 godzin i 1 minuta");
        same(zone_duration(45 * 60 + 59, "pl"), "45 minut");
        same(zone_duration(22 * 60, "pl"), "22 minuty");
        same(zone_duration(12, "pl"), "12 sekund");
        same(zone_duration(0, "pl"), "0 sekund");
        same(zone_duration(-5, "en"), "0 seconds");
        same(zone_duration(86400 + 2 * 3600, "en"), "1 day and 2 hours");
}

static void counts(void **state)
{
        static const struct zone_plural seats = { "miejsce", "miejsca", "miejsc", "miejsca" };
        static const struct zone_plural english = { "seat", NULL, NULL, "seats" };

        (void)state;
        same(zone_plural(0, &seats, "pl"), "0 miejsc");
        same(zone_plural(1, &seats, "pl"), "1 miejsce");
        same(zone_plural(4, &seats, "pl"), "4 miejsca");
        same(zone_plural(12, &seats, "pl"), "12 miejsc");
        same(zone_plural(22, &seats, "pl"), "22 miejsca");
        same(zone_plural(30, &seats, "pl"), "30 miejsc");
        same(zone_plural(1, &english, "en"), "1 seat");
        same(zone_plural(30, &english, "en"), "30 seats");
}

/* More zones and patterns than any cache keeps. */
static void many_zones(void **state)
{
        static const char *const zones[] = { "Europe/Warsaw", "Europe/London", "Europe/Kiev", "Asia/Tokyo",
                "Asia/Kolkata", "America/New_York", "America/Lima", "Africa/Cairo", "Australia/Sydney",
                "Pacific/Auckland" };
        static const char *const hours[] = { "16", "15", "17", "00", "20", "10", "10", "17", "02", "04" };

        (void)state;
        for (size_t i = 0; i < 5000; i++) {
                size_t z = i % 10;
                char *text = zone_rfc3339(1327330800, zones[z]);
                char *people = zone_long_time(1327330800, zones[z], i % 2 ? "pl" : "en", i % 3);

                assert_memory_equal(text + 11, hours[z], 2);
                assert_non_null(strstr(people, i % 2 ? "stycznia" : "January"));
                free(text);
                free(people);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(names), cmocka_unit_test(local_times),
                cmocka_unit_test(broken_times), cmocka_unit_test(summer_time), cmocka_unit_test(once_a_date),
                cmocka_unit_test(for_machines), cmocka_unit_test(for_people), cmocka_unit_test(spans),
                cmocka_unit_test(counts), cmocka_unit_test(many_zones) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
