/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: send core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/str.h"
#include "send/fate.h"

struct row {
        enum fate_stage stage;
        enum fate_trouble trouble;
        int code; /* of the answer to the last thing written; negative: of an earlier one */
        enum fate_kind kind;
        bool server;
};

static const struct row rows[] = {
        { FATE_DOT, FATE_FINE, 250, FATE_SENT, false },
        { FATE_DOT, FATE_OTHER, 251, FATE_SENT, false }, /* 2xx is 2xx, whatever the library thinks */
        { FATE_DOT, FATE_OTHER, 451, FATE_AGAIN, false },
        { FATE_DOT, FATE_OTHER, 421, FATE_AGAIN, true },
        { FATE_DOT, FATE_OTHER, 554, FATE_FAILED, false },
        { FATE_DOT, FATE_OTHER, 354, FATE_UNCERTAIN, false },
        { FATE_DOT, FATE_OTHER, -354, FATE_UNCERTAIN, false },
        { FATE_DOT, FATE_TIMEOUT, -354, FATE_UNCERTAIN, false },
        { FATE_DOT, FATE_WRITE, -354, FATE_AGAIN, true }, /* the dot did not go out */
        { FATE_BODY, FATE_WRITE, 354, FATE_AGAIN, true },
        { FATE_BODY, FATE_TIMEOUT, 354, FATE_AGAIN, true },
        { FATE_DATA, FATE_OTHER, -250, FATE_AGAIN, true },
        { FATE_DATA, FATE_WRITE, 452, FATE_AGAIN, false },
        { FATE_DATA, FATE_WRITE, 554, FATE_FAILED, false },
        { FATE_RCPT, FATE_WRITE, 550, FATE_FAILED, false },
        { FATE_RCPT, FATE_WRITE, 450, FATE_AGAIN, false },
        { FATE_RCPT, FATE_WRITE, 421, FATE_AGAIN, true },
        { FATE_RCPT, FATE_TIMEOUT, -250, FATE_AGAIN, true },
        { FATE_RCPT, FATE_WRITE, 250, FATE_AGAIN, true },   /* RCPT was answered, DATA could not be written */
        { FATE_MAIL, FATE_WRITE, 553, FATE_AGAIN, true },   /* the sender is the same for all */
        { FATE_MAIL, FATE_WRITE, 552, FATE_FAILED, false }, /* too large */
        { FATE_MAIL, FATE_WRITE, 452, FATE_AGAIN, false },
        { FATE_CONNECT, FATE_LOGIN, 454, FATE_AGAIN, true },
        { FATE_CONNECT, FATE_NOT_SMTP, 220, FATE_AGAIN, true },
        { FATE_MAIL, FATE_WRITE, 530, FATE_AGAIN, true }, /* wants a login: so it will for every letter */
        { FATE_MAIL, FATE_OTHER, -235, FATE_AGAIN, true },
        { FATE_CONNECT, FATE_LOGIN, 535, FATE_AGAIN, true },
        { FATE_CONNECT, FATE_OTHER, 554, FATE_AGAIN, true },
        { FATE_CONNECT, FATE_CERTIFICATE, 0, FATE_AGAIN, true },
        { FATE_CONNECT, FATE_NO_STARTTLS, 250, FATE_AGAIN, true },
        { FATE_CONNECT, FATE_UNRESOLVED, 0, FATE_AGAIN, true },
        { FATE_CONNECT, FATE_UNCONNECTED, 0, FATE_AGAIN, true },
        { FATE_CONNECT, FATE_TIMEOUT, 220, FATE_AGAIN, true },
};

static void every_row(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                const struct row *row = &rows[i];
                struct fate_facts facts = { .stage = row->stage,
                        .trouble = row->trouble,
                        .answered = row->code > 0,
                        .code = row->code < 0 ? -row->code : row->code,
                        .reply = "5.0.0 words",
                        .why = "" };
                struct fate fate = fate_judge(&facts);

                if (fate.kind != row->kind || fate.server != row->server)
                        fail_msg("row %zu: %s, server %d", i, fate_name(fate.kind), fate.server);
                assert_int_equal(fate.code, facts.code);
                assert_true(*fate.detail);
        }
}

/* Nothing but an answer of 2xx to the dot is "sent"; nothing after the dot without an answer is known;
 * nothing before it is uncertain. */
