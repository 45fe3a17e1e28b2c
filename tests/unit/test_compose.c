/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: compose core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gmime/gmime.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "compose/calendar.h"
#include "compose/compose.h"

#define SUBJECT                                                                                                    \
        "Model współpracy JST & NGO: Państwa zgłoszenie przyjęte, zażółć gęślą jaźń, miejsce nr 17 " \
        "(MW-7K3M)"
#define BODY "Dzień dobry,\n\n.kropka na początku\n..dwie\n.\nFrom here\nŻółw.\n-- \nRCWIP\n"

static struct compose_letter example(void)
{
        return (struct compose_letter){
                .from = "Agnieszka Szuba <agnieszka.szuba@rcwip.example>",
                .to = "jan.kowalski@example.org",
                .subject = SUBJECT,
                .body = BODY,
                .message_id = "00112233445566778899aabbccddeeff@rcwip.example",
                .date = 1327330800, /* 2012-01-23 16:00 in Warsaw */
                .zone = "Europe/Warsaw",
                .auto_submitted = "auto-replied",
                .ref = "MW-7K3M",
                .outcome = "accepted",
        };
}

static char *composed(const struct compose_letter *letter)
{
        struct buf out = BUF_INIT(LIMIT_LETTER);
        struct err err = { 0 };

        if (compose_letter(letter, &out, &err) < 0)
                fail_msg("%s", err.text);
        return buf_detach(&out, NULL);
}

/* CRLF only, at most 998 a line, 7-bit. */
static void assert_clean(const char *bytes)
{
        size_t line = 0;

        for (const char *p = bytes; *p; p++) {
                assert_true((unsigned char)*p < 0x80);
                if (*p == '\r') {
                        assert_int_equal(p[1], '\n');
                        line = 0;
                        p++;
                } else {
                        assert_int_not_equal(*p, '\n');
                        assert_true(++line <= 998);
                }
        }
        assert_int_equal(line, 0);
}

static GMimeMessage *parsed(const char *bytes)
{
        GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, strlen(bytes));
        GMimeParser *parser = g_mime_parser_new_with_stream(stream);
        GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

        assert_non_null(message);
        g_object_unref(parser);
        g_object_unref(stream);
        return message;
}

static void assert_header(GMimeMessage *message, const char *name, const char *expected)
{
        const char *value = g_mime_object_get_header(GMIME_OBJECT(message), name);

        if (!value)
                fail_msg("no header %s", name);
        assert_string_equal(value, expected);
}

static void decoded(GMimeObject *part, struct buf *out)
{
        GMimeStream *stream = g_mime_stream_mem_new();
        GByteArray *bytes;

        assert_true(GMIME_IS_PART(part));
        g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(GMIME_PART(part)), stream);
        bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
        buf_add(out, bytes->data, bytes->len);
        g_object_unref(stream);
}

/* The decoded text of a part; each line ends with CRLF, taken for LF. */
static char *text_of(GMimeObject *part)
{
        struct buf bytes = BUF_INIT(LIMIT_LETTER), out = BUF_INIT(LIMIT_LETTER);

        decoded(part, &bytes);
        for (size_t i = 0; i < bytes.size; i++) {
                if (bytes.data[i] == '\r')
                        assert_int_equal(bytes.data[++i], '\n');
                else
                        assert_int_not_equal(bytes.data[i], '\n');
                buf_putc(&out, bytes.data[i]);
        }
        buf_free(&bytes);
        return buf_detach(&out, NULL);
}

/* The subject, decoded a word at a time (GMime cuts runs of padded base64 words short when it decodes them at
 * once); white space between two encoded words is nothing (RFC 2047 6.2). */
