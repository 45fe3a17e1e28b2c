/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: compose core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "compose/calendar.h"

static struct calendar_event example(void)
{
        return (struct calendar_event){
                .ref = "MW-7K3M",
                .event_id = "model-wspolpracy",
                .organiser = "Agnieszka \"Aga\" Szuba <agnieszka.szuba@rcwip.example>",
                .summary = "Model współpracy JST & NGO",
                .location = "Wałbrzych, ul. Sienkiewicza 2/7",
                .description = "W cenie: kawa; obiad\nBackslash \\ na końcu",
                .starts = 1327564800, /* 2012-01-26 08:00 UTC */
                .ends = 1327586400,
                .stamp = 1327330800,
        };
}

static char *text_of(const struct calendar_event *event)
{
        struct err err = { 0 };
        char *text = NULL;

        if (calendar_text(event, &text, &err) < 0)
                fail_msg("%s", err.text);
        return text;
}

/* Folding undone (RFC 5545 3.1), each line checked on the way. */
static char *unfolded(const char *text)
{
        struct buf out = BUF_INIT(LIMIT_LETTER);

        for (const char *p = text; *p;) {
                const char *end = strstr(p, "\r\n");

                assert_non_null(end);
                assert_true(end - p <= 75);
                assert_true(str_is_utf8(p, (size_t)(end - p)));
                assert_null(memchr(p, '\n', (size_t)(end - p)));
                if (*p != ' ')
                        buf_putc(&out, '\n');
                buf_add(&out, *p == ' ' ? p + 1 : p, (size_t)(end - p) - (*p == ' '));
                p = end + 2;
        }
        buf_putc(&out, '\n');
        return buf_detach(&out, NULL);
}

static void assert_line(const char *lines, const char *line)
{
        CLEANUP_FREE char *whole = xasprintf("\n%s\n", line);

        if (!strstr(lines, whole))
                fail_msg("no line \"%s\" in %s", line, lines);
}

static void published(void **state)
{
        (void)state;
        struct calendar_event event = example();
        CLEANUP_FREE char *text = text_of(&event), *lines = unfolded(text);

        assert_true(str_starts(text, "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:"));
        assert_line(lines, "METHOD:PUBLISH");
        assert_line(lines, "UID:MW-7K3M.model-wspolpracy@rcwip.example");
        assert_line(lines, "DTSTAMP:20120123T150000Z");
        assert_line(lines, "DTSTART:20120126T080000Z");
        assert_line(lines, "DTEND:20120126T140000Z");
        assert_line(lines, "SEQUENCE:0");
        assert_line(lines, "STATUS:CONFIRMED");
        assert_line(lines, "ORGANIZER;CN=\"Agnieszka 'Aga' Szuba\":mailto:agnieszka.szuba@rcwip.example");
        assert_line(lines, "SUMMARY:Model współpracy JST & NGO");
        assert_line(lines, "LOCATION:Wałbrzych\\, ul. Sienkiewicza 2/7");
        assert_line(lines, "DESCRIPTION:W cenie: kawa\\; obiad\\nBackslash \\\\ na końcu");
}

static void cancelled_has_the_same_uid(void **state)
{
        (void)state;
        struct calendar_event event = example();
        CLEANUP_FREE char *text = NULL, *lines = NULL;

        event.cancelled = true;
        event.sequence = 1;
        text = text_of(&event);
        lines = unfolded(text);
        assert_string_equal(calendar_method(&event), "CANCEL");
        assert_line(lines, "METHOD:CANCEL");
        assert_line(lines, "STATUS:CANCELLED");
        assert_line(lines, "SEQUENCE:1");
        assert_line(lines, "UID:MW-7K3M.model-wspolpracy@rcwip.example");
}

/* Every length around the fold, with letters of one, two, three and four bytes. */
static void folding_cuts_no_letter(void **state)
{
        (void)state;
        static const char *const letters[] = { "a", "ż", "…", "😀" };

        for (size_t l = 0; l < 4; l++) {
                for (int n = 0; n < 200; n++) {
                        struct buf summary = BUF_INIT(4096);
                        struct calendar_event event = example();
                        CLEANUP_FREE char *text = NULL, *lines = NULL, *expected = NULL;

                        for (int i = 0; i < n; i++)
                                buf_puts(&summary, i == 7 ? "b" : letters[l]);
                        event.summary = buf_text(&summary);
                        text = text_of(&event);
                        lines = unfolded(text);
                        expected = xasprintf("SUMMARY:%s", event.summary);
                        assert_line(lines, expected);
                        buf_free(&summary);
                }
        }
}

static void refused(struct calendar_event event)
{
        struct err err = { 0 };
        char *text = NULL;

        assert_int_equal(calendar_text(&event, &text, &err), -1);
        assert_int_equal(err.class, ERR_INPUT);
        assert_null(text);
}

static void injections_are_refused(void **state)
{
        (void)state;
        struct calendar_event event = example();

        event.ref = "MW\r\nATTENDEE:mailto:x@example.org";
        refused(event);
        event = example();
        event.summary = "a\r\nATTACH:b";
        refused(event);
        event = example();
        event.organiser = "nobody";
        refused(event);
        event = example();
        event.location = "\xff";
        refused(event);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(published),
                cmocka_unit_test(cancelled_has_the_same_uid),
                cmocka_unit_test(folding_cuts_no_letter),
                cmocka_unit_test(injections_are_refused),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
