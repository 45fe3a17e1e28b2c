/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: read form core base */
/* Character sets, the writer's own words against quoted ones, plain text and HTML to models. */
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
#include "read/charset.h"
#include "read/header_word.h"
#include "read/words.h"
#include "read_world.h"

/* ---- character sets */

static void assert_utf8(const char *bytes, const char *label, const char *expected)
{
        char *text = charset_to_utf8(bytes, strlen(bytes), label);

        assert_string_equal(text, expected);
        free(text);
}

static void labels_are_followed(void **state)
{
        (void)state;
        assert_utf8("\xAF\xF3\xB3\xE6", "iso-8859-2", "Żółć");
        assert_utf8("\xAF\xF3\xB3\xE6", "windows-1250", "Żółć");
        assert_utf8("za\xB6", "ISO-8859-2", "zaś");
        assert_utf8("za\x9C", "CP-1250", "zaś");
        assert_utf8("\xBE\x88", "ibm852", "żł");
        assert_utf8("caf\xE9", "iso-8859-1", "café");
        assert_utf8("\xC5\xBC", "'utf-8'", "ż");
        assert_utf8("plain", "us-ascii", "plain");
        char *text = charset_to_utf8("\x7C\x01\x6F\x00", 4, "utf-16le");
        assert_string_equal(text, "żo");
        free(text);
}

static void wrong_labels_are_seen_through(void **state)
{
        (void)state;
        assert_utf8("\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87", "iso-8859-1", "żółć"); /* is UTF-8 */
        assert_utf8("\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87", NULL, "żółć");
        assert_utf8("\x8Cwi\xEAta", "iso-8859-2", "Święta"); /* is windows-1250 */
        assert_utf8("\xAF\xF3\xB3w", NULL, "Żółw");
        assert_utf8("\xAF\xF3\xB3w", "x-unknown", "Żółw");
        assert_utf8("\xAF\xF3\xB3w", "utf-8", "Żółw"); /* windows-1250 that says UTF-8 */
        assert_utf8("wie\xB6\xE6 i po\xB6piech", NULL, "wieść i pośpiech");
        assert_utf8("bia\xB3y le\xB6ny \xB6lad", "iso-8859-1", "biały leśny ślad");
        assert_utf8("\xC5\xBC\xC3\xB3\xC5\x82\xC4\x87 \xFF i \xC5\x82", "utf-8",
            "żółć \uFFFD i ł"); /* one bad byte */
        char *text = charset_to_utf8("a\0b", 3, NULL);
        assert_string_equal(text, "ab");
        free(text);
}

static void assert_joined(const char *text, const char *expected)
{
        char *joined = header_word_join(text);

        assert_string_equal(joined, expected);
        free(joined);
}

static void cut_base64_words_are_joined(void **state)
{
        (void)state;
        assert_joined("=?utf-8?B?xQ==?= =?utf-8?B?vHI=?=", "=?utf-8?B?xbxy?=");
        assert_joined("a =?utf-8?B?xbw?= b", "a =?utf-8?B?xbw=?= b");
        assert_joined("=?utf-8?B?xbw=?= =?iso-8859-2?B?vw==?=", "=?utf-8?B?xbw=?= =?iso-8859-2?B?vw==?=");
        assert_joined("=?utf-8?Q?=C5=BC?= =?x", "=?utf-8?Q?=C5=BC?= =?x");
        assert_joined("", "");
        char *text = header_word_mend("\xC2\x8Cwi\xC4\x99ta");
        assert_string_equal(text, "Święta");
        free(text);
}

/* ---- plain text */

static void assert_words(const char *text, bool flowed, bool delsp, const char *own, const char *aside)
{
        struct words words = WORDS_INIT;
        char *model, *rest;

        text_read(text, flowed, delsp, &words);
        model = read_world_model(&words.own);
        rest = read_world_model(&words.aside);
        assert_string_equal(model, own);
        assert_string_equal(rest, aside);
        assert_int_equal(words.has_aside, *aside != 0);
        free(model);
        free(rest);
        words_free(&words);
}

