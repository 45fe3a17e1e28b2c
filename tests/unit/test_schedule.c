/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/schedule.h"
#include "core/zone.h"

#define WARSAW "Europe/Warsaw"

static int64_t at(const char *text)
{
        int64_t instant = 0;

        assert_int_equal(zone_parse(text, WARSAW, &instant, NULL), 0);
        return instant;
}

static void retries(void **state)
{
        const int64_t now = 1327330800, end = now + SCHEDULE_GIVE_UP;

        (void)state;
        assert_int_equal(schedule_retry(now, 0, end), now + 60);
        assert_int_equal(schedule_retry(now, 1, end), now + 60);
        assert_int_equal(schedule_retry(now, 2, end), now + 300);
        assert_int_equal(schedule_retry(now, 3, end), now + 1800);
        assert_int_equal(schedule_retry(now, 4, end), now + 7200);
        assert_int_equal(schedule_retry(now, 5, end), now + 7200);
        assert_int_equal(schedule_retry(now, 500, end), now + 7200);
        /* The last attempt is at the end of the five days, not hours before. */
        assert_int_equal(schedule_retry(end - 60, 30, end), end);
        assert_int_equal(schedule_retry(end - 7200, 30, end), end);
        assert_true(schedule_retry(end, 31, end) == ZONE_NO_TIME);
        assert_true(schedule_retry(end + 1, 1, end) == ZONE_NO_TIME);
}

static void backoff(void **state)
{
        (void)state;
        assert_int_equal(schedule_backoff_seconds(0), 1);
        assert_int_equal(schedule_backoff_seconds(1), 1);
        assert_int_equal(schedule_backoff_seconds(2), 2);
        assert_int_equal(schedule_backoff_seconds(9), 256);
        assert_int_equal(schedule_backoff_seconds(10), 300);
        assert_int_equal(schedule_backoff_seconds(1000000), 300);
}

static void clocks(void **state)
{
        static const char *const bad[] = { "", "7", "24:00", "07:60", "07:3", "07:300", ":30", "7.30",
                "-7:30", "07:30 ", "007:30" };
        int hour = -1, minute = -1;

        (void)state;
        assert_int_equal(schedule_clock_parse("07:30", &hour, &minute), 0);
        assert_int_equal(hour * 60 + minute, 450);
        assert_int_equal(schedule_clock_parse("0:00", &hour, &minute), 0);
        assert_int_equal(hour + minute, 0);
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
                assert_int_equal(schedule_clock_parse(bad[i], &hour, &minute), -1);
        assert_int_equal(schedule_clock_parse(NULL, &hour, &minute), -1);
}

static void digest(void **state)
{
        char *date;

        (void)state;
        assert_null(schedule_digest_due(at("2012-01-23 07:29:59"), 7, 30, WARSAW, NULL));
        date = schedule_digest_due(at("2012-01-23 07:30"), 7, 30, WARSAW, "2012-01-22");
        assert_string_equal(date, "2012-01-23");
        assert_null(schedule_digest_due(at("2012-01-23 23:59"), 7, 30, WARSAW, date));
        free(date);
        /* The clock went back: no second one for a date that had its own. */
        assert_null(schedule_digest_due(at("2012-01-20 12:00"), 7, 30, WARSAW, "2012-01-23"));
        assert_int_equal(schedule_digest_next(at("2012-01-23 07:29"), 7, 30, WARSAW), at("2012-01-23 07:30"));
        assert_int_equal(schedule_digest_next(at("2012-01-23 07:30"), 7, 30, WARSAW), at("2012-01-24 07:30"));
}

/* Whatever the clock does and how often one looks: one digest a date, over both changes of a year. */
static void exactly_one_a_date(void **state)
{
        (void)state;
        for (int hour = 0; hour < 4; hour++) {
                int64_t now = at("2012-01-01 00:00"), end = at("2013-01-01 00:00");
                char *last = NULL;
                int count = 0;

                while (now < end) {
                        char *date = schedule_digest_due(now, hour, 30, WARSAW, last);

                        if (date) {
                                free(last);
                                last = date;
                                count++;
                        }
                        assert_true(schedule_digest_next(now, hour, 30, WARSAW) > now);
                        now += count % 7 ? 1700 : schedule_digest_next(now, hour, 30, WARSAW) - now;
                }
                assert_int_equal(count, 366);
                free(last);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(retries), cmocka_unit_test(backoff),
                cmocka_unit_test(clocks), cmocka_unit_test(digest), cmocka_unit_test(exactly_one_a_date) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
