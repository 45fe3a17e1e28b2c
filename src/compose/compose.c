/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "compose/compose.h"

#include <gmime/gmime.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/address.h"
#include "core/zone.h"

enum {
        LINE = 998,           /* RFC 5322 2.1.1, without CRLF */
        LONGEST_ID = 900,     /* must fit on a line of its own with "References:" or a blank, and angles */
        REFERENCES_KEPT = 21, /* the thread's first and its latest */
};

/* ---- Checks: what comes in */

/* One line of UTF-8 text: what may stand in a header. */
static int check_line(const char *what, const char *value, size_t max, struct err *err)
{
        if (!value)
                return err_set(err, ERR_BUG, "a letter without %s", what);
        if (strlen(value) > max)
                return err_set(err, ERR_INPUT, "a letter whose %s is longer than %zu bytes", what, max);
        if (!str_is_utf8(value, strlen(value)))
                return err_set(err, ERR_INPUT, "a letter whose %s is not UTF-8", what);
        for (const unsigned char *p = (const unsigned char *)value; *p; p++)
                if (*p < 0x20 || *p == 0x7f)
                        return err_set(err, ERR_INPUT, "a letter with a control character in its %s", what);
        return 0;
}

/* Printable ASCII without blanks and angles: it goes into the header as it is. */
static bool is_plain(const char *value, size_t max)
{
        size_t size = strlen(value);

        if (!size || size > max)
                return false;
        for (const unsigned char *p = (const unsigned char *)value; *p; p++)
                if (*p <= 0x20 || *p >= 0x7f || *p == '<' || *p == '>')
                        return false;
        return true;
}

static int check_plain(const char *what, const char *value, struct err *err)
{
        if (!value)
                return err_set(err, ERR_BUG, "a letter without %s", what);
        if (!is_plain(value, LIMIT_ADDRESS))
                return err_set(err, ERR_INPUT, "a letter whose %s cannot stand in a header", what);
        return 0;
}

static int check_body(const char *body, struct err *err)
{
        if (!body)
                return err_set(err, ERR_BUG, "a letter without a body");
        if (!str_is_utf8(body, strlen(body)))
                return err_set(err, ERR_INPUT, "a letter whose body is not UTF-8");
        if (strchr(body, '\r'))
                return err_set(err, ERR_INPUT, "a letter with a carriage return in its body");
        return 0;
}

static int check_calendar(const struct compose_letter *letter, struct err *err)
{
        if (!letter->calendar)
                return 0;
        if (check_plain("calendar method", letter->calendar_method, err) < 0)
                return -1;
        if (!str_is_utf8(letter->calendar, strlen(letter->calendar)))
                return err_set(err, ERR_INPUT, "a letter whose calendar entry is not UTF-8");
        return 0;
}

static int check_attachment(const struct compose_attachment *attachment, struct err *err)
{
        if (!attachment)
                return 0;
        if (check_line("attachment's name", attachment->name, LIMIT_SUBJECT, err) < 0)
                return -1;
        if (check_plain("attachment's type", attachment->type, err) < 0)
                return -1;
        return strchr(attachment->type, '/') ? 0 : err_set(err, ERR_BUG, "an attachment without a MIME type");
}

static int check(const struct compose_letter *letter, struct err *err)
{
        if (check_line("sender", letter->from, LIMIT_SUBJECT, err) < 0 ||
            check_line("recipient", letter->to, LIMIT_ADDRESS, err) < 0 ||
            check_line("subject", letter->subject, LIMIT_SUBJECT, err) < 0 ||
            check_body(letter->body, err) < 0 || check_plain("message id", letter->message_id, err) < 0 ||
            check_plain("Auto-Submitted", letter->auto_submitted, err) < 0 ||
            check_plain("outcome", letter->outcome, err) < 0 ||
            (letter->ref && check_plain("reference", letter->ref, err) < 0) ||
            check_calendar(letter, err) < 0)
                return -1;
        if (!letter->zone || !zone_exists(letter->zone))
                return err_set(err, ERR_BUG, "a letter without a time zone");
        if (!address_is_valid(letter->to))
                return err_set(err, ERR_INPUT, "a letter without a valid recipient");
        return check_attachment(letter->attachment, err);
}

/* ---- Addresses */

char *compose_address(const char *from)
{
        const char *open = strrchr(from, '<'), *start = open ? open + 1 : from;
        size_t size = open ? strcspn(start, ">") : strlen(start);
        char *address;

        if (open && strcmp(start + size, ">") != 0)
                return NULL;
        address = xstrndup(start, size);
        if (address_is_valid(address))
                return address;
        free(address);
        return NULL;
}

char *compose_name(const char *from)
{
        const char *open = strrchr(from, '<');
        CLEANUP_FREE char *copy = open ? xstrndup(from, (size_t)(open - from)) : NULL;
        char *name = copy ? str_trim(copy) : NULL;
        size_t size = name ? strlen(name) : 0;

        if (size >= 2 && name[0] == '"' && name[size - 1] == '"') {
                name[size - 1] = '\0';
                name++;
        }
        return size && *name ? xstrdup(name) : NULL;
}

