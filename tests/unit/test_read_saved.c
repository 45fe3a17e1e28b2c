/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: read form core base */
/* What saved mails and archives are made of: packed rich text, HTML inside it, names, mails among texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "read/charset.h"
#include "read/detect.h"
#include "read/packed_rtf.h"
#include "read/rtf_html.h"
#include "read/zipfile.h"

static int setup(void **state)
{
        (void)state;
        charset_preload();
        return 0;
}

static void assert_unpacks(const char *packed, size_t size, const char *text)
{
        struct buf out = BUF_INIT(1000);

        assert_int_equal(packed_rtf_open(packed, size, &out), text ? 0 : -1);
        if (text)
                assert_string_equal(buf_text(&out), text);
        buf_free(&out);
}

/* The examples of [MS-OXRTFCP] 3. */
static void rich_text_is_unpacked(void **state)
{
        static const char simple[] =
            "\x2d\0\0\0\x2b\0\0\0LZFu\xf1\xc5\xc7\xa7\x03\0\x0a\0rcpg125B2\x0a\xf3 hel\x09\0"
            " bw\x05\xb0ld}\x0a\x80\x0f\xa0",
                          crossing[] =
                              "\x1a\0\0\0\x1c\0\0\0LZFu\xe2\xd4\x4b\x51\x41\0\x04 WXYZ\x0dn}\x01\x0e\xb0",
                          stored[] = "\x0f\0\0\0\x03\0\0\0MELA\0\0\0\0abc";

        (void)state;
        assert_unpacks(simple, sizeof simple - 1, "{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n");
        assert_unpacks(crossing, sizeof crossing - 1, "{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}");
        assert_unpacks(stored, sizeof stored - 1, "abc");
        assert_unpacks(stored, 10, NULL);
        assert_unpacks("................abc", 19, NULL);
}

/* Two bytes of it make seventeen: it ends at the bound. */
static void rich_text_unpacks_within_bounds(void **state)
{
        struct buf packed = BUF_INIT(10000);

        (void)state;
        buf_add(&packed, "\0\0\0\0\xff\xff\xff\x7fLZFu\0\0\0\0", 16);
        for (int i = 0; i < 300; i++)
                buf_add(&packed, "\xff\0\x0f\0\x0f\0\x0f\0\x0f\0\x0f\0\x0f\0\x0f\0\x0f", 17);
        assert_unpacks(packed.data, packed.size, NULL);
        buf_free(&packed);
}

static void assert_html(const char *rtf, const char *html)
{
        CLEANUP_FREE char *found = rtf_html(rtf, strlen(rtf));

        if (html)
                assert_string_equal(found, html);
        else
                assert_null(found);
}

static void html_is_taken_out_of_rich_text(void **state)
{
        (void)state;
        assert_html("{\\rtf1\\ansi plain}", NULL);
        assert_html(
            "{\\rtf1\\ansi\\ansicpg1250\\fromhtml1{\\fonttbl{\\f0\\fcharset238 Arial;}{\\f1\\fcharset0 X;}}"
            "{\\colortbl;}{\\*\\generator Word;}{\\*\\htmltag64 <p class=\"\\'b1\\{\">}\\htmlrtf "
            "{\\b\\htmlrtf0 "
            "\\'af\\f1\\'f3\\f0\\u322 l\\emdash{\\*\\htmltag84 &lt;}\\htmlrtf <\\htmlrtf0{\\*\\mhtmltag0 <x>}"
            "\\htmlrtf}\\htmlrtf0{\\*\\htmltag72 </p>}}",
            "<p class=\"\u00B1{\">\u017B\u00F3\u0142\u2014&lt;</p>");
        assert_html("{\\rtf1\\fromhtml1 a<b\\par c\\tab\\bin3 xyzd\\u-10179\\'3f\\u-8704\\'3f}",
            "a&lt;b\nc\td\U0001F600");
        assert_html("{\\rtf1\\fromhtml1", NULL);
}

static void assert_name(const char *raw, const char *name)
{
        CLEANUP_FREE char *found = zipfile_name(raw);

        assert_string_equal(found, name);
}

static void names_of_archives_are_in_their_code_page(void **state)
{
        (void)state;
        assert_name("zg\x88oszenie.doc", "zgłoszenie.doc");
        assert_name("zg\xB3oszenie \x9Clepa.doc", "zgłoszenie ślepa.doc");
        assert_name("\xBD\xA2\x88w\\a.doc", "Żółw/a.doc");
        assert_name("zg\xC5\x82oszenie.doc", "zgłoszenie.doc");
}

static void assert_saved(const char *text, bool is)
{
        assert_int_equal(detect_is_saved_mail(text, strlen(text)), is);
}

static void a_mail_is_told_from_a_text(void **state)
{
        (void)state;
        assert_saved("From: a@b.c\r\nTo: c@d.e\r\nSubject: x\r\n\r\ny", true);
        assert_saved("MIME-Version: 1.0\nContent-Type: text/plain\nDate: x\n\ny", true);
        assert_saved("From a@b.c Mon Jan\nReceived: x\nFrom: x\nDate: y\n\nz", true);
        assert_saved("Telefon: 601\r\nE-mail: a@b.c\r\n\r\nFrom: x\r\nTo: y\r\nDate: z\r\n", false);
        assert_saved("Name: Jan\r\nFrom: Warsaw\r\nDate: today\r\n\r\n", false);
        assert_saved("From Monday on I am away", false);
        assert_saved("", false);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(rich_text_is_unpacked),
                cmocka_unit_test(rich_text_unpacks_within_bounds),
                cmocka_unit_test(html_is_taken_out_of_rich_text),
                cmocka_unit_test(names_of_archives_are_in_their_code_page),
                cmocka_unit_test(a_mail_is_told_from_a_text),
        };

        return cmocka_run_group_tests(tests, setup, NULL);
}
