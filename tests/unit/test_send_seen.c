/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: send core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "send/guard.h"
#include "send/seen.h"

static void says(struct seen *seen, const char *command)
{
        seen_command(seen, command, strlen(command));
}

static void hears(struct seen *seen, const char *line)
{
        seen_reply(seen, line, strlen(line));
}

static void a_whole_letter(void **state)
{
        struct seen seen = { 0 };

        (void)state;
        seen_start(&seen);
        hears(&seen, "220 here\r\n");
        says(&seen, "EHLO us\r\n");
        assert_false(seen.answered);
        hears(&seen, "250-here\r\n");
        hears(&seen, "250-auth plain cram-md5\r\n");
        assert_false(seen.answered);
        hears(&seen, "250 SMTPUTF8\r\n");
        assert_true(seen.answered && seen.plain && seen.cram && seen.utf8 && !seen.login);
        says(&seen, "AUTH PLAIN\r\n");
        assert_true(seen.login);
        hears(&seen, "235 in\r\n");
        assert_int_equal(seen.stage, FATE_CONNECT);
        says(&seen, "MAIL FROM:<a@b>\r\n");
        assert_int_equal(seen.stage, FATE_MAIL);
        hears(&seen, "250-AUTH LOGIN\r\n"); /* no offer */
        hears(&seen, "250\r\n");
        says(&seen, "RCPT TO:<c@d>\r\n");
        hears(&seen, "250 ok\r\n");
        says(&seen, "DATA\r\n");
        hears(&seen, "354 go\r\n");
        seen_body(&seen, true);
        assert_int_equal(seen.stage, FATE_BODY);
        seen_body(&seen, false);
        assert_int_equal(seen.stage, FATE_DOT);
        assert_false(seen.answered || seen_sent(&seen));
        hears(&seen, "250 2.0.0 taken\r\n");
        assert_true(seen_sent(&seen));
        assert_string_equal(seen.reply, "2.0.0 taken");
        says(&seen, "QUIT\r\n");
        hears(&seen, "500 what\r\n");
        assert_int_equal(seen.code, 250);
        seen_start(&seen); /* the same connection: what it offers still holds */
        assert_true(seen.plain && seen.login && seen.utf8 && seen.stage == FATE_CONNECT && !seen.code);
        says(&seen, "EHLO us\r\n");
        assert_false(seen.plain || seen.login || seen.utf8 || seen.cram);
}

/* Credentials are in base64: "DATA", "QUIT" and "MAIL" are some. */
static void credentials_are_no_commands(void **state)
{
        static const char *const lines[] = { "QUIT", "DATA\r\n", "MAIL", "EHLO" };
        struct seen seen = { 0 };

        (void)state;
        seen_start(&seen);
        says(&seen, "AUTH LOGIN\r\n");
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
                hears(&seen, "334 VXNlcm5hbWU6\r\n");
                says(&seen, lines[i]);
                assert_true(seen.login && !seen.over && !seen.answered);
                assert_int_equal(seen.stage, FATE_CONNECT);
        }
        hears(&seen, "535 no\r\n");
        assert_int_equal(seen.code, 535);
}

/* What is offered before TLS is not what is offered after it. */
static void offers_and_tls(void **state)
{
        struct seen seen = { 0 };

        (void)state;
        seen_start(&seen);
        says(&seen, "EHLO us\r\n");
        hears(&seen, "250-AUTH=GSSAPI\r\n");
        hears(&seen, "250 STARTTLS\r\n");
        assert_true(seen.auth && !seen.plain && !seen.tls);
        says(&seen, "STARTTLS\r\n");
        hears(&seen, "220 go\r\n");
        says(&seen, "EHLO us\r\n");
        assert_true(seen.tls && !seen.auth);
        says(&seen, "HELO us\r\n");
        assert_true(seen.tls);
        seen_start(&seen); /* another connection */
        says(&seen, "EHLO us\r\n");
        assert_false(seen.tls);
}

static void odd_replies(void **state)
{
        static const char *const no_replies[] = { "", "\r\n", "25", "HTTP/1.1 400 Bad Request\r\n",
                "250-more\r\n", "2500 x\r\n", "\xff\xfe\xfd\xfc\r\n", "250\tx\r\n" };
        char longest[3000];
        struct seen seen = { 0 };

        (void)state;
        seen_start(&seen);
        for (size_t i = 0; i < sizeof no_replies / sizeof *no_replies; i++)
                hears(&seen, no_replies[i]);
        assert_false(seen.answered);
        assert_int_equal(seen.lines, sizeof no_replies / sizeof *no_replies);
        hears(&seen, "451\n");
        assert_true(seen.answered && seen.code == 451 && !*seen.reply && !seen.lines);
        memset(longest, 'x', sizeof longest);
        memcpy(longest, "550 ", 4);
        seen_reply(&seen, longest, sizeof longest);
        assert_int_equal(seen.code, 550);
        assert_int_equal(strlen(seen.reply), SEEN_REPLY - 1);
}

static void what_may_leave(void **state)
{
        static const char *const bad[] = { "", "a\n", "a\r", "a\rb\r\n", "a\r\n\n", "a\r\n.\n",
                "\xc4\x85\r\n" };
        char line[1001];

        (void)state;
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
                assert_false(guard_bytes(bad[i], strlen(bad[i]), false));
        assert_false(guard_bytes("a\0b\r\n", 5, true));
        assert_true(guard_bytes("\xc4\x85\r\n", 4, true));
        memset(line, 'x', sizeof line);
        memcpy(line + 998, "\r\n", 2);
        assert_true(guard_bytes(line, 1000, false));
        memset(line, 'x', sizeof line);
        memcpy(line + 999, "\r\n", 2);
        assert_false(guard_bytes(line, 1001, false));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(a_whole_letter),
                cmocka_unit_test(credentials_are_no_commands),
                cmocka_unit_test(offers_and_tls),
                cmocka_unit_test(odd_replies),
                cmocka_unit_test(what_may_leave),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