char *compose_message_id(const unsigned char random[16], const char *from)
{
        CLEANUP_FREE char *address = compose_address(from), *wire = address_for_wire(address);
        char hex[33];

        str_to_hex(random, 16, hex);
        return xasprintf("%s@%s", hex, wire ? address_domain(wire) : "localhost");
}

/* ---- Headers */

static void header(GMimeMessage *message, const char *name, const char *value)
{
        g_mime_object_set_header(GMIME_OBJECT(message), name, value, "utf-8");
}

static void header_id(GMimeMessage *message, const char *name, const char *id)
{
        CLEANUP_FREE char *value = xasprintf("<%s>", id);

        header(message, name, value);
}

/* The first and the latest ids of the thread, as RFC 5322 3.6.4 wants them. */
static void header_references(GMimeMessage *message, const struct str_list *ids)
{
        struct str_list good = { 0 };
        struct buf value = BUF_INIT(LIMIT_REFERENCES * LIMIT_MESSAGE_ID);

        for (size_t i = 0; i < ids->count; i++)
                if (is_plain(ids->items[i], LONGEST_ID))
                        str_list_add(&good, ids->items[i]);
        for (size_t i = 0; i < good.count; i++)
                if (i == 0 || i + REFERENCES_KEPT > good.count)
                        buf_printf(&value, "%s<%s>", value.size ? " " : "", good.items[i]);
        if (value.size)
                header(message, "References", buf_text(&value));
        buf_free(&value);
        str_list_free(&good);
}

static int headers(GMimeMessage *message, const struct compose_letter *letter, struct err *err)
{
        CLEANUP_FREE char *from = compose_address(letter->from), *name = compose_name(letter->from);
        /* Domains beyond ASCII in A-labels, or the whole header would want SMTPUTF8. */
        CLEANUP_FREE char *address = address_for_wire(from), *to = address_for_wire(letter->to);
        CLEANUP_FREE char *date = zone_rfc5322(letter->date, letter->zone);

        if (!address || !to)
                return err_set(err, ERR_INPUT, "a letter without a valid %s", to ? "sender" : "recipient");
        header(message, "Date", date);
        g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, name, address);
        internet_address_set_charset(
            internet_address_list_get_address(g_mime_message_get_from(message), 0), "utf-8");
        g_mime_message_add_mailbox(message, GMIME_ADDRESS_TYPE_TO, NULL, to);
        g_mime_message_set_subject(message, letter->subject, "utf-8");
        header_id(message, "Message-ID", letter->message_id);
        if (letter->in_reply_to && is_plain(letter->in_reply_to, LONGEST_ID))
                header_id(message, "In-Reply-To", letter->in_reply_to);
        header_references(message, &letter->references);
        header(message, "Auto-Submitted", letter->auto_submitted);
        header(message, "X-Auto-Response-Suppress", "All");
        if (letter->ref)
                header(message, "X-Zapisy-Ref", letter->ref);
        header(message, "X-Zapisy-Outcome", letter->outcome);
        return 0;
}

/* ---- Parts */

static GMimePart *part(const char *type, const char *subtype, const void *data, size_t size)
{
        GMimePart *made = g_mime_part_new_with_type(type, subtype);
        GMimeStream *stream = g_mime_stream_mem_new_with_buffer(data, size);
        GMimeDataWrapper *content =
            g_mime_data_wrapper_new_with_stream(stream, GMIME_CONTENT_ENCODING_DEFAULT);

        g_mime_part_set_content(made, content);
        g_object_unref(content);
        g_object_unref(stream);
        return made;
}

/* LF to CRLF. Owned. */
static char *with_crlf(const char *text)
{
        struct buf out = BUF_INIT(2 * strlen(text));

        for (const char *p = text; *p; p++)
                buf_add(&out, *p == '\n' ? "\r\n" : p, *p == '\n' ? 2 : 1);
        return buf_detach(&out, NULL);
}

/* The encoding that keeps text readable: none for ASCII in short lines, else quoted-printable, or base64 when
 * most of it is not ASCII. Line ends become CRLF when the message is written, but not inside base64, where
 * RFC 2045 6.8 wants them too. */
static GMimePart *body_part(const char *body)
{
        size_t size = strlen(body);
        CLEANUP_FREE char *text = xasprintf("%s%s", body, size && body[size - 1] == '\n' ? "" : "\n");
        GMimePart *made = part("text", "plain", text, strlen(text));
        GMimeContentEncoding encoding =
            g_mime_part_get_best_content_encoding(made, GMIME_ENCODING_CONSTRAINT_7BIT);

        if (encoding == GMIME_CONTENT_ENCODING_BASE64) {
                CLEANUP_FREE char *crlf = with_crlf(text);

                g_object_unref(made);
                made = part("text", "plain", crlf, strlen(crlf));
        }
        g_mime_object_set_content_type_parameter(GMIME_OBJECT(made), "charset", "utf-8");
        g_mime_part_set_content_encoding(made, encoding);
        return made;
}