static char *subject_of(GMimeMessage *message)
{
        GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(message));
        const char *raw = g_mime_header_get_raw_value(g_mime_header_list_get_header(list, "Subject"));
        struct buf out = BUF_INIT(LIMIT_HEADER_VALUE);
        gchar **words = g_strsplit_set(raw, " \r\n", -1);
        bool was_encoded = true, encoded;

        for (gchar **word = words; *word; word++) {
                CLEANUP_FREE char *text = g_mime_utils_header_decode_text(NULL, *word);

                if (!**word)
                        continue;
                encoded = g_str_has_prefix(*word, "=?");
                if (out.size && !(encoded && was_encoded))
                        buf_putc(&out, ' ');
                buf_puts(&out, text);
                was_encoded = encoded;
        }
        g_strfreev(words);
        return buf_detach(&out, NULL);
}

static void headers_as_promised(void **state)
{
        (void)state;
        struct compose_letter letter = example();
        CLEANUP_FREE char *bytes = NULL, *subject = NULL;
        InternetAddress *from;
        GMimeMessage *message;

        letter.in_reply_to = "abc@example.org";
        str_list_add(&letter.references, "first@example.org");
        str_list_add(&letter.references, "abc@example.org");
        bytes = composed(&letter);
        assert_clean(bytes);
        message = parsed(bytes);
        subject = subject_of(message);
        assert_string_equal(subject, SUBJECT);
        assert_header(message, "Date", "Mon, 23 Jan 2012 16:00:00 +0100");
        assert_header(message, "Message-ID", "<00112233445566778899aabbccddeeff@rcwip.example>");
        assert_header(message, "In-Reply-To", "<abc@example.org>");
        assert_header(message, "References", "<first@example.org> <abc@example.org>");
        assert_header(message, "Auto-Submitted", "auto-replied");
        assert_header(message, "X-Auto-Response-Suppress", "All");
        assert_header(message, "X-Zapisy-Ref", "MW-7K3M");
        assert_header(message, "X-Zapisy-Outcome", "accepted");
        assert_header(message, "To", "jan.kowalski@example.org");
        assert_non_null(strstr(bytes, "Content-Type: text/plain; charset=utf-8\r\n"));
        from = internet_address_list_get_address(g_mime_message_get_from(message), 0);
        assert_string_equal(internet_address_get_name(from), "Agnieszka Szuba");
        assert_non_null(strstr(bytes, "MIME-Version: 1.0\r\n"));
        g_object_unref(message);
        str_list_free(&letter.references);
}

static void assert_body_survives(const char *body)
{
        struct compose_letter letter = example();
        CLEANUP_FREE char *bytes = NULL, *text = NULL;
        GMimeMessage *message;

        letter.body = body;
        bytes = composed(&letter);
        assert_clean(bytes);
        message = parsed(bytes);
        text = text_of(g_mime_message_get_mime_part(message));
        assert_string_equal(text, body);
        g_object_unref(message);
}

static void bodies_survive(void **state)
{
        (void)state;
        char body[12001];

        assert_body_survives(BODY);
        assert_body_survives("Plain ASCII.\n.\n..\n\n");
        assert_body_survives("trailing blanks   \nand tabs\t\n");
        memset(body, 'x', sizeof body - 1);
        body[sizeof body - 2] = '\n';
        body[sizeof body - 1] = '\0';
        assert_body_survives(body); /* one line of 11,999 ASCII bytes */
        for (size_t i = 0; i + 2 < sizeof body; i += 2)
                memcpy(body + i, "\xc5\xbc", 2);
        body[sizeof body - 3] = 'a';
        body[sizeof body - 2] = '\n';
        assert_body_survives(body); /* one line of Polish letters only */
}

