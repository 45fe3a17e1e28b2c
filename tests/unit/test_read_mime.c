/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: read form core base */
/* A mail's facts, its bodies and parts; what a broken or overlarge mail still tells. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/zone.h"
#include "read/bounds.h"
#include "read/mime.h"
#include "read/prescan.h"

static struct mime_mail mail;

static void read_mail(const char *text)
{
        mime_free(&mail);
        mime_read(text, strlen(text), &bounds_default, &mail);
}

static int setup(void **state)
{
        (void)state;
        mime_init();
        return 0;
}

static int teardown(void **state)
{
        (void)state;
        mime_free(&mail);
        return 0;
}

/* ---- headers */

static void headers_become_facts(void **state)
{
        (void)state;
        read_mail("Return-Path: <jan@Example.ORG>\r\n"
                  "Delivered-To: a@rcwip.pl\r\n"
                  "Received: from x (y by z) by MX.rcwip.pl (Postfix)\r\n with ESMTP; Mon, 23 Jan 2012 "
                  "16:00:01 +0100\r\n"
                  "Received: by old.example.org; nonsense\r\n"
                  "From: =?iso-8859-2?Q?=AF=F3=B3w=2C_Jan?= <jan@EXAMPLE.org>\r\n"
                  "Reply-To: Biuro <biuro@example.org>\r\n"
                  "To: a+mw@rcwip.pl, grupa: b@rcwip.pl, c@rcwip.pl;\r\n"
                  "Subject: =?utf-8?B?xbvDsw==?=\r\n =?utf-8?B?xYI=?= cd.\r\n"
                  "Date: Mon, 23 Jan 2012 15:58:00 +0100\r\n"
                  "Message-ID: <abc@example.org>\r\n"
                  "In-Reply-To: <last@rcwip.pl>\r\n"
                  "References: <first@rcwip.pl>\r\n <last@rcwip.pl>\r\n"
                  "Auto-Submitted: no\r\nDKIM-Signature: v=1\r\n\r\nx\r\n");
        const struct mail *m = &mail.mail;

        assert_string_equal(m->message_id, "abc@example.org");
        assert_string_equal(m->subject, "Żół cd.");
        assert_string_equal(m->from, "jan@example.org");
        assert_string_equal(m->from_name, "Żółw, Jan");
        assert_int_equal(m->from_count, 1);
        assert_string_equal(m->reply_to, "biuro@example.org");
        assert_string_equal(m->return_path, "jan@example.org");
        assert_int_equal(m->date, 1327330680);
        assert_int_equal(m->received_count, 2);
        assert_string_equal(m->received[0].by, "mx.rcwip.pl");
        assert_int_equal(m->received[0].when, 1327330801);
        assert_string_equal(m->received[1].by, "old.example.org");
        assert_true(m->received[1].when == ZONE_NO_TIME);
        assert_int_equal(m->recipients.count, 4);
        assert_string_equal(m->recipients.items[0], "a@rcwip.pl");
        assert_string_equal(m->recipients.items[1], "a+mw@rcwip.pl");
        assert_int_equal(m->references.count, 2);
        assert_string_equal(m->references.items[0], "last@rcwip.pl");
        assert_string_equal(mail_header(m, "auto-submitted"), "no");
        assert_null(mail_header(m, "dkim-signature"));
        assert_null(mail_header(m, "subject"));
        assert_string_equal(m->content_type, "text/plain");
        assert_int_equal(m->problems.count, 0);
}

static void headers_that_are_broken(void **state)
{
        (void)state;
        read_mail(
            "From: Jan Nowak\r\nthis is no header\r\nSubject: raw \xAF\xF3\xB3w\r\nReturn-Path: <>\r\n\r\n");
        assert_null(mail.mail.from);
        assert_string_equal(mail.mail.subject, "raw Żółw");
        assert_string_equal(mail.mail.return_path, "");
        assert_null(mail.mail.message_id);
        assert_true(mail.mail.date == ZONE_NO_TIME);
        read_mail("From: \"A\" jan@example.org <jan@example.org>\r\nSubject: a\r\nSubject: b\r\n\r\n");
        assert_string_equal(mail.mail.from, "jan@example.org");
        assert_string_equal(mail.mail.subject, "a");
        read_mail("From  : jan@example.org\r\nSubject : a\r\n\r\nx");
        assert_string_equal(mail.mail.from, "jan@example.org");
        assert_string_equal(mail.mail.subject, "a");
        read_mail("");
        assert_int_equal(mail.mail.problems.count, 1);
        assert_string_equal(mail.mail.subject, "");
        read_mail("\r\n\r\n");
        assert_string_equal(mail.mail.subject, "");
}