static void a_line_is_a_paragraph(void **state)
{
        (void)state;
        assert_words(
            "Imię:\tJan\r\n\r\n\r\n[x] tak\001\n", false, false, "p Imię:{t:\t}Jan\np \np [x] tak\n", "");
}

static void flowed_lines_are_joined(void **state)
{
        (void)state;
        assert_words("Dieta: bez \r\nglutenu\r\n From\r\n-- \r\nJan\r\n", true, false,
            "p Dieta: bez glutenu\np From\n", "p -- \np Jan\n");
        assert_words("prze\xC5\x82 \r\nom\r\n", true, true, "p przełom\n", "");
        assert_words("a \r\n> b \r\n> c\r\nd\r\n", true, false, "p a \np d\n", "p b c\n");
        assert_words("a \r\nb\r\n", false, false, "p a \np b\n", "");
}

static void quotes_are_put_aside(void **state)
{
        (void)state;
        assert_words("tak\n\nW dniu 2012-01-20 12:00, RCWIP pisze:\n> pytanie\n> > dalej\npod spodem\n",
            false, false, "p tak\np \np pod spodem\n",
            "p W dniu 2012-01-20 12:00, RCWIP pisze:\np pytanie\np dalej\n");
        assert_words(
            "tak\nDnia 20 stycznia 2012 12:00 Agnieszka Szuba\n<a@example.org> napisał(a):\n\npytanie\n",
            false, false, "p tak\n",
            "p Dnia 20 stycznia 2012 12:00 Agnieszka Szuba\np <a@example.org> napisał(a):\np \np pytanie\n");
        assert_words(
            "tak\nOn 1/20/12, Jan wrote:\n> x\n", false, false, "p tak\n", "p On 1/20/12, Jan wrote:\np x\n");
        assert_words("tak\n-----Original Message-----\nFrom: a\n", false, false, "p tak\n",
            "p -----Original Message-----\np From: a\n");
        assert_words("tak\n----- Wiadomość oryginalna -----\nx\n", false, false, "p tak\n",
            "p ----- Wiadomość oryginalna -----\np x\n");
        assert_words("tak\nOd: Jan\nWysłano: piątek\nDo: Anna\nTemat: x\n\nstare\n", false, false, "p tak\n",
            "p Od: Jan\np Wysłano: piątek\np Do: Anna\np Temat: x\np \np stare\n");
}

static void assert_woven(const char *text, const char *expected)
{
        struct words words = WORDS_INIT;
        char *model;

        text_read(text, false, false, &words);
        model = read_world_model(&words.woven);
        assert_string_equal(model, expected);
        free(model);
        words_free(&words);
}

static void answers_between_quoted_lines_come_behind_them(void **state)
{
        (void)state;
        assert_woven("> Imię: ...\nJan\n> Tel.:\n\n600 100 200\nw. 7\n> Nocleg: TAK / NIE\nTAK\n>\n",
            "p Imię: ... Jan\np Tel.: 600 100 200\np w. 7\np Nocleg: TAK / NIE TAK\np \n");
        assert_woven("> Witamy\nDziękuję\n> Dane:\nTelefon: 600 100 200\n",
            "p Witamy\np Dziękuję\np Dane:\np Telefon: 600 100 200\n");
        assert_woven("tak\n> Imię: ...\n> Tel.:\nJan\n", ""); /* one answer is no form */
        assert_woven("Jan\nKowalski\n> x\n", "");
        assert_woven("Jan\nKowalski\n", "");
}