static void names_in_the_sender(void **state)
{
        (void)state;
        static const char *const names[][2] = {
                { "Żaneta Święcicka-Łoś <z@rcwip.example>", "Żaneta Święcicka-Łoś" },
                { "\"Szuba, Agnieszka\" <z@rcwip.example>", "Szuba, Agnieszka" },
                { "Szuba, Agnieszka <z@rcwip.example>", "Szuba, Agnieszka" },
                { "z@rcwip.example", NULL },
        };

        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                struct compose_letter letter = example();
                CLEANUP_FREE char *bytes = NULL;
                InternetAddressList *list;
                InternetAddress *from;
                GMimeMessage *message;

                letter.from = names[i][0];
                bytes = composed(&letter);
                assert_clean(bytes);
                message = parsed(bytes);
                list = g_mime_message_get_from(message);
                assert_int_equal(internet_address_list_length(list), 1);
                from = internet_address_list_get_address(list, 0);
                assert_string_equal(
                    internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(from)), "z@rcwip.example");
                if (names[i][1])
                        assert_string_equal(internet_address_get_name(from), names[i][1]);
                g_object_unref(message);
        }
}

static void domains_beyond_ascii(void **state)
{
        static const unsigned char random[16] = { 1 };
        struct compose_letter letter = example();
        char *id, *bytes;

        (void)state;
        letter.from = "Agnieszka Szuba <biuro@gmina-\u0142\u00f3d\u017a.example>";
        letter.to = "jan@\u0142\u00f3d\u017a.example";
        letter.message_id = id = compose_message_id(random, letter.from);
        bytes = composed(&letter);
        assert_clean(bytes);
        assert_non_null(strstr(bytes, "<biuro@xn--gmina-d-q0a42esr.example>"));
        assert_non_null(strstr(bytes, "jan@xn--d-uga0v4h.example"));
        free(bytes);
        free(id);
}

static void parts_in_a_multipart(void **state)
{
        (void)state;
        static const char zip[] = "PK\003\004\r\n\n\r\0binary";
        struct compose_attachment blank = { "Ankieta zgłoszeniowa.docx",
                "application/vnd.openxmlformats-officedocument.wordprocessingml.document", zip, sizeof zip };
        struct compose_letter letter = example();
        CLEANUP_FREE char *bytes = NULL, *again = NULL, *ics = NULL;
        struct buf data = BUF_INIT(LIMIT_LETTER);
        GMimeMultipart *parts;
        GMimeMessage *message;
        GMimeObject *part;

        letter.calendar = "BEGIN:VCALENDAR\r\nSUMMARY:Szkolenie w Wałbrzychu\r\nEND:VCALENDAR\r\n";
        letter.calendar_method = "PUBLISH";
        letter.attachment = &blank;
        bytes = composed(&letter);
        again = composed(&letter);
        assert_string_equal(bytes, again);
        assert_clean(bytes);
        message = parsed(bytes);
        parts = GMIME_MULTIPART(g_mime_message_get_mime_part(message));
        assert_int_equal(g_mime_multipart_get_count(parts), 3);
        part = g_mime_multipart_get_part(parts, 1);
        assert_string_equal(g_mime_object_get_content_type_parameter(part, "method"), "PUBLISH");
        ics = text_of(part);
        assert_string_equal(ics, "BEGIN:VCALENDAR\nSUMMARY:Szkolenie w Wałbrzychu\nEND:VCALENDAR\n");
        part = g_mime_multipart_get_part(parts, 2);
        assert_string_equal(g_mime_part_get_filename(GMIME_PART(part)), "Ankieta zgłoszeniowa.docx");
        decoded(part, &data);
        assert_int_equal(data.size, sizeof zip);
        assert_memory_equal(data.data, zip, sizeof zip);
        buf_free(&data);
        g_object_unref(message);
}

static void odd_ids_are_left_out(void **state)
{
        (void)state;
        struct compose_letter letter = example();
        CLEANUP_FREE char *bytes = NULL, *longest = xcalloc(1, 1001);
        GMimeMessage *message;

        memset(longest, 'a', 1000);
        letter.in_reply_to = "a b@example.org";
        str_list_add(&letter.references, "x@y>\r\nBcc: victim@example.org");
        str_list_add(&letter.references, longest);
        str_list_add(&letter.references, "");
        for (int i = 0; i < 60; i++)
                str_list_add_take(&letter.references, xasprintf("good-message-number-%d@example.org", i));
        bytes = composed(&letter);
        assert_clean(bytes);
        assert_null(strstr(bytes, "Bcc"));
        message = parsed(bytes);
        assert_null(g_mime_object_get_header(GMIME_OBJECT(message), "In-Reply-To"));
        assert_non_null(strstr(bytes, "<good-message-number-0@example.org>"));
        assert_null(strstr(bytes, "<good-message-number-1@example.org>"));
        assert_non_null(strstr(bytes, "<good-message-number-59@example.org>"));
        g_object_unref(message);
        str_list_free(&letter.references);
}

