/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: read form core base */
/* Mail forwarded inside a text: which lines are whose, and who wrote them first. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "core/mail.h"
#include "read/forward.h"
#include "read/words.h"
#include "read_world.h"

static struct mail mail;
static struct words words;

static void start(const char *subject)
{
        mail_free(&mail);
        words_free(&words);
        mail.subject = xstrdup(subject);
        words = (struct words)WORDS_INIT;
        words.mail = &mail;
}

static void read_text(const char *subject, const char *text)
{
        start(subject);
        text_read(text, false, false, &words);
}

static void assert_forwarded(const char *want)
{
        CLEANUP_FREE char *model = read_world_model(&words.forwarded);

        assert_string_equal(model, want);
}

static void assert_origin(size_t level, const char *from, const char *name, const char *subject)
{
        assert_true(mail.forward_count > level);
        if (from)
                assert_string_equal(mail.forwards[level].from, from);
        else
                assert_null(mail.forwards[level].from);
        assert_string_equal(mail.forwards[level].from_name, name);
        assert_string_equal(mail.forwards[level].subject, subject);
}

static void subjects(void **state)
{
        static const char *const yes[] = { "Fwd: a", "FW: a", "PD: a", "pd:a", "Fwd[2]: a", "[EXT] FW: a",
                "WG: a", "Wtr: a", "Przekazuję: ankieta", " fw : a", NULL };
        static const char *const no[] = { "Re: Fwd: a", "a", "", "PDF: a", "fwd a", "Forwarder: a", "[x",
                NULL };

        (void)state;
        for (size_t i = 0; yes[i]; i++)
                assert_true(forward_is_subject(yes[i]));
        for (size_t i = 0; no[i]; i++)
                assert_false(forward_is_subject(no[i]));
}

static void gmail(void **state)
{
        (void)state;
        read_text("Fwd: Ankieta", "Przekazuję.\n\n---------- Forwarded message ---------\nOd: Jan Nowak "
                                  "<jan@Example.org>\nDate: pt., 20 sty "
                                  "2012 o 10:00\nSubject: Ankieta\nTo: Biuro <biuro@example.org>\n\n\nImię: "
                                  "Jan\n-- \nJan N.\ntel. 1\n");
        assert_forwarded("p Imię: Jan\n");
        assert_origin(0, "jan@example.org", "Jan Nowak", "Ankieta");
        assert_int_equal(mail.forward_count, 1);
        assert_string_equal(buf_text(&words.text), "Przekazuję.\n\n");
}

static void outlook(void **state)
{
        (void)state;
        read_text("PD: Ankieta", "Pozdrawiam\nAnna\n\n________________________________\nOd: Nowak Jan "
                                 "[mailto:jan@example.org] \nWysłano: 20 "
                                 "stycznia 2012 10:00\nDo: Anna\nDW: Piotr\nTemat: Ankieta\n\nImię: Jan\n");
        assert_forwarded("p Imię: Jan\n");
        assert_origin(0, "jan@example.org", "Nowak Jan", "Ankieta");
        read_text(
            "FW: x", "-----Original Message-----\nFrom: Jan\nSent: x\nTo: y\nSubject: z\n\nName: Jan\n");
        assert_forwarded("p Name: Jan\n");
        assert_origin(0, NULL, "Jan", "z");
}

static void apple_and_thunderbird(void **state)
{
        (void)state;
        read_text("x", "Begin forwarded message:\n\n> From: Jan <jan@example.org>\n> Subject: z\n> Date: "
                       "1\n> To: y\n> \n"
                       "> Imię: Jan\n> > stare\nDziękuję\n");
        assert_forwarded("p Imię: Jan\n");
        assert_origin(0, "jan@example.org", "Jan", "z");
        read_text("x", "-------- Przekazana wiadomość --------\nTemat: \tz\nData: \t1\nNadawca: \tJan "
                       "<jan@example.org>\nAdresat: \ty@example.org\n\nImię: Jan\n");
        assert_forwarded("p Imię: Jan\n");
        assert_origin(0, "jan@example.org", "Jan", "z");
}

static void an_answer_is_no_forward(void **state)
{
        (void)state;
        read_text("Re: x",
            "Tak\n\n-----Original Message-----\nFrom: Jan\nSent: x\nTo: y\nSubject: z\n\nName: Jan\n");
        assert_forwarded("");
        assert_int_equal(mail.forward_count, 0);
        read_text("Fwd: x",
            "W dniu 2012-01-20 Jan pisze:\n> ---------- Forwarded message ----------\n> Od: A\n> Temat: "
            "b\n> \n> Imię: Jan\n");
        assert_forwarded("");
        read_text("x", "Od: ręki\nImię: Jan\n");
        assert_forwarded("");
}

static void a_forward_of_a_forward(void **state)
{
        struct buf text = BUF_INIT(10000);

        (void)state;
        read_text("Fwd: Fwd: x", "a\n---------- Forwarded message ----------\nFrom: B "
                                 "<b@example.org>\nSubject: Fwd: x\n\nb\n---------- "
                                 "Forwarded message ----------\nFrom: C <c@example.org>\nSubject: Re: "
                                 "x\n\nc\n\nW dniu 2012-01-01 D "
                                 "pisze:\n> Imię: D\n");
        assert_forwarded("p b\np \np c\np \n");
        assert_origin(0, "b@example.org", "B", "Fwd: x");
        assert_origin(1, "c@example.org", "C", "Re: x");
        for (int i = 0; i < 20; i++)
                buf_puts(&text,
                    "---------- Forwarded message ----------\nFrom: B <b@example.org>\nSubject: x\n\n");
        read_text("x", buf_text(&text));
        assert_int_equal(mail.forward_count, MAIL_FORWARDS);
        buf_free(&text);
}

static void html(void **state)
{
        (void)state;
        start("Fwd: x");
        html_read("<div>Hej</div><div class=\"gmail_quote\"><div>---------- Forwarded message "
                  "---------<br>From: <b>Jan "
                  "Nowak</b> &lt;jan@example.org&gt;<br>Date: 1<br>Subject: z<br>To: "
                  "y<br></div><br><table><tr><td>Imię"
                  "</td><td>Jan</td></tr></table></div>",
            &words);
        assert_origin(0, "jan@example.org", "Jan Nowak", "z");
        assert_non_null(strstr(buf_text(&words.text), "Hej"));
        assert_forwarded("p \n[0 0 0]Imię\n[0 0 1]Jan\n");
        start("x");
        html_read("<p>Hej</p><div class=\"moz-forward-container\">-------- Forwarded Message --------<table "
                  "class=\"moz-email-headers-table\"><tr><th>Subject: </th><td>z</td></tr><tr><th>Date: "
                  "</th><td>1</td>"
                  "</tr><tr><th>From: </th><td>Jan &lt;jan@example.org&gt;</td></tr><tr><th>To: "
                  "</th><td>y</td></tr>"
                  "</table><br><p>Imię: Jan</p></div>",
            &words);
        assert_origin(0, "jan@example.org", "Jan", "z");
        CLEANUP_FREE char *model = read_world_model(&words.forwarded);
        assert_non_null(strstr(model, "p Imię: Jan\n"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(subjects),
                cmocka_unit_test(gmail),
                cmocka_unit_test(outlook),
                cmocka_unit_test(apple_and_thunderbird),
                cmocka_unit_test(an_answer_is_no_forward),
                cmocka_unit_test(a_forward_of_a_forward),
                cmocka_unit_test(html),
        };
        int r = cmocka_run_group_tests_name("forwards", tests, NULL, NULL);

        mail_free(&mail);
        words_free(&words);
        return r;
}
