/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: fetch base */
/* The pure parts of zapisy-fetch: order, dates, lists of UIDs, words, orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/mem.h"
#include "fetch/append.h"
#include "fetch/login.h"
#include "fetch/order.h"
#include "fetch/queue.h"
#include "fetch/uids.h"
#include "fetch/when.h"
#include "fetch/words.h"

static void test_uids(void **state)
{
        static const uint32_t given[] = { 9, 3, 4, 0, 4, 5, UINT32_MAX, 1, 9 };
        struct uids uids = { 0 };
        uint32_t first, last;
        size_t i = 0;

        (void)state;
        uids_sort(&uids);
        assert_false(uids_has(&uids, 1));
        for (size_t n = 0; n < sizeof given / sizeof *given; n++)
                uids_add(&uids, given[n]);
        uids_sort(&uids);
        assert_int_equal(uids.count, 6);
        assert_true(uids_has(&uids, UINT32_MAX));
        assert_false(uids_has(&uids, 0));
        assert_false(uids_has(&uids, 2));
        i = uids_run(&uids, i, &first, &last);
        assert_true(i == 1 && first == 1 && last == 1);
        i = uids_run(&uids, i, &first, &last);
        assert_true(i == 4 && first == 3 && last == 5);
        i = uids_run(&uids, i, &first, &last);
        assert_true(i == 5 && first == 9 && last == 9);
        i = uids_run(&uids, i, &first, &last);
        assert_true(i == 6 && first == UINT32_MAX && last == UINT32_MAX);
        uids_free(&uids);
}

/* Every day of four centuries and more, against the C library. */
static void test_when_agrees_with_timegm(void **state)
{
        (void)state;
        for (int64_t day = -40000; day < 120000; day++) {
                time_t t = day * 86400 + (day * 7919 % 86400 + 86400) % 86400;
                struct tm tm;
                struct when when;
                int64_t instant;

                gmtime_r(&t, &tm);
                when = (struct when){ tm.tm_year + 1900, tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min,
                        tm.tm_sec, 0 };
                assert_int_equal(when_instant(&when, &instant), 0);
                assert_int_equal(instant, t);
        }
}

static void test_append_date(void **state)
{
        static const struct {
                int64_t instant;
                const char *date;
        } good[] = { { 1327330800, "23-Jan-2012 15:00:00 +0000" }, { 0, " 1-Jan-1970 00:00:00 +0000" },
                { -1, "31-Dec-1969 23:59:59 +0000" }, { 253402300799, "31-Dec-9999 23:59:59 +0000" },
                { 1330560000, " 1-Mar-2012 00:00:00 +0000" } };
        char date[APPEND_DATE];
        struct err err;

        (void)state;
        for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
                assert_int_equal(append_date(good[i].instant, date, &err), 0);
                assert_string_equal(date, good[i].date);
        }
        assert_int_equal(append_date(253402300800, date, &err), -1);
        assert_int_equal(append_date(INT64_MIN, date, &err), -1);
}

static void test_when_zones(void **state)
{
        static const struct {
                struct when when;
                int64_t instant;
        } good[] = { { { 2012, 1, 23, 16, 0, 0, 100 }, 1327330800 },
                { { 2012, 1, 23, 16, 0, 1, 100 }, 1327330801 },
                { { 2012, 1, 23, 10, 30, 0, -430 }, 1327330800 },
                { { 2012, 1, 23, 14, 30, 0, -30 }, 1327330800 },
                { { 2012, 1, 24, 5, 0, 0, 1400 }, 1327330800 }, { { 1970, 1, 1, 0, 0, 0, 0 }, 0 },
                { { 2012, 2, 29, 23, 59, 60, 0 }, 1330560000 },
                { { 2036, 12, 31, 23, 59, 60, 0 }, 2114380800 } };
        static const struct when bad[] = { { 2011, 2, 29, 0, 0, 0, 0 }, { 1900, 2, 29, 0, 0, 0, 0 },
                { 2012, 0, 1, 0, 0, 0, 0 }, { 2012, 13, 1, 0, 0, 0, 0 }, { 2012, 1, 0, 0, 0, 0, 0 },
                { 2012, 4, 31, 0, 0, 0, 0 }, { 0, 1, 1, 0, 0, 0, 0 }, { 2012, 1, 1, 24, 0, 0, 0 },
                { 2012, 1, 1, 0, 60, 0, 0 }, { 2012, 1, 1, 0, 0, 61, 0 }, { 2012, 1, 1, -1, 0, 0, 0 },
                { 2012, 1, 1, 0, 0, 0, 10000 }, { 2012, 1, 1, 0, 0, 0, 160 },
                { 2012, 1, 1, 0, 0, 0, INT32_MIN } };
        int64_t instant = 42;

        (void)state;
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
                assert_int_equal(when_instant(&bad[i], &instant), -1);
        assert_int_equal(instant, 42);
        for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
                assert_int_equal(when_instant(&good[i].when, &instant), 0);
                assert_int_equal(instant, good[i].instant);
        }
}