static void refused(const struct compose_letter *letter, enum err_class class)
{
        struct buf out = BUF_INIT(LIMIT_LETTER);
        struct err err = { 0 };

        assert_int_equal(compose_letter(letter, &out, &err), -1);
        assert_int_equal(err.class, class);
        assert_int_equal(out.size, 0);
        buf_free(&out);
}

#define REFUSED(member, value, class)                                                                        \
        do {                                                                                                 \
                struct compose_letter letter = example();                                                    \
                letter.member = (value);                                                                     \
                refused(&letter, (class));                                                                   \
        } while (0)

static void injections_are_refused(void **state)
{
        (void)state;
        struct compose_attachment bad = { "a\r\nX: y", "application/pdf", "x", 1 };

        REFUSED(subject, "a\r\nBcc: b@example.org", ERR_INPUT);
        REFUSED(subject, "a\nb", ERR_INPUT);
        REFUSED(subject, "a\rb", ERR_INPUT);
        REFUSED(subject, "bad utf-8 \xb1", ERR_INPUT);
        REFUSED(from, "A\r\nX: y <a@example.org>", ERR_INPUT);
        REFUSED(from, "no address", ERR_INPUT);
        REFUSED(from, "A <a@example.org> trailing", ERR_INPUT);
        REFUSED(to, "a@example.org>\r\nX: y", ERR_INPUT);
        REFUSED(to, "a@example.org, b@example.org", ERR_INPUT);
        REFUSED(message_id, "a@b>\r\nX: y", ERR_INPUT);
        REFUSED(ref, "MW-7K3M\nX: y", ERR_INPUT);
        REFUSED(outcome, "accepted\r\n", ERR_INPUT);
        REFUSED(auto_submitted, "auto-replied\r\nX: y", ERR_INPUT);
        REFUSED(body, "one\rtwo", ERR_INPUT);
        REFUSED(body, "not utf-8 \xff", ERR_INPUT);
        REFUSED(attachment, &bad, ERR_INPUT);
        REFUSED(body, NULL, ERR_BUG);
        REFUSED(zone, "Europe/Nowhere", ERR_BUG);
}

static void too_large_is_refused_whole(void **state)
{
        (void)state;
        struct compose_letter letter = example();
        struct buf out = BUF_INIT(200);
        struct err err = { 0 };

        buf_puts(&out, "before");
        assert_int_equal(compose_letter(&letter, &out, &err), -1);
        assert_int_equal(err.class, ERR_INPUT);
        assert_string_equal(buf_text(&out), "before");
        buf_free(&out);
}

static void message_ids(void **state)
{
        (void)state;
        unsigned char random[16];
        CLEANUP_FREE char *id = NULL;

        for (size_t i = 0; i < sizeof random; i++)
                random[i] = (unsigned char)(i * 17);
        id = compose_message_id(random, "Agnieszka Szuba <agnieszka.szuba@rcwip.example>");
        assert_string_equal(id, "00112233445566778899aabbccddeeff@rcwip.example");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(headers_as_promised),
                cmocka_unit_test(bodies_survive),
                cmocka_unit_test(names_in_the_sender),
                cmocka_unit_test(domains_beyond_ascii),
                cmocka_unit_test(parts_in_a_multipart),
                cmocka_unit_test(odd_ids_are_left_out),
                cmocka_unit_test(injections_are_refused),
                cmocka_unit_test(too_large_is_refused_whole),
                cmocka_unit_test(message_ids),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
