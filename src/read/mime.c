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
#include "core/zone.h"
#include "read/bounce.h"
#include "read/bounds.h"
#include "read/charset.h"
#include "read/detect.h"
#include "read/header.h"
#include "read/prescan.h"
#include "read/words.h"

enum {
        PROBLEMS_MAX = 20,
        FILENAME_MAX_SIZE = 255,
        LOGO_MAX = 64 * 1024, /* a picture inside HTML is a scan only when it is larger */
};

/* Which of the texts of a multipart/alternative is read. */
enum choice { CHOICE_ANY, CHOICE_PLAIN, CHOICE_HTML };

struct place {
        enum choice choice;
        bool related;  /* in multipart/related */
        bool report;   /* in multipart/report, behind its first part */
        bool returned; /* in a returned mail */
        bool attached; /* in a mail that is attached */
};

struct walk {
        const struct bounds *bounds;
        int next;                /* number of the next leaf */
        int wanted;              /* of the leaf to take, or -1 */
        struct mime_part *taken; /* filled when found */
        struct mime_mail *mail;  /* NULL when a leaf is wanted */
};

void mime_init(void)
{
        g_mime_init();
        header_options();
        charset_preload();
}

static void problem(struct mail *mail, const char *text)
{
        if (mail->problems.count < PROBLEMS_MAX && !str_list_has(&mail->problems, text))
                str_list_add(&mail->problems, text);
}

/* ---- leaves */

static char *type_of(GMimeObject *object)
{
        char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
        char *lower = g_ascii_strdown(type, -1), *valid = charset_to_utf8(lower, strlen(lower), NULL);

        g_free(type);
        g_free(lower);
        if (strlen(valid) > FILENAME_MAX_SIZE)
                valid[0] = 0;
        return valid;
}

static char *filename_of(GMimeObject *object)
{
        char *name = header_parameter(object, "Content-Disposition", "filename");

        if (!name)
                name = header_parameter(object, "Content-Type", "name");
        if (!name)
                return xstrdup("");
        if (strlen(name) > FILENAME_MAX_SIZE) { /* keeps the end, where the kind of file is told */
                size_t from = strlen(name) - FILENAME_MAX_SIZE;

                while (((unsigned char)name[from] & 0xC0) == 0x80)
                        from++;
                memmove(name, name + from, strlen(name + from) + 1);
        }
        return name;
}

static GByteArray *content_of(GMimeObject *leaf)
{
        GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(leaf));
        GMimeStream *stream = g_mime_stream_mem_new();
        GByteArray *bytes = g_byte_array_new();

        g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
        g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), bytes);
        if (content)
                g_mime_data_wrapper_write_to_stream(content, stream);
        g_object_unref(stream);
        return bytes;
}

static int64_t size_of(GMimeObject *leaf)
{
        GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(leaf));
        GMimeStream *stream = g_mime_stream_null_new();
        int64_t size = 0;

        if (content)
                size = g_mime_data_wrapper_write_to_stream(content, stream);
        g_object_unref(stream);
        return size < 0 ? 0 : size;
}

static char *charset_of(GMimeObject *leaf, bool html, const GByteArray *bytes)
{
        const char *label = g_mime_object_get_content_type_parameter(leaf, "charset");

        if (label)
                return xstrdup(label);
        return html ? html_charset((const char *)bytes->data, bytes->len) : NULL;
}

static char *text_of(GMimeObject *leaf, bool html, struct mail *mail)
{
        GByteArray *bytes = content_of(leaf);
        CLEANUP_FREE char *charset = charset_of(leaf, html, bytes);
        size_t size = bytes->len < LIMIT_DOC_TEXT ? bytes->len : LIMIT_DOC_TEXT;
        char *text = charset_to_utf8(bytes->data ? (const char *)bytes->data : "", size, charset);

        if (size < bytes->len && mail)
                problem(mail, "a text that is too long to be read whole");
        g_byte_array_free(bytes, TRUE);
        return text;
}

static bool parameter_is(GMimeObject *leaf, const char *name, const char *value)
{
        return str_equal_nocase(g_mime_object_get_content_type_parameter(leaf, name), value);
}

static void add_body(struct mime_mail *mail, GMimeObject *leaf, char *text, bool html)
{
        if (mail->body_count == MIME_BODIES) {
                problem(&mail->mail, "more texts in one mail than are read");
                free(text);
                return;
        }
        mail->bodies[mail->body_count++] = (struct mime_body){ .text = text,
                .html = html,
                .flowed = leaf && !html && parameter_is(leaf, "format", "flowed"),
                .delsp = leaf && !html && parameter_is(leaf, "delsp", "yes") };
        bounce_text(text, &mail->mail);
}

static bool is_picture(GMimeObject *leaf, const char *type, const struct place *place, int64_t size)
{
        if (!str_starts(type, "image/"))
                return false;
        return !(place->related && g_mime_object_get_content_id(leaf) && size < LOGO_MAX);
}