static void test_queue_order(void **state)
{
        static const struct queue_entry given[] = { { .internaldate = 20, .uid = 1 },
                { .internaldate = -5, .uid = 9 }, { .internaldate = 20, .uid = 7 },
                { .internaldate = 20, .uid = 3 }, { .internaldate = INT64_MIN, .uid = 5 } };
        static const uint32_t expected[] = { 5, 9, 1, 3, 7 };
        struct queue queue = { 0 };

        (void)state;
        assert_true(queue_is_empty(&queue));
        queue_sort(&queue);
        for (size_t i = 0; i < 5; i++)
                queue_add(&queue, &given[i]);
        queue_sort(&queue);
        for (size_t i = 0; i < 5; i++)
                assert_int_equal(queue.entries[i].uid, expected[i]);
        queue_free(&queue);
}

/* Adds one and says nothing else of it. */
static void add(struct queue *queue, uint32_t uid, int64_t date, uint32_t size)
{
        queue_add(queue, &(struct queue_entry){ .uid = uid, .internaldate = date, .size = size });
}

static size_t take(struct queue *queue, const struct queue_bounds *bounds)
{
        size_t n = queue_batch(queue, bounds);

        queue->next += n;
        return n;
}

static void test_queue_batches(void **state)
{
        struct queue_bounds bounds = { .since = 100, .message_max = 3000000, .messages = 64 };
        struct queue queue = { 0 };

        (void)state;
        assert_int_equal(queue_batch(&queue, &bounds), 0);
        add(&queue, 1, 98, 500);
        add(&queue, 2, 99, 9000000); /* old: headers, whatever the size */
        add(&queue, 3, 100, 500);
        add(&queue, 4, 101, QUEUE_STREAMED);
        add(&queue, 5, 102, QUEUE_STREAMED + 1); /* alone */
        add(&queue, 6, 103, 3000001);            /* too large: headers */
        add(&queue, 7, 104, 500);
        assert_int_equal(take(&queue, &bounds), 2);
        assert_int_equal(take(&queue, &bounds), 2);
        assert_int_equal(take(&queue, &bounds), 1);
        assert_int_equal(take(&queue, &bounds), 1);
        assert_int_equal(take(&queue, &bounds), 1);
        assert_true(queue_is_empty(&queue));
        queue_reset(&queue);
        for (uint32_t i = 0; i < 100; i++)
                add(&queue, i + 1, 200, i < 70 ? 10 : 1000000);
        bounds.messages = 3;
        assert_int_equal(take(&queue, &bounds), 3);
        bounds.messages = 64;
        assert_int_equal(take(&queue, &bounds), 64);
        assert_int_equal(take(&queue, &bounds), 3 + 8); /* the bytes of a batch */
        bounds.messages = 0;
        assert_int_equal(take(&queue, &bounds), 0);
        queue_free(&queue);
}

static void test_words_for_the_server(void **state)
{
        static const struct {
                const char *name, *encoded;
        } folders[] = { { "INBOX", "INBOX" }, { "Zgłoszenia", "Zg&AUI-oszenia" }, { "a&b", "a&-b" },
                { "żó", "&AXwA8w-" }, { "~peter/mail/日本語/台北", "~peter/mail/&ZeVnLIqe-/&U,BTFw-" },
                { "x😀", "x&2D3eAA-" }, { "", "" } };

        (void)state;
        for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
                CLEANUP_FREE char *encoded = words_folder(folders[i].name);

                assert_string_equal(encoded, folders[i].encoded);
        }
        CLEANUP_FREE char *quoted = words_quote("a\"b\\c {3}");
        assert_string_equal(quoted, "\"a\\\"b\\\\c {3}\"");
        assert_true(words_are_ascii("tajne haslo"));
        assert_false(words_are_ascii("hasło"));
        assert_int_equal(words_check("zażółć \"x\" \\", "x", NULL), 0);
        assert_int_equal(words_check("a\r\nb LOGOUT", "x", NULL), -1);
        assert_int_equal(words_check("a\tb", "x", NULL), -1);
        assert_int_equal(words_check("a\x7f", "x", NULL), -1);
        assert_int_equal(words_check("\xff", "x", NULL), -1);
}

static void test_words_of_the_server(void **state)
{
        static const struct {
                const char *text;
                size_t max;
                const char *shown;
        } cases[] = { { "NO\r\n\x1b[31mred\x07", 100, "NO[31mred" }, { "zażółć", 100, "zażółć" },
                { "zażółć", 3, "za" }, { "zażółć", 4, "zaż" }, { "z\xb1\xff", 100, "z??" }, { "", 10, "" },
                { "abc", 0, "" } };
        struct str_list list = { 0 };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                CLEANUP_FREE char *shown = words_clean(cases[i].text, cases[i].max);

                assert_string_equal(shown, cases[i].shown);
        }
        words_capabilities("* OK ready\r\n", &list);
        words_capabilities("* capability IMAP4rev1 Idle  AUTH=PLAIN\r\n", &list);
        assert_int_equal(list.count, 3);
        assert_true(str_list_has(&list, "IMAP4REV1") && str_list_has(&list, "IDLE") &&
                    str_list_has(&list, "AUTH=PLAIN"));
        str_list_free(&list);
}