static void ballast_does_not_crowd_out(void **state)
{
        struct buf text = BUF_INIT(1 << 20);

        (void)state;
        for (int i = 0; i < 400; i++)
                buf_printf(&text, "X-Ballast-%d: %0100d\r\n", i, i);
        buf_puts(&text, "Auto-Submitted: auto-replied\r\nFrom: a@example.org\r\n\r\nx");
        read_mail(buf_text(&text));
        assert_string_equal(mail_header(&mail.mail, "auto-submitted"), "auto-replied");
        assert_true(mail.mail.header_count <= 200);
        buf_free(&text);
}

/* ---- bodies and parts */

static void the_text_is_read_once(void **state)
{
        (void)state;
        read_mail("Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: "
                  "text/plain\r\n\r\nJan\r\n"
                  "--b\r\nContent-Type: text/html\r\n\r\n<p>Jan\r\n--b--\r\n");
        assert_int_equal(mail.body_count, 1);
        assert_false(mail.bodies[0].html);
        read_mail("Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: "
                  "text/plain\r\n\r\nJan\r\n"
                  "--b\r\nContent-Type: text/html\r\n\r\n<table><tr><td>Jan</table>\r\n--b--\r\n");
        assert_int_equal(mail.body_count, 1);
        assert_true(mail.bodies[0].html);
        assert_int_equal(mail.mail.part_count, 0);
}

static void flowed_is_noted(void **state)
{
        (void)state;
        read_mail("Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\nx\r\n");
        assert_true(mail.bodies[0].flowed && mail.bodies[0].delsp);
        read_mail("Content-Type: text/plain; charset=\"iso-8859-2\"\r\nContent-Transfer-Encoding: "
                  "base64\r\n\r\nv/Oz5g==\r\n");
        assert_false(mail.bodies[0].flowed);
        assert_string_equal(mail.bodies[0].text, "żółć");
}

static const char parted[] =
    "Content-Type: multipart/mixed; boundary=m\r\n\r\n"
    "--m\r\nContent-Type: multipart/related; boundary=r\r\n\r\n"
    "--r\r\nContent-Type: text/html; charset=utf-8\r\n\r\n<p>Jan\r\n"
    "--r\r\nContent-Type: image/png; name=logo.png\r\nContent-ID: <logo>\r\n\r\nx\r\n--r--\r\n"
    "--m\r\nContent-Type: application/octet-stream\r\n"
    "Content-Disposition: attachment; filename=\"zg.docx\"; filename*=utf-8''zg%C5%82oszenie.docx\r\n"
    "Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n"
    "--m\r\nContent-Type: image/jpeg; name=skan.jpg\r\n\r\nx\r\n"
    "--m\r\nContent-Type: message/rfc822\r\n\r\nSubject: in\r\nMessage-ID: <in@example.org>\r\n"
    "Content-Type: multipart/mixed; boundary=q\r\n\r\n--q\r\nContent-Type: text/plain\r\n\r\nin\r\n"
    "--q\r\nContent-Type: application/pdf; name=in.pdf\r\n\r\nx\r\n--q--\r\n"
    "--m\r\nContent-Type: text/calendar; name=x.ics\r\n\r\nx\r\n--m--\r\n";

static void parts_are_numbered_and_told(void **state)
{
        (void)state;
        read_mail(parted);
        const struct mail_part *p = mail.mail.parts;

        assert_int_equal(mail.body_count, 1);
        assert_int_equal(mail.mail.part_count, 6);
        assert_string_equal(p[0].filename, "logo.png");
        assert_false(p[0].picture); /* a small picture of the HTML */
        assert_int_equal(p[1].index, 2);
        assert_string_equal(p[1].filename, "zgłoszenie.docx");
        assert_int_equal(p[1].size, 3);
        assert_true(p[1].document && !p[1].picture);
        assert_true(p[2].picture && !p[2].document);
        assert_string_equal(p[3].type, "text/plain"); /* of the attached mail */
        assert_true(p[3].document);
        assert_string_equal(p[4].filename, "in.pdf");
        assert_true(p[4].document);
        assert_false(p[5].document); /* a calendar */
        assert_string_equal(mail.mail.returned_ids.items[0], "in@example.org");
}

