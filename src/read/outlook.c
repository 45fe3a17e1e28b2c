/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/outlook.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "read/bounds.h"
#include "read/ole.h"
#include "read/outlook_property.h"
#include "read/packed_rtf.h"
#include "read/rtf_html.h"

enum {
        HEAD_TOP = 32,    /* bytes before the first fixed property of a mail ([MS-OXMSG] 2.4.1.1) */
        HEAD_INSIDE = 24, /* of a mail inside a mail */
        DEPTH_MAX = 4,    /* mails inside each other */
};

/* One mail being written. */
struct writing {
        const struct ole *ole;
        const struct bounds *bounds;
        struct buf *out;
        size_t head;
        unsigned codepage;
        int depth;
        int *attachments; /* written so far, of all mails */
};

static int write_mail(struct writing *w);

/* ---- the header */

/* What the next header lines begin with may be anything: a line break would begin another. */
static void put_field(struct buf *out, const char *name, const char *value)
{
        buf_printf(out, "%s: ", name);
        for (const char *p = value; *p; p++)
                buf_putc(out, (unsigned char)*p < ' ' ? ' ' : *p);
        buf_puts(out, "\r\n");
}

/* The size of the field's name in a header line; 0 when it is none. */
static size_t name_size(const char *line)
{
        size_t size = 0;

        while (g_ascii_isalnum(line[size]) || line[size] == '-' || line[size] == '_')
                size++;
        return line[size] == ':' ? size : 0;
}

/* What they say of the structure is no longer true. */
static bool is_structure(const char *line)
{
        return str_starts_nocase(line, "content-") || str_starts_nocase(line, "mime-version:");
}

/* Line for line, as far as they are lines of a header. */
static void put_travelled(struct buf *out, const char *headers)
{
        bool kept = false;

        for (const char *line = headers; *line;) {
                size_t size = strcspn(line, "\r\n");

                if (*line != ' ' && *line != '\t')
                        kept = name_size(line) && !is_structure(line);
                if (kept && size)
                        buf_printf(out, "%.*s\r\n", (int)size, line);
                line += size;
                line += *line == '\r' && line[1] == '\n' ? 2 : *line != 0;
        }
}

static bool has_field(const char *headers, const char *name)
{
        const char *found = headers ? strcasestr(headers, name) : NULL;

        while (found && found != headers && found[-1] != '\n')
                found = strcasestr(found + 1, name);
        return found != NULL;
}

static void put_sender(const struct writing *w)
{
        CLEANUP_FREE char *name = outlook_text(w->ole, OUTLOOK_SENDER, w->codepage);
        CLEANUP_FREE char *address = outlook_text(w->ole, OUTLOOK_SENDER_SMTP, w->codepage);
        CLEANUP_FREE char *line = NULL;

        /* Of a colleague in the same Exchange it is no address of the internet. */
        if (!address || !strchr(address, '@')) {
                free(address);
                address = outlook_text(w->ole, OUTLOOK_SENDER_ADDRESS, w->codepage);
        }
        for (char *p = name; p && *p; p++)
                if (strchr("\"\\<>", *p))
                        *p = ' ';
        if (address && strchr(address, '@') && !strpbrk(address, " <>\""))
                line = xasprintf("\"%s\" <%s>", name ? name : "", address);
        if (line)
                put_field(w->out, "From", line);
}

/* 100 ns since 1601 (FILETIME). */
static void put_date(const struct writing *w)
{
        static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
                "Oct", "Nov", "Dec" };
        uint64_t when = outlook_number(w->ole, OUTLOOK_SUBMITTED, w->head);
        struct tm tm;
        time_t seconds;

        if (!when)
                when = outlook_number(w->ole, OUTLOOK_DELIVERED, w->head);
        seconds = (time_t)(when / 10000000) - 11644473600;
        if (seconds > 0 && seconds < 4102444800 && gmtime_r(&seconds, &tm))
                buf_printf(w->out, "Date: %d %s %d %02d:%02d:%02d +0000\r\n", tm.tm_mday, months[tm.tm_mon],
                    tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
}

/* Reports and vacation notes of Exchange travel without a header. */
static bool is_automatic(const char *class)
{
        return class && (str_starts_nocase(class, "REPORT.") || str_contains_nocase(class, ".OofTemplate"));
}

