/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/mime.h"

#include <gmime/gmime.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/triage.h"
#include "core/zone.h"
#include "read/bounce.h"
#include "read/bounds.h"
#include "read/charset.h"
#include "read/header.h"
#include "read/leaf.h"
#include "read/prescan.h"
#include "read/tree.h"

enum { PROBLEMS_MAX = 20 };

void mime_init(void)
{
        g_mime_init();
        header_options();
        charset_preload();
}

void mime_problem(struct mail *mail, const char *text)
{
        if (mail->problems.count < PROBLEMS_MAX && !str_list_has(&mail->problems, text))
                str_list_add(&mail->problems, text);
}

/* ---- the whole mail */

static GMimeMessage *parse(const char *bytes, size_t size)
{
        /* The stream borrows: GMime only reads. */
        GByteArray borrowed = { .data = (guint8 *)(uintptr_t)bytes, .len = (guint)size };
        GMimeStream *stream = g_mime_stream_mem_new();
        GMimeParser *parser;
        GMimeMessage *message;

        g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
        g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), &borrowed);
        parser = g_mime_parser_new_with_stream(stream);
        g_mime_parser_set_persist_stream(parser, FALSE); /* parts are copied: the bytes may go away before */
        message = g_mime_parser_construct_message(parser, header_options());
        g_object_unref(parser);
        g_object_unref(stream);
        return message;
}

static void say_bounds(const struct prescan *scan, const struct bounds *bounds, struct mail *mail)
{
        char text[100];

        if (scan->deep) {
                snprintf(text, sizeof text, "more than %d parts inside each other", bounds->mime_depth);
                mime_problem(mail, text);
        }
        if (scan->many) {
                snprintf(text, sizeof text, "more than %d parts", bounds->mime_parts);
                mime_problem(mail, text);
        }
        if (scan->header_large) {
                snprintf(text, sizeof text, "a header of more than %d KB", bounds->header_kb);
                mime_problem(mail, text);
        }
        if (scan->tangled)
                mime_problem(mail, "an address header that is too tangled to read");
}

static void type_facts(GMimeMessage *message, struct mail *mail)
{
        GMimeObject *top = g_mime_message_get_mime_part(message);
        const char *report = top ? g_mime_object_get_content_type_parameter(top, "report-type") : NULL;

        mail->content_type = top ? leaf_type(top) : xstrdup("text/plain");
        mail->report_type = charset_to_utf8(report ? report : "", report ? strlen(report) : 0, NULL);
}

static bool beyond(const struct prescan *scan)
{
        return scan->deep || scan->many || scan->header_large || scan->tangled;
}

/* "From  : a@example.org" (RFC 5322 4.5 allows the blanks) is a header field, not an mbox line. */
static bool is_field(const char *p, const char *end)
{
        p += strlen("From");
        while (p < end && (*p == ' ' || *p == '\t'))
                p++;
        return p < end && *p == ':';
}

/* Mail that was kept in files: an mbox line, or empty lines, before the header. */
static const char *skip_to_header(const char *bytes, size_t *size)
{
        const char *p = bytes, *end = bytes + *size;

        while (p < end && *p && strchr(" \t\r\n", *p))
                p++;
        if (p == end || (p > bytes && p[-1] != '\n'))
                p = bytes;
        if (end - p > 5 && !memcmp(p, "From ", 5) && !is_field(p, end) && memchr(p, '\n', (size_t)(end - p)))
                p = (const char *)memchr(p, '\n', (size_t)(end - p)) + 1;
        *size = (size_t)(end - p);
        return p;
}

/* Beyond a bound only the mail's own header is parsed, and *ret_whole is false. */
static GMimeMessage *parse_bounded(
    const char *bytes, size_t size, const struct bounds *bounds, struct mail *mail, bool *ret_whole)
{
        struct prescan scan;
        struct buf header = BUF_INIT((size_t)bounds->header_kb * 1024 + 16);
        GMimeMessage *message;

        bytes = skip_to_header(bytes, &size);
        prescan(bytes, size, bounds, &scan);
        *ret_whole = !beyond(&scan);
        if (mail)
                say_bounds(&scan, bounds, mail);
        if (*ret_whole)
                return size ? parse(bytes, size) : NULL;
        prescan_header(bytes, &scan, bounds, &header);
        message = parse(buf_text(&header), header.size);
        buf_free(&header);
        return message;
}

/* As far as its header tells. */
static bool is_bounce(const struct mail *mail)
{
        const char *why;

        return robot_judge(mail, &why) == ROBOT_BOUNCE;
}

static void no_mail(struct mail *mail)
{
        mime_problem(mail, "not a mail");
        mail->subject = xstrdup("");
        mail->from_name = xstrdup("");
        mail->content_type = xstrdup("");
        mail->report_type = xstrdup("");
}

void mime_read(const char *bytes, size_t size, const struct bounds *bounds, struct mime_mail *ret_mail)
{
        struct mail *mail = &ret_mail->mail;
        GMimeMessage *message;
        bool whole;

        *ret_mail = (struct mime_mail){ .mail.date = ZONE_NO_TIME };
        message = parse_bounded(bytes, size, bounds, mail, &whole);
        if (!message) {
                no_mail(mail);
                return;
        }
        header_read(message, mail);
        type_facts(message, mail);
        if (whole)
                tree_read(message, bounds, is_bounce(mail), ret_mail);
        bounce_headers(mail);
        g_object_unref(message);
}

void mime_free(struct mime_mail *mail)
{
        for (size_t i = 0; i < mail->body_count; i++)
                free(mail->bodies[i].text);
        mail->body_count = 0;
        free(mail->returned_to);
        mail->returned_to = NULL;
        mail_free(&mail->mail);
}

int mime_take_part(const char *bytes, size_t size, const struct bounds *bounds, int index,
    struct mime_part *ret_part, struct err *err)
{
        struct mime_part part = { 0 };
        bool whole;
        GMimeMessage *message = parse_bounded(bytes, size, bounds, NULL, &whole);

        if (message && whole) {
                struct mail mail = { 0 };

                header_read(message, &mail);
                type_facts(message, &mail);
                tree_take(message, bounds, is_bounce(&mail), index, &part);
                mail_free(&mail);
        }
        if (message)
                g_object_unref(message);
        if (!part.type)
                return err_set(err, ERR_INPUT, "the mail has no part %d", index);
        *ret_part = part;
        return 0;
}

void mime_part_free(struct mime_part *part)
{
        buf_free(&part->bytes);
        free(part->filename);
        free(part->type);
        free(part->charset);
}