static void forms_are_not_taken_for_quotes(void **state)
{
        (void)state;
        assert_words("Imię i nazwisko: Jan\nData: 20.01.2012\nKto napisał opinię: nikt\n", false, false,
            "p Imię i nazwisko: Jan\np Data: 20.01.2012\np Kto napisał opinię: nikt\n", "");
        assert_words("Od: 9:00\nDo: 15:00\nUwagi: brak\n", false, false,
            "p Od: 9:00\np Do: 15:00\np Uwagi: brak\n", "");
        assert_words("a\n--\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\n11\n12\n13\n", false, false,
            "p a\np --\np 1\np 2\np 3\np 4\np 5\np 6\np 7\np 8\np 9\np 10\np 11\np 12\np 13\n", "");
}

static void own_words_are_bounded(void **state)
{
        struct words words = WORDS_INIT;
        size_t size = 3 * LIMIT_OWN_TEXT;
        char *text = xmalloc(size + 1);

        (void)state;
        for (size_t i = 0; i < size; i++)
                text[i] = "\xC4\x85"[i % 2];
        text[size] = 0;
        text_read(text, false, false, &words);
        assert_true(words.text.size <= LIMIT_OWN_TEXT);
        assert_true(str_is_utf8(words.text.data, words.text.size));
        assert_int_equal(words.own.text_size, size);
        words_free(&words);
        free(text);
}

/* ---- HTML */

static void assert_html(const char *html, const char *expected)
{
        struct document doc = { 0 };
        char *model;

        html_read_document(html, &doc);
        model = read_world_model(&doc);
        assert_string_equal(model, expected);
        free(model);
        document_free(&doc);
}

static void html_becomes_paragraphs_and_marks(void **state)
{
        (void)state;
        assert_html("<p>Imi&#281;:\n  <b>Jan</b>&nbsp;</p><div>TAK / <s>NIE</s> <u>x</u><del>y</del></div>",
            "p Imię: {b:Jan}\u00A0\np TAK / {s:NIE} {u:x}{s:y}\n");
        assert_html("a<br>b<br><br>c", "p a\nb\n\nc\n");
        assert_html("<ul><li>jeden<li>dwa</ul>", "i jeden\ni dwa\n");
        assert_html(
            "<p style='text-decoration: line-through'>a<span style=\"font-weight: bold\">b</span></p>",
            "p {s:a}{bs:b}\n");
        assert_html(
            "<p>a<span style='display:none'>b</span><span hidden>c</span><!-- d --><script>e</script></p>",
            "p a\n");
        assert_html("<pre>a\n\tb</pre>", "p a\n{t:\t}b\n");
        assert_html("<div><br></div><p>x</p>", "p \np x\n");
}

static void html_tables_have_a_grid(void **state)
{
        (void)state;
        assert_html("<table><tr><td rowspan=2>a<td colspan=2><p>b<p>c<tr><td>d<td></table>e",
            "[0 0 0 2x1]a\n[0 0 1 1x2]b\n[0 0 1 1x2]c\n[0 1 1]d\n[0 1 2]\np e\n");
        assert_html("<table><tr><td>a<table><tr><td>in</table>b</td><td>c</table>",
            "[0 0 0]a\n[1 0 0]in\n[0 0 0]b\n[0 0 1]c\n");
}

static void html_controls_have_values(void **state)
{
        (void)state;
        assert_html("<input type=checkbox name=a checked> tak <input type=radio name=b> nie",
            "p {xXF a:\u2612} tak {xF b:\u2610} nie\n");
        assert_html("<input name=i value=Jan><textarea name=u>brak</textarea><input type=hidden value=x>",
            "p {F i:Jan}{F u:brak}\n");
        assert_html("<select name=s><option>a<option selected>b</select>", "p {F s:b}\n");
        assert_html("<span style='font-family:Wingdings'>\u00FE</span> tak <font "
                    "face=Wingdings>\u00A8</font> nie \uF0FE",
            "p {xX:\u2612} tak {x:\u2610} nie {xX:\u2612}\n");
}