static void check_account(char *password, size_t size, const char *user, bool good)
{
        struct login_account account = {
                .host = "h", .user = user, .password = password, .password_size = size
        };
        struct err err = { 0 };

        assert_int_equal(login_check(&account, &err), good ? 0 : -1);
        assert_int_equal(err.class, good ? ERR_NONE : ERR_PERM);
}

static void test_credentials(void **state)
{
        char good[] = "gęślą \"jaźń\"", injection[] = "x\r\nz LOGOUT", nul[] = "a\0b", empty[] = "";

        (void)state;
        check_account(good, sizeof good - 1, "a@example.org", true);
        check_account(good, sizeof good - 1, "a\r\n@example.org", false);
        check_account(good, sizeof good - 1, "", false);
        check_account(injection, sizeof injection - 1, "a", false);
        check_account(nul, sizeof nul - 1, "a", false);
        check_account(empty, 0, "a", false);
}

#define OPEN                                                                                                 \
        "'op':'open','host':'h','port':993,'ca_file':'','user':'u','auth':'password','folder':'INBOX','"     \
        "poll_seconds':60"

/* Single quotes for double ones. */
static json_t *json(const char *text)
{
        CLEANUP_FREE char *copy = xstrdup(text);
        json_t *parsed;

        for (char *p = copy; *p; p++)
                *p = *p == '\'' ? '"' : *p;
        parsed = json_loads(copy, 0, NULL);
        assert_non_null(parsed);
        return parsed;
}

static int open_of(const char *text, struct order_open *ret_open)
{
        json_t *parsed = json(text);
        int r = order_open(parsed, ret_open, NULL);

        json_decref(parsed);
        return r;
}

static void test_open(void **state)
{
        static const char *const bad[] = { "{" OPEN "}", "{" OPEN ",'tls':'ssl','mark':'none'}",
                "{" OPEN ",'tls':'none','mark':'move:'}", "{" OPEN ",'tls':'none','mark':'seen'}",
                "{" OPEN ",'tls':'none','mark':'none','idle':1}",
                "{" OPEN ",'tls':'none','mark':'none','message_mb':0}",
                "{" OPEN ",'tls':'none','mark':'none','timeout_seconds':601}", "{'op':'open'}" };
        struct order_open open;

        (void)state;
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
                assert_int_equal(open_of(bad[i], &open), -1);
        assert_int_equal(open_of("{" OPEN ",'tls':'implicit','mark':'keyword'}", &open), 0);
        assert_true(open.port == 993 && open.message_max == 30 * 1024 * 1024 && !open.idle && !open.once &&
                    !open.seconds);
        assert_true(open.mark == ORDER_MARK_KEYWORD && open.tls == LOGIN_TLS_IMPLICIT);
        order_open_free(&open);
        assert_int_equal(
            open_of("{" OPEN ",'tls':'starttls','mark':'move:Zg\u0142','idle':true,'message_mb':2}", &open),
            0);
        assert_string_equal(open.move_to, "Zg\u0142");
        assert_true(open.idle && open.message_max == 2 * 1024 * 1024);
        order_open_free(&open);
}

static void test_other_orders(void **state)
{
        static const char *const bad[] = { "{'uidvalidity':1,'uids':[0]}",
                "{'uidvalidity':1,'uids':[4294967296]}", "{'uidvalidity':0,'uids':[1]}",
                "{'uidvalidity':1,'uids':['1']}", "{'uidvalidity':1,'uids':7}", "{}" };
        struct order_mark_uids mark;
        struct order_scan scan;
        int64_t credit;
        json_t *parsed;

        (void)state;
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
                parsed = json(bad[i]);
                assert_int_equal(order_mark_uids(parsed, &mark, NULL), -1);
                assert_int_equal(order_scan(parsed, &scan, NULL), -1);
                assert_int_equal(order_credit(parsed, &credit, NULL), -1);
                json_decref(parsed);
        }
        parsed = json("{'uidvalidity':7,'uids':[5,3,5],'after':4294967295,'since':-1,'messages':64}");
        assert_int_equal(order_mark_uids(parsed, &mark, NULL), 0);
        assert_true(mark.uidvalidity == 7 && mark.uids.count == 2 && mark.uids.items[0] == 3);
        assert_int_equal(order_scan(parsed, &scan, NULL), 0);
        assert_true(scan.uidvalidity == 7 && scan.after == UINT32_MAX && scan.since == -1);
        assert_int_equal(order_credit(parsed, &credit, NULL), 0);
        assert_int_equal(credit, 64);
        uids_free(&mark.uids);
        json_decref(parsed);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_uids),
                cmocka_unit_test(test_when_agrees_with_timegm),
                cmocka_unit_test(test_append_date),
                cmocka_unit_test(test_when_zones),
                cmocka_unit_test(test_queue_order),
                cmocka_unit_test(test_queue_batches),
                cmocka_unit_test(test_words_for_the_server),
                cmocka_unit_test(test_words_of_the_server),
                cmocka_unit_test(test_credentials),
                cmocka_unit_test(test_open),
                cmocka_unit_test(test_other_orders),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