/* base64: its CRLF and folded lines must arrive as they are. */
static GMimePart *calendar_part(const struct compose_letter *letter)
{
        GMimePart *made = part("text", "calendar", letter->calendar, strlen(letter->calendar));

        g_mime_object_set_content_type_parameter(GMIME_OBJECT(made), "charset", "utf-8");
        g_mime_object_set_content_type_parameter(GMIME_OBJECT(made), "method", letter->calendar_method);
        g_mime_object_set_disposition(GMIME_OBJECT(made), "attachment");
        g_mime_part_set_filename(made, "termin.ics");
        g_mime_part_set_content_encoding(made, GMIME_CONTENT_ENCODING_BASE64);
        return made;
}

static GMimePart *attachment_part(const struct compose_attachment *attachment)
{
        const char *slash = strchr(attachment->type, '/');
        CLEANUP_FREE char *type = xstrndup(attachment->type, (size_t)(slash - attachment->type));
        GMimePart *made = part(type, slash + 1, attachment->data, attachment->size);

        g_mime_object_set_disposition(GMIME_OBJECT(made), "attachment");
        g_mime_part_set_filename(made, attachment->name);
        g_mime_part_set_content_encoding(made, GMIME_CONTENT_ENCODING_BASE64);
        return made;
}

static void add(GMimeMultipart *multipart, GMimePart *made)
{
        g_mime_multipart_add(multipart, GMIME_OBJECT(made));
        g_object_unref(made);
}

/* The boundary comes from the message id, so that it is the same each time. "=_" stands in no encoded text
 * (RFC 2045 6.7). */
static void boundary(GMimeMultipart *multipart, const char *message_id)
{
        char text[70] = "=_";
        size_t used = 2;

        for (const char *p = message_id; *p && used < 40; p++)
                if (g_ascii_isalnum(*p))
                        text[used++] = *p;
        text[used] = '\0';
        g_mime_multipart_set_boundary(multipart, text);
}

static GMimeObject *content(const struct compose_letter *letter)
{
        GMimePart *body = body_part(letter->body);
        GMimeMultipart *multipart;

        if (!letter->calendar && !letter->attachment)
                return GMIME_OBJECT(body);
        multipart = g_mime_multipart_new_with_subtype("mixed");
        boundary(multipart, letter->message_id);
        add(multipart, body);
        if (letter->calendar)
                add(multipart, calendar_part(letter));
        if (letter->attachment)
                add(multipart, attachment_part(letter->attachment));
        return GMIME_OBJECT(multipart);
}

/* ---- What goes out */

/* CRLF only, lines within the limit, no NUL: a lone CR or LF could end the letter early on its way (SMTP
 * smuggling). */
static int check_bytes(const char *bytes, size_t size, struct err *err)
{
        size_t line = 0;

        for (size_t i = 0; i < size; i++) {
                if (bytes[i] == '\r' && i + 1 < size && bytes[i + 1] == '\n') {
                        line = 0;
                        i++;
                } else if (bytes[i] == '\r' || bytes[i] == '\n' || bytes[i] == '\0' || ++line > LINE) {
                        return err_set(
                            err, ERR_BUG, "a letter was composed with bad line ends or too long a line");
                }
        }
        return 0;
}

static GByteArray *bytes_of(GMimeMessage *message)
{
        GByteArray *bytes = g_byte_array_new();
        GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(bytes);
        GMimeFormatOptions *format = g_mime_format_options_new();

        g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
        g_mime_format_options_set_newline_format(format, GMIME_NEWLINE_FORMAT_DOS);
        g_mime_object_write_to_stream(GMIME_OBJECT(message), format, stream);
        g_mime_format_options_free(format);
        g_object_unref(stream);
        return bytes;
}

static void init_once(void)
{
        static bool done;

        if (!done)
                g_mime_init();
        done = true;
}

int compose_letter(const struct compose_letter *letter, struct buf *ret_bytes, struct err *err)
{
        GMimeMessage *message = NULL;
        GMimeObject *body = NULL;
        GByteArray *bytes = NULL;
        int r = -1;

        init_once();
        if (check(letter, err) < 0)
                goto out;
        message = g_mime_message_new(FALSE);
        if (headers(message, letter, err) < 0)
                goto out;
        body = content(letter);
        g_mime_message_set_mime_part(message, body);
        bytes = bytes_of(message);
        if (check_bytes((const char *)bytes->data, bytes->len, err) < 0)
                goto out;
        r = buf_add(ret_bytes, bytes->data, bytes->len);
        if (r < 0)
                err_set(err, ERR_INPUT, "a letter larger than the %zu bytes allowed", ret_bytes->max);
out:
        if (bytes)
                g_byte_array_free(bytes, TRUE);
        g_clear_object(&body);
        g_clear_object(&message);
        return r;
}