static void assert_html_words(const char *html, const char *own, const char *aside)
{
        struct words words = WORDS_INIT;
        char *model, *rest;

        html_read(html, &words);
        model = read_world_model(&words.own);
        rest = read_world_model(&words.aside);
        assert_string_equal(model, own);
        assert_string_equal(rest, aside);
        free(model);
        free(rest);
        words_free(&words);
}

static void html_quotes_are_put_aside(void **state)
{
        (void)state;
        assert_html_words("<div>tak</div><div class=gmail_quote>Jan:<blockquote>stare</blockquote></div>",
            "p tak\n", "p Jan:\np stare\n");
        assert_html_words("<p>tak</p><blockquote type=cite><p>stare</p></blockquote><p>nowe</p>",
            "p tak\np nowe\n", "p stare\n");
        assert_html_words("<p>tak</p><div id=divRplyFwdMsg>Od: X</div><table><tr><td>stare</table>",
            "p tak\n", "p Od: X\n[0 0 0]stare\n");
        assert_html_words(
            "<p>tak</p><div><b>Od:</b> Jan<br><b>Wysłano:</b> piątek<br><b>Do:</b> A<br><b>Temat:</b> "
            "x</div><p>stare</p>",
            "p tak\n", "p {b:Od:} Jan\n{b:Wysłano:} piątek\n{b:Do:} A\n{b:Temat:} x\np stare\n");
        assert_html_words("tak<br>nadal<br>-----Original Message-----<br>stare", "p tak\nnadal\n",
            "p -----Original Message-----\nstare\n");
        assert_html_words("<blockquote style='margin-left:40px'>Jan</blockquote>", "p Jan\n", "");
}

static void html_too_deep_is_cut_not_crashed(void **state)
{
        struct buf html = BUF_INIT(1024 * 1024);
        struct document doc = { 0 };

        (void)state;
        buf_puts(&html, "<p>Jan</p>");
        for (int i = 0; i < 16000; i++)
                buf_puts(&html, "<div>");
        html_read_document(buf_text(&html), &doc);
        assert_true(doc.block_count >= 1);
        assert_string_equal(doc.problems.items[0], "the HTML is too deep to be read whole");
        document_free(&doc);
        buf_reset(&html);
        for (int i = 0; i < 5000; i++)
                buf_puts(&html, "<table><tr><td>");
        html_read_document(buf_text(&html), &doc);
        assert_int_equal(doc.problems.count, 1);
        document_free(&doc);
        buf_free(&html);
}

static void html_declares_its_charset(void **state)
{
        static const char html[] = "<html><meta http-equiv=X content=\"text/html; CHARSET=iso-8859-2\">";
        char *charset = html_charset(html, sizeof html - 1);

        (void)state;
        assert_string_equal(charset, "iso-8859-2");
        free(charset);
        assert_null(html_charset("<p>", 3));
        assert_true(html_says_more("<TABLE>"));
        assert_false(html_says_more("<p>Jan</p>"));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(labels_are_followed),
                cmocka_unit_test(wrong_labels_are_seen_through),
                cmocka_unit_test(cut_base64_words_are_joined),
                cmocka_unit_test(a_line_is_a_paragraph),
                cmocka_unit_test(flowed_lines_are_joined),
                cmocka_unit_test(quotes_are_put_aside),
                cmocka_unit_test(answers_between_quoted_lines_come_behind_them),
                cmocka_unit_test(forms_are_not_taken_for_quotes),
                cmocka_unit_test(own_words_are_bounded),
                cmocka_unit_test(html_becomes_paragraphs_and_marks),
                cmocka_unit_test(html_tables_have_a_grid),
                cmocka_unit_test(html_controls_have_values),
                cmocka_unit_test(html_quotes_are_put_aside),
                cmocka_unit_test(html_too_deep_is_cut_not_crashed),
                cmocka_unit_test(html_declares_its_charset),
        };

        return cmocka_run_group_tests_name("text and HTML", tests, NULL, NULL);
}
