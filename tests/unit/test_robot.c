/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/mail.h"
#include "core/triage.h"

/* One mail in a few words; headers are pairs of name and value. NULL text: empty. */
struct sketch {
        const char *from, *return_path, *subject, *text, *content_type;
        const char *headers[6][2];
        size_t received;
        const char *returned_id, *from_name, *report_type, *reply_to;
};

static enum robot_kind judge(const struct sketch *s)
{
        struct mail_header headers[6];
        struct mail mail = { .headers = headers, .received_count = s->received };
        const char *reason = NULL;
        enum robot_kind kind;

        mail.from = xstrdup(s->from ? s->from : "jan@example.org");
        mail.return_path = xstrdup(s->return_path);
        mail.subject = xstrdup(s->subject ? s->subject : "");
        mail.text = xstrdup(s->text ? s->text : "");
        mail.head = xstrdup(mail.text);
        mail.from_name = xstrdup(s->from_name);
        mail.report_type = xstrdup(s->report_type);
        mail.reply_to = xstrdup(s->reply_to);
        mail.content_type = xstrdup(s->content_type ? s->content_type : "text/plain");
        for (; mail.header_count < 6 && s->headers[mail.header_count][0]; mail.header_count++) {
                headers[mail.header_count].name = xstrdup(s->headers[mail.header_count][0]);
                headers[mail.header_count].value = xstrdup(s->headers[mail.header_count][1]);
        }
        if (s->returned_id)
                str_list_add(&mail.returned_ids, s->returned_id);
        kind = robot_judge(&mail, &reason);
        assert_non_null(reason);
        mail.headers = xmemdup(headers, sizeof headers);
        mail.received_count = 0;
        mail_free(&mail);
        return kind;
}

static void all(const struct sketch *sketches, size_t count, enum robot_kind expected)
{
        for (size_t i = 0; i < count; i++) {
                enum robot_kind kind = judge(&sketches[i]);

                if (kind != expected)
                        fail_msg("sketch %zu (\"%s\") is %d", i,
                            sketches[i].subject ? sketches[i].subject : "", (int)kind);
        }
}
#define ALL(sketches, expected) all(sketches, sizeof(sketches) / sizeof *(sketches), expected)

static void people(void **state)
{
        static const struct sketch sketches[] = {
                { .subject = "Zgłoszenie",
                    .text = "Imię i nazwisko: Jan Kowalski",
                    .return_path = "jan@example.org" },
                { .headers = { { "auto-submitted", "no" } } },
                { .headers = { { "auto-submitted", " No; x=y" } } },
                { .headers = { { "auto-submitted", "no (a person)" } } },
                { .headers = { { "x-auto-response-suppress", "All" } } },
                { .headers = { { "x-autoreply", "no" } } },
                { .headers = { { "precedence", "first-class" } } },
                { .subject = "Re: Zgłoszenie przyjęte", .text = "Dziękuję" },
                { .subject = "Nieobecność", .text = "Nie przyjdę na szkolenie" },
                { .subject = "Fwd: Undelivered Mail Returned to Sender", .text = "Co to jest?" },
                { .subject = "Undeliverable?", .text = "Czy moje zgłoszenie dotarło?" },
                { .subject = "Autor książki", .text = "Automatyczna odpowiedź to nie jest" },
                { .from = "postmaster@example.org", .subject = "Zgłoszenie", .text = "Imię i nazwisko: Jan" },
                { .received = 99 },
                { .from = "listonosz@example.org" },
        };

        (void)state;
        ALL(sketches, ROBOT_NO);
}

static void bounces(void **state)
{
        static const struct sketch sketches[] = {
                { .return_path = "", .subject = "Zgłoszenie" },
                { .content_type = "multipart/report" },
                { .from = "MAILER-DAEMON@mx.example.org", .subject = "failure notice" },
                { .from = "mailer-daemon@example.org", .text = "Sorry, user unknown." },
                { .from = "mailer-daemon@example.org", .returned_id = "x@example.org" },
                { .from = "postmaster@example.org", .subject = "Undeliverable: Zgłoszenie przyjęte" },
                { .from = "postmaster@example.org", .subject = "Niedostarczona wiadomość" },
                { .from = "poczta@example.org",
                    .subject = "Mail delivery failed: returning message to sender",
                    .text = "A message that you sent could not be delivered to all of its recipients." },
                { .from = "poczta@example.org",
                    .subject = "Nie można dostarczyć: Zgłoszenie",
                    .text = "Wiadomość nie została dostarczona." },
                { .from = "poczta@example.org",
                    .subject = "Zwrot wiadomości",
                    .returned_id = "x@example.org" },
                { .from = "poczta@example.org",
                    .subject = "Delivery Failure",
                    .headers = { { "x-failed-recipients", "jan@example.org" } } },
                { .from = "mailer-daemon@example.org",
                    .subject = "failure notice",
                    .headers = { { "precedence", "bulk" } } },
        };

        (void)state;
        ALL(sketches, ROBOT_BOUNCE);
}