static void put_header(const struct writing *w)
{
        CLEANUP_FREE char *headers = outlook_text(w->ole, OUTLOOK_HEADERS, w->codepage);
        CLEANUP_FREE char *class = outlook_text(w->ole, OUTLOOK_CLASS, w->codepage);
        CLEANUP_FREE char *subject = outlook_text(w->ole, OUTLOOK_SUBJECT, w->codepage);

        if (headers && strlen(headers) < (size_t)w->bounds->header_kb * 1024)
                put_travelled(w->out, headers);
        if (!has_field(headers, "from:"))
                put_sender(w);
        if (!has_field(headers, "date:"))
                put_date(w);
        if (subject && !has_field(headers, "subject:"))
                put_field(w->out, "Subject", subject);
        if (is_automatic(class))
                put_field(w->out, "Auto-Submitted", "auto-generated");
        put_field(w->out, "MIME-Version", "1.0");
}

/* ---- parts */

/* No line of base64 is a boundary. Mails inside have boundaries of their own. */
static void put_boundary(const struct writing *w, const char *kind, const char *end)
{
        buf_printf(w->out, "--=_%s_%d%s\r\n", kind, w->depth, end);
}

static void put_multipart(const struct writing *w, const char *type, const char *kind)
{
        buf_printf(w->out, "Content-Type: multipart/%s; boundary=\"=_%s_%d\"\r\n\r\n", type, kind, w->depth);
}

static void put_base64(struct buf *out, const char *bytes, size_t size)
{
        const size_t step = 48 * 1024;

        buf_puts(out, "Content-Transfer-Encoding: base64\r\n\r\n");
        for (size_t at = 0; at < size && !buf_failed(out); at += step) {
                size_t n = size - at < step ? size - at : step;
                gchar *text = g_base64_encode((const guchar *)bytes + at, n);

                for (size_t i = 0, length = strlen(text); i < length; i += 76)
                        buf_printf(out, "%.76s\r\n", text + i);
                g_free(text);
        }
        buf_puts(out, "\r\n");
}

static void put_text(
    const struct writing *w, const char *subtype, const char *charset, const char *bytes, size_t size)
{
        put_boundary(w, "texts", "");
        buf_printf(w->out, "Content-Type: text/%s", subtype);
        if (charset)
                buf_printf(w->out, "; charset=%s", charset);
        buf_puts(w->out, "\r\n");
        put_base64(w->out, bytes, size);
}

/* HTML as it is, or wrapped into rich text. */
static bool put_html(const struct writing *w, const struct buf *rtf)
{
        const unsigned codepage = (unsigned)outlook_number(w->ole, OUTLOOK_HTML_CODEPAGE, w->head);
        CLEANUP_FREE char *html = outlook_text(w->ole, OUTLOOK_HTML, w->codepage);
        struct buf bytes = { 0 };
        const char *charset = "utf-8";

        if (!html && outlook_bytes(w->ole, OUTLOOK_HTML, (size_t)w->bounds->document_mb << 20, &bytes) == 0)
                charset = outlook_charset(codepage);
        else if (!html)
                html = rtf_html(buf_text(rtf), rtf->size);
        if (html)
                put_text(w, "html", charset, html, strlen(html));
        else if (bytes.size)
                put_text(w, "html", charset, bytes.data, bytes.size);
        buf_free(&bytes);
        return html || bytes.size;
}

static void put_rtf(const struct writing *w, const struct buf *rtf)
{
        put_boundary(w, "files", "");
        buf_puts(w->out, "Content-Type: application/rtf; name=\"message.rtf\"\r\n");
        put_base64(w->out, buf_text(rtf), rtf->size);
}

static void put_bodies(const struct writing *w)
{
        CLEANUP_FREE char *plain = outlook_text(w->ole, OUTLOOK_BODY, w->codepage);
        const size_t max = (size_t)w->bounds->document_mb << 20;
        struct buf packed = { 0 }, rtf = BUF_INIT(max);
        bool told = !str_is_empty(plain);

        if (outlook_bytes(w->ole, OUTLOOK_RTF, max, &packed) == 0 &&
            packed_rtf_open(buf_text(&packed), packed.size, &rtf) < 0)
                buf_free(&rtf);
        put_boundary(w, "files", "");
        put_multipart(w, "alternative", "texts");
        if (told)
                put_text(w, "plain", "utf-8", plain, strlen(plain));
        told |= put_html(w, &rtf);
        put_boundary(w, "texts", "--");
        if (!told && rtf.size)
                put_rtf(w, &rtf);
        buf_free(&packed);
        buf_free(&rtf);
}