static void add_part(
    struct walk *w, GMimeObject *leaf, int index, const struct place *place, char *type, char *filename)
{
        struct mail *mail = &w->mail->mail;
        int64_t size = size_of(leaf);
        struct mail_part part = { .index = index,
                .type = type,
                .filename = filename,
                .size = size,
                .document = detect_is_document(type, filename),
                .picture = is_picture(leaf, type, place, size) || detect_is_picture_name(type, filename) };

        if (mail->part_count == LIMIT_PARTS) {
                problem(mail, "more parts in one mail than are looked at");
                free(type);
                free(filename);
                return;
        }
        mail->parts = xreallocarray(mail->parts, mail->part_count + 1, sizeof *mail->parts);
        mail->parts[mail->part_count++] = part;
}

static void take(struct walk *w, GMimeObject *leaf)
{
        GByteArray *bytes = content_of(leaf);

        w->taken->type = type_of(leaf);
        w->taken->filename = filename_of(leaf);
        w->taken->charset = xstrdup(g_mime_object_get_content_type_parameter(leaf, "charset"));
        w->taken->bytes = (struct buf)BUF_INIT((size_t)bytes->len + 1);
        buf_add(&w->taken->bytes, bytes->data ? (const char *)bytes->data : "", bytes->len);
        g_byte_array_free(bytes, TRUE);
}

/* A text to read at once, not a file that happens to hold text. */
static bool is_body(
    struct walk *w, GMimeObject *leaf, bool html, const struct place *place, const char *filename)
{
        const char *disposition = g_mime_object_get_disposition(leaf);

        if (place->attached || place->report || str_equal_nocase(disposition, "attachment"))
                return false;
        if (*filename && w->mail->body_count)
                return false;
        return !html || GMIME_IS_TEXT_PART(leaf);
}

static bool is_dropped(const struct place *place, bool html)
{
        return place->choice == (html ? CHOICE_PLAIN : CHOICE_HTML);
}

static void leaf_node(struct walk *w, GMimeObject *leaf, const struct place *place)
{
        int index = w->next++;
        char *type, *filename;
        bool html;

        if (!w->mail) {
                if (index == w->wanted)
                        take(w, leaf);
                return;
        }
        type = type_of(leaf);
        filename = filename_of(leaf);
        html = str_equal(type, "text/html") || str_equal(type, "application/xhtml+xml");
        if (bounce_is_status(type) || bounce_is_headers(type)) {
                CLEANUP_FREE char *text = text_of(leaf, false, &w->mail->mail);

                bounce_part(type, text, &w->mail->mail);
        } else if (place->returned) {
                /* Nothing in it is addressed to us. */
        } else if ((html || GMIME_IS_TEXT_PART(leaf)) && is_body(w, leaf, html, place, filename) &&
                   !str_starts(type, "text/calendar") && !str_starts(type, "text/x-vcard") &&
                   !str_starts(type, "text/vcard")) {
                if (!is_dropped(place, html))
                        add_body(w->mail, leaf, text_of(leaf, html, &w->mail->mail), html);
        } else {
                add_part(w, leaf, index, place, type, filename);
                return;
        }
        free(type);
        free(filename);
}

/* ---- the tree */

static void walk_node(struct walk *w, GMimeObject *object, struct place place);

/* The first text of that kind in an alternative, to choose by; NULL when there is none. */
static GMimeObject *find_text(GMimeObject *object, const char *subtype, int depth)
{
        GMimeContentType *type = g_mime_object_get_content_type(object);

        if (GMIME_IS_MULTIPART(object) && depth < 32) {
                GMimeObject *found = NULL;
                int count = g_mime_multipart_get_count(GMIME_MULTIPART(object));

                for (int i = 0; i < count && !found; i++)
                        found = find_text(
                            g_mime_multipart_get_part(GMIME_MULTIPART(object), i), subtype, depth + 1);
                return found;
        }
        return GMIME_IS_PART(object) && g_mime_content_type_is_type(type, "text", subtype) ? object : NULL;
}

/* Read once: the HTML where it can say more than the plain text, else the plain text. */
static enum choice choose(GMimeObject *alternative)
{
        GMimeObject *plain = find_text(alternative, "plain", 0), *html = find_text(alternative, "html", 0);
        bool more, empty;

        if (!plain || !html)
                return CHOICE_ANY;
        CLEANUP_FREE char *plain_text = text_of(plain, false, NULL);
        CLEANUP_FREE char *html_text = text_of(html, true, NULL);
        more = html_says_more(html_text);
        empty = str_is_empty(plain_text);
        return more || empty ? CHOICE_HTML : CHOICE_PLAIN;
}