static void automatic(void **state)
{
        static const struct sketch sketches[] = {
                { .headers = { { "auto-submitted", "auto-replied" } } },
                { .headers = { { "auto-submitted", "auto-generated (failure)" } } },
                { .headers = { { "auto-submitted", "no" }, { "auto-submitted", "auto-replied" } } },
                { .headers = { { "auto-submitted", "nothing" } } },
                { .headers = { { "auto-submitted", "" } } },
                { .headers = { { "x-autoreply", "yes" } } },
                { .headers = { { "x-apple-action", "DELETE" } } },
                { .headers = { { "precedence", "auto_reply" } } },
                { .subject = "Automatyczna odpowiedź: Zgłoszenie przyjęte" },
                { .subject = "AUTOODPOWIEDŹ" },
                { .subject = "Odpowiedź automatyczna: szkolenie" },
                { .subject = "Jestem poza biurem" },
                { .subject = "Out of Office: Zgłoszenie" },
                { .subject = "Automatic reply: Zgłoszenie" },
                { .subject = "Auto-Reply: Zgłoszenie" },
        };
        static const struct sketch marked[] = {
                { .headers = { { "precedence", "Bulk" } } },
                { .headers = { { "precedence", " junk " } } },
                { .headers = { { "precedence", "bulk" }, { "list-id", "<a.example.org>" } } },
        };
        static const struct sketch loops[] = { { .received = 100 },
                { .received = 1000, .headers = { { "auto-submitted", "auto-replied" } } } };

        (void)state;
        ALL(sketches, ROBOT_AUTOMATIC);
        ALL(marked, ROBOT_MARKED);
        ALL(loops, ROBOT_LOOP);
}

static void lists(void **state)
{
        static const struct sketch sketches[] = {
                { .headers = { { "list-id", "<a.example.org>" } } },
                { .headers = { { "list-unsubscribe", "<http://example.org>" } } },
                { .headers = { { "precedence", "list" } } },
                { .from = "mailer-daemon@example.org", .subject = "Witamy" },
                { .from = "owner-ngo@example.org" },
                { .from = "ngo-request@example.org" },
                { .return_path = "Listserv@example.org" },
                { .headers = { { "sender", "NGO <owner-ngo@example.org>" } } },
        };

        (void)state;
        ALL(sketches, ROBOT_LIST);
}

/* ---- DMARC */

static bool failed(const char *first, const char *second, const char *id)
{
        struct mail_header headers[2] = { { (char[]){ "authentication-results" }, NULL },
                { (char[]){ "authentication-results" }, NULL } };
        struct mail mail = { .headers = headers, .header_count = second ? 2 : 1 };
        bool r;

        headers[0].value = xstrdup(first);
        headers[1].value = xstrdup(second);
        r = robot_dmarc_failed(&mail, id);
        free(headers[0].value);
        free(headers[1].value);
        return r;
}

static void dmarc(void **state)
{
        static const char *const fails[] = {
                "mx.rcwip.pl; spf=pass smtp.mailfrom=a@b; dmarc=fail header.from=b",
                "MX.rcwip.pl 1; dmarc = fail (p=none; dis=none) header.from=b", "mx.rcwip.pl;dmarc=fail",
                "mx.rcwip.pl; (a comment; dmarc=pass) dkim=none; dmarc/1=fail",
                "(of our) mx.rcwip.pl (v) 1 ; dmarc (a) / (b) 1 (c) = (d) fail (p=none)",
                "\"mx.rcwip.pl\"; dmarc=fail", "mx.rcwip.pl; none; dmarc=fail",
                "mx.rcwip.pl; DMARC=FAIL reason=\"(x; y\" header.from=b.example"
        };
        static const char *const passes[] = { "mx.rcwip.pl; dmarc=pass", "mx.rcwip.pl; dmarc=none",
                "mx.rcwip.pl; dmarc=failover", "mx.rcwip.pl; x-dmarc=fail", "mx.rcwip.pl; spf=fail",
                "mx.rcwip.pl; dkim=pass reason=\"; dmarc=fail\"", "mx.rcwip.pl; dkim=pass (; dmarc=fail)",
                "mx.other.pl; dmarc=fail", "mx.rcwip.pl.evil.example; dmarc=fail", "mx.rcwip; dmarc=fail", "",
                "mx.rcwip.pl", "dmarc=fail", "((((\"", "mx.rcwip.pl; dmarc=\\", "\"mx.rcwip.pl; dmarc=fail\"",
                "\"mx.rcwip.pl; dmarc=fail\"; dmarc=fail", "mx.rcwip.pl; dmarc=temperror",
                "mx.rcwip.pl; dmarc/x=fail", "mx.rcwip.pl dmarc=fail", "(mx.rcwip.pl); dmarc=fail" };

        (void)state;
        for (size_t i = 0; i < sizeof fails / sizeof *fails; i++)
                if (!failed(fails[i], NULL, "mx.rcwip.pl"))
                        fail_msg("not seen: %s", fails[i]);
        for (size_t i = 0; i < sizeof passes / sizeof *passes; i++)
                if (failed(passes[i], NULL, "mx.rcwip.pl"))
                        fail_msg("seen: %s", passes[i]);
        assert_false(failed(fails[0], NULL, ""));
        assert_false(failed(fails[0], NULL, NULL));
        /* Two under our name: one of them is not ours, and nobody knows which. */
        assert_false(failed(fails[0], "mx.rcwip.pl; dmarc=pass", "mx.rcwip.pl"));
        assert_false(failed("mx.rcwip.pl; dmarc=pass", fails[0], "mx.rcwip.pl"));
        assert_true(failed("mx.other.pl; dmarc=pass", fails[0], "mx.rcwip.pl"));
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(people), cmocka_unit_test(bounces),
                cmocka_unit_test(automatic), cmocka_unit_test(lists), cmocka_unit_test(dmarc) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