static void a_part_is_taken_by_its_number(void **state)
{
        struct mime_part part;
        struct err err;

        (void)state;
        assert_int_equal(mime_take_part(parted, sizeof parted - 1, &bounds_default, 2, &part, &err), 0);
        assert_string_equal(part.filename, "zgłoszenie.docx");
        assert_int_equal(part.bytes.size, 3);
        assert_memory_equal(part.bytes.data, "ABC", 3);
        mime_part_free(&part);
        assert_int_equal(mime_take_part(parted, sizeof parted - 1, &bounds_default, 99, &part, &err), -1);
        assert_int_equal(err.class, ERR_INPUT);
}

static void a_multipart_without_parts_is_its_prologue(void **state)
{
        (void)state;
        read_mail("Content-Type: multipart/mixed; boundary=X\r\n\r\n--B\r\n\r\nhello\r\n--B--\r\n");
        assert_int_equal(mail.body_count, 1);
        assert_non_null(strstr(mail.bodies[0].text, "hello"));
}

static void an_encrypted_mail_is_a_problem(void **state)
{
        (void)state;
        read_mail("Content-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\nContent-Type: "
                  "application/pgp-encrypted\r\n"
                  "\r\nVersion: 1\r\n--b--\r\n");
        assert_string_equal(mail.mail.problems.items[0], "the mail is encrypted");
}

/* ---- bounces */

static void a_bounce_tells_what_came_back(void **state)
{
        (void)state;
        read_mail(
            "From: MAILER-DAEMON\r\nContent-Type: multipart/report; report-type=delivery-status; "
            "boundary=b\r\n\r\n"
            "--b\r\n\r\nfailed\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; "
            "x\r\n\r\n"
            "Final-Recipient: rfc822; ok@example.org\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n"
            "Original-Recipient: rfc822;Jan@Example.org\r\nAction: failed\r\nStatus: 5.1.1 (unknown)\r\n\r\n"
            "--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: <ours@rcwip.pl>\r\nSubject: x\r\n"
            "Content-Type: application/pdf; name=form.pdf\r\n\r\nx\r\n--b--\r\n");
        assert_string_equal(mail.mail.content_type, "multipart/report");
        assert_string_equal(mail.mail.report_type, "delivery-status");
        assert_string_equal(mail.mail.returned_recipient, "Jan@example.org");
        assert_string_equal(mail.mail.returned_status, "5.1.1");
        assert_int_equal(mail.mail.returned_ids.count, 1);
        assert_string_equal(mail.mail.returned_ids.items[0], "ours@rcwip.pl");
        assert_int_equal(mail.mail.part_count, 0); /* what came back is no attachment */
}

static void bounces_without_structure(void **state)
{
        (void)state;
        read_mail("Content-Type: multipart/report; report-type=delivery-status; "
                  "boundary=b\r\n\r\n--b\r\n\r\nfailed\r\n"
                  "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nReceived: x\r\nMessage-Id:\r\n "
                  "<ours@rcwip.pl>\r\n--b--\r\n");
        assert_string_equal(mail.mail.returned_ids.items[0], "ours@rcwip.pl");
        read_mail("X-Failed-Recipients: jan@example.org, x@example.org\r\n\r\nHi. This is qmail.\r\n\r\n"
                  "--- Below this line is a copy of the message.\r\n\r\nMessage-ID: <ours@rcwip.pl>\r\n");
        assert_string_equal(mail.mail.returned_ids.items[0], "ours@rcwip.pl");
        assert_string_equal(mail.mail.returned_recipient, "jan@example.org");
}

/* ---- bounds */