static void multipart_node(struct walk *w, GMimeObject *object, struct place place)
{
        GMimeMultipart *multipart = GMIME_MULTIPART(object);
        GMimeContentType *type = g_mime_object_get_content_type(object);
        int count = g_mime_multipart_get_count(multipart);
        const char *prologue = g_mime_multipart_get_prologue(multipart);

        if (w->mail && g_mime_content_type_is_type(type, "multipart", "encrypted"))
                problem(&w->mail->mail, "the mail is encrypted");
        if (w->mail && !count && prologue && !place.returned && !str_is_empty(prologue))
                add_body(w->mail, NULL, charset_to_utf8(prologue, strlen(prologue), NULL), false);
        if (w->mail && place.choice == CHOICE_ANY &&
            g_mime_content_type_is_type(type, "multipart", "alternative"))
                place.choice = choose(object);
        place.related |= g_mime_content_type_is_type(type, "multipart", "related");
        for (int i = 0; i < count; i++) {
                struct place below = place;

                below.report |= i > 0 && g_mime_content_type_is_type(type, "multipart", "report");
                walk_node(w, g_mime_multipart_get_part(multipart, i), below);
        }
}

static void message_node(struct walk *w, GMimeObject *object, struct place place)
{
        GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));

        if (!message)
                return;
        if (w->mail)
                bounce_message(message, &w->mail->mail);
        place.returned |= place.report;
        place.attached = true;
        place.choice = CHOICE_ANY;
        if (g_mime_message_get_mime_part(message))
                walk_node(w, g_mime_message_get_mime_part(message), place);
}

static void walk_node(struct walk *w, GMimeObject *object, struct place place)
{
        if (GMIME_IS_MULTIPART(object))
                multipart_node(w, object, place);
        else if (GMIME_IS_MESSAGE_PART(object))
                message_node(w, object, place);
        else if (GMIME_IS_PART(object))
                leaf_node(w, object, &place);
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
                problem(mail, text);
        }
        if (scan->many) {
                snprintf(text, sizeof text, "more than %d parts", bounds->mime_parts);
                problem(mail, text);
        }
        if (scan->header_large) {
                snprintf(text, sizeof text, "a header of more than %d KB", bounds->header_kb);
                problem(mail, text);
        }
        if (scan->tangled)
                problem(mail, "an address header that is too tangled to read");
}

static void type_facts(GMimeMessage *message, struct mail *mail)
{
        GMimeObject *top = g_mime_message_get_mime_part(message);
        const char *report = top ? g_mime_object_get_content_type_parameter(top, "report-type") : NULL;
        const char *smime = top ? g_mime_object_get_content_type_parameter(top, "smime-type") : NULL;

        mail->content_type = top ? type_of(top) : xstrdup("text/plain");
        mail->report_type = charset_to_utf8(report ? report : "", report ? strlen(report) : 0, NULL);
        if (str_starts(mail->content_type, "application/pkcs7-mime") ||
            str_starts(mail->content_type, "application/x-pkcs7-mime"))
                problem(mail, str_equal_nocase(smime, "signed-data") ? "the mail is wrapped in its signature"
                                                                     : "the mail is encrypted");
}

static bool beyond(const struct prescan *scan)
{
        return scan->deep || scan->many || scan->header_large || scan->tangled;
}

/* Beyond a bound only the mail's own header is parsed, and *ret_whole is false. */
static GMimeMessage *parse_bounded(
    const char *bytes, size_t size, const struct bounds *bounds, struct mail *mail, bool *ret_whole)
{
        struct prescan scan;
        struct buf header = BUF_INIT((size_t)bounds->header_kb * 1024 + 16);
        GMimeMessage *message;

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

static void no_mail(struct mail *mail)
{
        problem(mail, "not a mail");
        mail->subject = xstrdup("");
        mail->from_name = xstrdup("");
        mail->content_type = xstrdup("");
        mail->report_type = xstrdup("");
}

static void walk_message(struct walk *w, GMimeMessage *message)
{
        GMimeObject *top = g_mime_message_get_mime_part(message);

        if (top)
                walk_node(w, top, (struct place){ 0 });
}

void mime_read(const char *bytes, size_t size, const struct bounds *bounds, struct mime_mail *ret_mail)
{
        struct walk w = { .bounds = bounds, .wanted = -1, .mail = ret_mail };
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
                walk_message(&w, message);
        bounce_headers(mail);
        g_object_unref(message);
}

void mime_free(struct mime_mail *mail)
{
        for (size_t i = 0; i < mail->body_count; i++)
                free(mail->bodies[i].text);
        mail->body_count = 0;
        mail_free(&mail->mail);
}

int mime_take_part(const char *bytes, size_t size, const struct bounds *bounds, int index,
    struct mime_part *ret_part, struct err *err)
{
        struct mime_part part = { 0 };
        struct walk w = { .bounds = bounds, .wanted = index, .taken = &part };
        bool whole;
        GMimeMessage *message = parse_bounded(bytes, size, bounds, NULL, &whole);

        if (message && whole)
                walk_message(&w, message);
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