static void every_combination(void **state)
{
        static const int codes[] = { 0, 220, 250, 354, 421, 450, 535, 550, 999 };

        (void)state;
        for (int stage = FATE_CONNECT; stage <= FATE_DOT; stage++)
                for (int trouble = FATE_UNRESOLVED; trouble <= FATE_OTHER; trouble++)
                        for (size_t i = 0; i < 2 * sizeof codes / sizeof *codes; i++) {
                                struct fate_facts facts = { .stage = (enum fate_stage)stage,
                                        .trouble = (enum fate_trouble)trouble,
                                        .answered = i % 2,
                                        .code = codes[i / 2],
                                        .reply = "",
                                        .why = "" };
                                struct fate fate = fate_judge(&facts);

                                if (fate.kind == FATE_SENT)
                                        assert_true(
                                            stage == FATE_DOT && facts.answered && facts.code / 100 == 2);
                                if (fate.kind == FATE_FAILED)
                                        assert_true(
                                            stage > FATE_CONNECT && facts.answered && facts.code / 100 == 5);
                                if (fate.kind == FATE_UNCERTAIN)
                                        assert_int_equal(stage, FATE_DOT);
                                if (stage == FATE_DOT && !facts.answered && trouble != FATE_WRITE)
                                        assert_int_equal(fate.kind, FATE_UNCERTAIN);
                                assert_true(!fate.server || fate.kind == FATE_AGAIN);
                        }
}

static struct fate refused(const char *reply)
{
        static const char *const hide[] = { "jan.kowalski@example.org" };
        struct fate_facts facts = { .stage = FATE_RCPT,
                .trouble = FATE_WRITE,
                .answered = true,
                .code = 550,
                .reply = reply,
                .why = "",
                .hide = hide,
                .hide_count = 1 };

        return fate_judge(&facts);
}

static void details_are_harmless(void **state)
{
        char longest[3001];

        (void)state;
        assert_string_equal(refused("5.1.1 <jan.kowalski@example.org>: User unknown").detail,
            "the mail server refused the recipient (550 5.1.1 ... User unknown)");
        assert_string_equal(refused("5.1.1 no user \"Jan.Kowalski\" here").detail,
            "the mail server refused the recipient (550 5.1.1 no user ... here)");
        assert_string_equal(refused("see http://example.org/?a=jan%40example.org").detail,
            "the mail server refused the recipient (550 see ...)");
        assert_string_equal(
            refused("a\rb\x1b[31mc\x7f").detail, "the mail server refused the recipient (550 a b [31mc)");
        assert_string_equal(refused("nieznany u\xbfytkownik").detail,
            "the mail server refused the recipient (550 nieznany u?ytkownik)");
        for (size_t i = 0; i < sizeof longest - 1; i += 2)
                memcpy(longest + i, "\xc5\xbc", 2);
        longest[sizeof longest - 1] = '\0';
        for (size_t cut = 0; cut < 4; cut++) {
                struct fate fate = refused(longest + 2 * cut);

                assert_true(strlen(fate.detail) <= FATE_DETAIL);
                assert_true(str_is_utf8(fate.detail, strlen(fate.detail)));
        }
}

/* What is about the sender or about this machine fails no letter. */
static void about_us(void **state)
{
        static const struct {
                enum fate_stage stage;
                const char *reply;
                enum fate_kind kind;
        } refusals[] = {
                { FATE_MAIL, "5.7.1 not your address", FATE_AGAIN },
                { FATE_MAIL, "5.3.4 too big", FATE_FAILED },
                { FATE_MAIL, "5.6.7 no such addresses", FATE_FAILED },
                { FATE_RCPT, "5.7.1 <jan@example.org>: Relay access denied", FATE_AGAIN },
                { FATE_RCPT, "5.7.1 Service unavailable; Client host [192.0.2.1] blocked", FATE_AGAIN },
                { FATE_RCPT, "5.7.1 <x@y>: Sender address rejected: not owned by user", FATE_AGAIN },
                { FATE_RCPT, "5.7.1 recipient wants no mail", FATE_FAILED },
                { FATE_RCPT, "5.1.1 User unknown in relay recipient table", FATE_FAILED },
                { FATE_DOT, "5.7.1 client host looks like spam", FATE_FAILED },
        };

        (void)state;
        for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
                struct fate_facts facts = { .stage = refusals[i].stage,
                        .trouble = FATE_WRITE,
                        .answered = true,
                        .code = 550,
                        .reply = refusals[i].reply,
                        .why = "" };
                struct fate fate = fate_judge(&facts);

                assert_int_equal(fate.kind, refusals[i].kind);
                assert_int_equal(fate.server, refusals[i].kind == FATE_AGAIN);
                assert_true(fate.asked);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(every_row),
                cmocka_unit_test(every_combination),
                cmocka_unit_test(about_us),
                cmocka_unit_test(details_are_harmless),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