static char *repeated(const char *before, const char *each, int count, const char *after)
{
        struct buf text = BUF_INIT(64 << 20);

        buf_puts(&text, before);
        for (int i = 0; i < count; i++)
                buf_puts(&text, each);
        buf_puts(&text, after);
        return buf_detach(&text, NULL);
}

static void assert_only_header(char *text, const char *problem)
{
        read_mail(text);
        assert_string_equal(mail.mail.problems.items[0], problem);
        assert_string_equal(mail.mail.subject, "s");
        assert_int_equal(mail.body_count, 0);
        assert_int_equal(mail.mail.part_count, 0);
        free(text);
}

static void bounds_leave_the_header(void **state)
{
        struct buf nested = BUF_INIT(1 << 20);

        (void)state;
        assert_only_header(repeated("Subject: s\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n",
                               "--b\r\n\r\nx\r\n", 20000, "--b--\r\n"),
            "more than 200 parts");
        assert_only_header(repeated("Subject: s\r\n", "Content-Type: message/rfc822\r\n\r\n", 16000, "x"),
            "more than 20 parts inside each other");
        assert_only_header(repeated("Subject: s\r\nTo: ", "g:", 16000, "\r\n\r\nx"),
            "an address header that is too tangled to read");
        assert_only_header(repeated("Subject: s\r\nTo: ", "(", 100000, "\r\n\r\nx"),
            "an address header that is too tangled to read");
        buf_puts(&nested, "Subject: s\r\n");
        for (int i = 0; i < 500; i++)
                buf_printf(
                    &nested, "Content-Type: multipart/mixed; boundary*=us-ascii''b%d\r\n\r\n--b%d\r\n", i, i);
        read_mail(buf_text(&nested));
        assert_string_equal(mail.mail.subject, "s");
        buf_reset(&nested);
        buf_puts(&nested, "Subject: s\r\n");
        for (int i = 0; i < 500; i++)
                buf_printf(
                    &nested, "Content-Type: multipart/mixed;\r\n boundary = \"b%d\"\r\n\r\n--b%d\r\n", i, i);
        assert_only_header(buf_detach(&nested, NULL), "more than 20 parts inside each other");
}

static void a_header_beyond_its_bound_is_cut(void **state)
{
        char *text = repeated(
            "From: a@example.org\r\n", "X: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n", 10000, "\r\nJan\r\n");

        (void)state;
        read_mail(text);
        assert_string_equal(mail.mail.problems.items[0], "a header of more than 256 KB");
        assert_string_equal(mail.mail.from, "a@example.org");
        free(text);
}

static void many_small_boundaries_in_a_row_are_no_depth(void **state)
{
        struct buf text = BUF_INIT(1 << 20);

        (void)state;
        buf_puts(&text, "Content-Type: multipart/mixed; boundary=outer\r\n\r\n");
        for (int i = 0; i < 40; i++)
                buf_printf(&text,
                    "--outer\r\nContent-Type: multipart/alternative; "
                    "boundary=in%d\r\n\r\n--in%d\r\n\r\nx\r\n--in%d--\r\n",
                    i, i, i);
        buf_puts(&text, "--outer--\r\n");
        read_mail(buf_text(&text));
        assert_string_equal(mail.mail.problems.items[0], "more texts in one mail than are read");
        assert_int_equal(mail.body_count, MIME_BODIES);
        buf_free(&text);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(headers_become_facts),
                cmocka_unit_test(headers_that_are_broken),
                cmocka_unit_test(ballast_does_not_crowd_out),
                cmocka_unit_test(the_text_is_read_once),
                cmocka_unit_test(flowed_is_noted),
                cmocka_unit_test(parts_are_numbered_and_told),
                cmocka_unit_test(a_part_is_taken_by_its_number),
                cmocka_unit_test(a_multipart_without_parts_is_its_prologue),
                cmocka_unit_test(an_encrypted_mail_is_a_problem),
                cmocka_unit_test(a_bounce_tells_what_came_back),
                cmocka_unit_test(bounces_without_structure),
                cmocka_unit_test(bounds_leave_the_header),
                cmocka_unit_test(a_header_beyond_its_bound_is_cut),
                cmocka_unit_test(many_small_boundaries_in_a_row_are_no_depth),
        };

        return cmocka_run_group_tests_name("mails", tests, setup, teardown);
}