/* ---- attachments */

/* RFC 2231 */
static void put_name(const struct writing *w, const struct ole *attachment)
{
        CLEANUP_FREE char *name = outlook_text(attachment, OUTLOOK_LONG_NAME, w->codepage);

        if (!name)
                name = outlook_text(attachment, OUTLOOK_SHORT_NAME, w->codepage);
        if (!name)
                name = outlook_text(attachment, OUTLOOK_NAME, w->codepage);
        buf_puts(w->out, "Content-Disposition: attachment");
        if (!str_is_empty(name)) {
                buf_puts(w->out, "; filename*=utf-8''");
                for (const char *p = name; *p; p++)
                        buf_printf(w->out, g_ascii_isalnum(*p) ? "%c" : "%%%02X", (unsigned char)*p);
        }
        buf_puts(w->out, "\r\n");
}

/* Only what cannot change how the mail is taken apart. */
static void put_type(const struct writing *w, const struct ole *attachment)
{
        CLEANUP_FREE char *type = outlook_text(attachment, OUTLOOK_TYPE, w->codepage);
        bool fine = type && (str_starts(type, "image/") || str_starts(type, "application/") ||
                                str_starts(type, "text/"));

        for (const char *p = type; fine && *p; p++)
                fine = g_ascii_isalnum(*p) || strchr("/.+-", *p);
        buf_printf(w->out, "Content-Type: %s\r\n", fine ? type : "application/octet-stream");
}

static void put_file(const struct writing *w, const struct ole *attachment, const struct buf *bytes)
{
        CLEANUP_FREE char *id = outlook_text(attachment, OUTLOOK_CONTENT_ID, w->codepage);

        put_boundary(w, "files", "");
        put_type(w, attachment);
        put_name(w, attachment);
        if (!str_is_empty(id))
                put_field(w->out, "Content-ID", id);
        put_base64(w->out, buf_text(bytes), bytes->size);
}

static void put_inside(const struct writing *w, const struct ole *mail)
{
        struct writing inside = *w;

        inside.ole = mail;
        inside.head = HEAD_INSIDE;
        inside.depth++;
        put_boundary(w, "files", "");
        buf_puts(w->out, "Content-Type: message/rfc822\r\n\r\n");
        write_mail(&inside);
}

static void put_attachment(const struct writing *w, const struct ole *attachment)
{
        struct ole *object = outlook_object(attachment, OUTLOOK_DATA);
        struct buf bytes = { 0 };

        if (outlook_bytes(attachment, OUTLOOK_DATA, (size_t)w->bounds->document_mb << 20, &bytes) == 0)
                put_file(w, attachment, &bytes);
        else if (object && ole_has(object, "__properties_version1.0") && w->depth < DEPTH_MAX)
                put_inside(w, object);
        buf_free(&bytes);
        ole_close(object);
}

static void put_attachments(const struct writing *w)
{
        for (size_t i = 0; i < ole_count(w->ole) && !buf_failed(w->out); i++) {
                const char *name = ole_name(w->ole, i);
                struct ole *attachment =
                    str_starts(name, "__attach_version1.0_") ? ole_enter(w->ole, name) : NULL;

                if (attachment && ++*w->attachments <= w->bounds->mime_parts)
                        put_attachment(w, attachment);
                ole_close(attachment);
        }
}

/* ---- the mail */

static int write_mail(struct writing *w)
{
        w->codepage = (unsigned)outlook_number(w->ole, OUTLOOK_TEXT_CODEPAGE, w->head);
        put_header(w);
        put_multipart(w, "related", "files");
        put_bodies(w);
        put_attachments(w);
        put_boundary(w, "files", "--");
        return buf_failed(w->out) ? -1 : 0;
}

bool outlook_is(const char *bytes, size_t size)
{
        struct ole *ole = ole_is(bytes, size) ? ole_open(bytes, size) : NULL;
        bool is = ole && ole_has(ole, "__properties_version1.0");

        ole_close(ole);
        return is;
}

int outlook_to_mail(const char *bytes, size_t size, const struct bounds *bounds, struct buf *ret_mail)
{
        int attachments = 0, r;
        struct writing w = { .ole = ole_open(bytes, size),
                .bounds = bounds,
                .out = ret_mail,
                .head = HEAD_TOP,
                .attachments = &attachments };

        if (!w.ole)
                return -1;
        r = write_mail(&w);
        ole_close((struct ole *)(uintptr_t)w.ole);
        return r;
}
