/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "read/armour.h"
#include "read/bounce.h"
#include "read/bounds.h"
#include "read/charset.h"
#include "read/detect.h"
#include "read/enriched.h"
#include "read/header.h"
#include "read/inner.h"
#include "read/leaf.h"
#include "read/mime.h"
#include "read/uu.h"
#include "read/words.h"
#include "read/wrap.h"

enum {
        LOGO_MAX = 64 * 1024, /* a picture inside HTML is a scan only when it is larger */
        UNWRAPS_MAX = 10,     /* of one mail */
        PLAIN_SHORT = 200,    /* letters: a plain text that says so much less than the HTML is none */
        CHOICE_DEPTH = 32,
};

/* Which of the texts of a multipart/alternative is read. */
enum choice { CHOICE_ANY, CHOICE_PLAIN, CHOICE_HTML };

struct place {
        enum choice choice;
        bool related;  /* in multipart/related */
        bool report;   /* in multipart/report, behind its first part */
        bool returned; /* in a returned mail, or one of a machine: nothing in it counts */
        bool attached; /* in a mail that is attached */
};

struct walk {
        const struct bounds *bounds;
        bool bounce;             /* a mail inside it came back */
        int next;                /* number of the next leaf */
        int unwraps;             /* done so far */
        int wanted;              /* of the leaf to take, or -1 */
        struct mime_part *taken; /* filled when found */
        struct mime_mail *mail;  /* NULL when a leaf is wanted */
};

/* A leaf and what is known of it. */
struct leaf {
        GMimeObject *object;
        int index;
        char *type, *filename;
        bool html;
        bool text; /* words of a mail, in whatever clothes: no file */
};

static void walk_node(struct walk *w, GMimeObject *object, struct place place);
static void attached_message(struct walk *w, GMimeMessage *message, struct place place);

static void problem(struct walk *w, const char *text)
{
        if (w->mail)
                mime_problem(&w->mail->mail, text);
}

/* ---- what a leaf becomes */

static char *text_of(struct walk *w, const struct leaf *leaf)
{
        bool cut;
        char *text = leaf_text(leaf->object, leaf->html, &cut);

        if (cut)
                problem(w, "a text that is too long to be read whole");
        if (str_equal(leaf->type, "text/enriched") || str_equal(leaf->type, "text/richtext"))
                enriched_to_plain(text, str_equal(leaf->type, "text/richtext"));
        return text;
}

static void add_body(struct walk *w, GMimeObject *leaf, char *text, bool html)
{
        struct mime_mail *mail = w->mail;

        if (mail->body_count == MIME_BODIES) {
                problem(w, "more texts in one mail than are read");
                free(text);
                return;
        }
        if (!html)
                armour_clear(text);
        mail->bodies[mail->body_count++] = (struct mime_body){ .text = text,
                .html = html,
                .flowed = leaf && !html && leaf_parameter_is(leaf, "format", "flowed"),
                .delsp = leaf && !html && leaf_parameter_is(leaf, "delsp", "yes") };
        bounce_text(text, &mail->mail);
}

static void add_part(struct walk *w, const struct mail_part *like)
{
        struct mail *mail = &w->mail->mail;
        struct mail_part part = *like;

        if (mail->part_count == LIMIT_PARTS) {
                problem(w, "more parts in one mail than are looked at");
                return;
        }
        part.type = xstrdup(like->type);
        part.filename = xstrdup(like->filename);
        mail->parts = xreallocarray(mail->parts, mail->part_count + 1, sizeof *mail->parts);
        mail->parts[mail->part_count++] = part;
}

static bool is_picture(const struct leaf *leaf, const struct place *place, int64_t size)
{
        if (!str_starts(leaf->type, "image/"))
                return detect_is_picture_name(leaf->type, leaf->filename);
        return !(place->related && g_mime_object_get_content_id(leaf->object) && size < LOGO_MAX);
}

/* A document sent as "image/jpeg" tells what it is by its first bytes. */
static bool is_document(const struct leaf *leaf)
{
        struct buf head = BUF_INIT(16);
        bool is;

        if (detect_is_document(leaf->type, leaf->filename))
                return true;
        (void)leaf_content(leaf->object, &head);
        is = detect_is_document_head(buf_text(&head), head.size);
        buf_free(&head);
        return is;
}

static void leaf_part(struct walk *w, const struct leaf *leaf, const struct place *place)
{
        struct mail_part part = { .index = leaf->index,
                .type = leaf->type,
                .filename = leaf->filename,
                .size = leaf_size(leaf->object),
                .words = place->attached && leaf->text };

        part.document = part.words || is_document(leaf);
        part.picture = !part.words && is_picture(leaf, place, part.size);
        if (str_equal(leaf->type, "message/partial"))
                problem(w, "a piece of a mail that was sent in pieces (message/partial)");
        if (str_equal(leaf->type, "message/external-body"))
                problem(w, "a part that is not in the mail but somewhere else (message/external-body)");
        add_part(w, &part);
}

static void take(struct walk *w, const struct leaf *leaf, const struct place *place)
{
        struct mime_part *part = w->taken;

        part->type = xstrdup(leaf->type);
        part->filename = xstrdup(leaf->filename);
        part->charset = leaf_charset(leaf->object);
        part->words = place->attached && leaf->text;
        part->html = leaf->html;
        part->flowed = leaf_parameter_is(leaf->object, "format", "flowed");
        part->delsp = leaf_parameter_is(leaf->object, "delsp", "yes");
        part->bytes = (struct buf)BUF_INIT((size_t)w->bounds->message_mb * 1024 * 1024 + 1);
        (void)leaf_content(leaf->object, &part->bytes);
}

/* ---- files inside a text */

static void uu_part(struct walk *w, struct uu_file *file)
{
        int index = w->next++;

        if (w->mail) {
                const struct mail_part part = { .index = index,
                        .type = (char *)(uintptr_t) "application/octet-stream",
                        .filename = file->name,
                        .size = (int64_t)file->bytes.size,
                        .document = detect_is_document("application/octet-stream", file->name),
                        .picture = detect_is_picture_name("application/octet-stream", file->name) };

                add_part(w, &part);
        } else if (index == w->wanted) {
                *w->taken = (struct mime_part){ .bytes = file->bytes,
                        .filename = file->name,
                        .type = xstrdup("application/octet-stream") };
                file->bytes = (struct buf)BUF_INIT(1);
                file->name = NULL;
        }
}

/* Plain text with what is uuencoded in it cut out, as parts of their own. */
static char *without_files(struct walk *w, const struct leaf *leaf, bool count)
{
        struct uu_files files;
        char *text = text_of(w, leaf);

        uu_cut(text, (size_t)w->bounds->document_mb * 1024 * 1024 + 2, &files);
        for (size_t i = 0; count && i < files.count; i++)
                uu_part(w, &files.items[i]);
        uu_free(&files);
        return text;
}

/* ---- texts */

/* text/... that is not words written to somebody. */
static bool is_data_text(const char *type)
{
        static const char *const starts[] = { "text/calendar", "text/x-vcard", "text/vcard", "text/directory",
                "text/csv", "text/xml", "text/rtf", "text/css", "text/javascript", "text/x-amp-html",
                "text/watch-html", "text/x-patch", "text/x-diff", NULL };

        for (size_t i = 0; starts[i]; i++)
                if (str_starts(type, starts[i]))
                        return true;
        return false;
}

static bool is_words(const struct leaf *leaf)
{
        if (str_equal_nocase(g_mime_object_get_disposition(leaf->object), "attachment"))
                return false;
        if (leaf->html || str_equal(leaf->type, "application/pgp"))
                return true;
        return GMIME_IS_TEXT_PART(leaf->object) && !is_data_text(leaf->type);
}

static void pgp_part(struct walk *w, const struct leaf *leaf)
{
        const struct mail_part part = { .index = leaf->index,
                .type = (char *)(uintptr_t) "application/pgp-encrypted",
                .filename = leaf->filename,
                .size = leaf_size(leaf->object),
                .document = true };

        problem(w, "the mail is encrypted");
        add_part(w, &part);
}

/* The mail's own words, or those of a mail that is attached. */
static void text_leaf(struct walk *w, const struct leaf *leaf, const struct place *place)
{
        bool dropped = place->choice == (leaf->html ? CHOICE_PLAIN : CHOICE_HTML);
        bool own = w->mail && !place->attached && !place->returned && !place->report && !dropped &&
                   !(*leaf->filename && w->mail->body_count);
        char *text;

        /* A text in two forms says everything twice: files are counted in the one that is always read. */
        if (leaf->html) {
                if (own)
                        add_body(w, leaf->object, text_of(w, leaf), true);
                else if (w->mail && !dropped && !place->returned)
                        leaf_part(w, leaf, place);
                return;
        }
        text = without_files(w, leaf, !place->returned);
        if (own && armour_is_encrypted(text))
                pgp_part(w, leaf);
        if (own) {
                add_body(w, leaf->object, text, false);
                return;
        }
        free(text);
        if (w->mail && !dropped && !place->returned)
                leaf_part(w, leaf, place);
}

/* ---- wrapped parts */

/* Walks and lets go what was parsed; false for NULL. */
static bool inside(struct walk *w, void *parsed, const struct place *place)
{
        if (!parsed)
                return false;
        if (GMIME_IS_MESSAGE(parsed))
                attached_message(w, parsed, *place);
        else
                walk_node(w, parsed, *place);
        g_object_unref(parsed);
        return true;
}

/* Whether the leaf was one, and what is in it has been walked. */
static bool unwrap(struct walk *w, const struct leaf *leaf, const struct place *place)
{
        struct buf bytes = BUF_INIT((size_t)w->bounds->message_mb * 1024 * 1024 + 1),
                   inner = BUF_INIT(bytes.max);
        enum wrap_kind kind = WRAP_NONE;
        bool done = false;

        if (!wrap_is_candidate(leaf->type, leaf->filename) || w->unwraps >= UNWRAPS_MAX)
                return false;
        w->unwraps++;
        if (leaf_content(leaf->object, &bytes) == 0)
                kind = wrap_kind(leaf->type, leaf->filename, buf_text(&bytes), bytes.size, w->bounds, &inner);
        if (kind == WRAP_SIGNED)
                done = inside(w, wrap_parse_entity(buf_text(&inner), inner.size, w->bounds), place);
        else if (kind == WRAP_MESSAGE)
                done = inside(w, wrap_parse_message(buf_text(&bytes), bytes.size, w->bounds), place);
        else if (kind == WRAP_OUTLOOK)
                done = inside(w, wrap_parse_message(buf_text(&inner), inner.size, w->bounds), place);
        else if (kind == WRAP_ENCRYPTED)
                problem(w, "the mail is encrypted");
        if (!done && kind != WRAP_NONE && kind != WRAP_ENCRYPTED)
                problem(w, "a signed or attached mail that cannot be taken apart");
        buf_free(&bytes);
        buf_free(&inner);
        return done;
}

/* ---- leaves */

static void leaf_known(struct walk *w, const struct leaf *leaf, const struct place *place)
{
        if (w->mail && (bounce_is_status(leaf->type) || bounce_is_headers(leaf->type))) {
                CLEANUP_FREE char *text = text_of(w, leaf);

                if (!place->attached || w->bounce) /* a report that somebody forwards is not one to us */
                        bounce_part(leaf->type, text, &w->mail->mail);
        } else if (unwrap(w, leaf, place)) {
                return;
        } else if (leaf->text) {
                text_leaf(w, leaf, place);
        } else if (w->mail && !place->returned && !str_equal(leaf->type, "application/applefile")) {
                leaf_part(w, leaf, place);
        }
}

static void leaf_node(struct walk *w, GMimeObject *object, const struct place *place)
{
        struct leaf leaf = { .object = object,
                .index = w->next++,
                .type = leaf_type(object),
                .filename = leaf_filename(object) };

        leaf.html = str_equal(leaf.type, "text/html") || str_equal(leaf.type, "application/xhtml+xml");
        leaf.text = is_words(&leaf);
        if (!w->mail && leaf.index == w->wanted)
                take(w, &leaf, place);
        else if (w->next <= w->bounds->mime_parts)
                leaf_known(w, &leaf, place);
        free(leaf.type);
        free(leaf.filename);
}

/* ---- the tree */

/* The first text of that kind in an alternative, to choose by; NULL when there is none. */
static GMimeObject *find_text(GMimeObject *object, const char *subtype, int depth)
{
        GMimeContentType *type = g_mime_object_get_content_type(object);

        if (GMIME_IS_MULTIPART(object) && depth < CHOICE_DEPTH) {
                GMimeObject *found = NULL;
                int count = g_mime_multipart_get_count(GMIME_MULTIPART(object));

                for (int i = 0; i < count && !found; i++)
                        found = find_text(
                            g_mime_multipart_get_part(GMIME_MULTIPART(object), i), subtype, depth + 1);
                return found;
        }
        return GMIME_IS_PART(object) && g_mime_content_type_is_type(type, "text", subtype) ? object : NULL;
}

/* "This is an HTML mail": a plain text that says next to nothing of what the HTML says. */
static bool is_excuse(const char *plain, const char *html)
{
        size_t letters = strlen(plain), more = html_text_size(html);

        return letters < PLAIN_SHORT && more > 2 * letters + PLAIN_SHORT;
}

/* Read once: the HTML where it can say more than the plain text, else the plain text. */
static enum choice choose(GMimeObject *alternative)
{
        GMimeObject *plain = find_text(alternative, "plain", 0), *html = find_text(alternative, "html", 0);
        bool cut;

        if (!plain)
                plain = find_text(alternative, "enriched", 0);
        if (!plain || !html)
                return CHOICE_ANY;
        CLEANUP_FREE char *plain_text = leaf_text(plain, false, &cut);
        CLEANUP_FREE char *html_text = leaf_text(html, true, &cut);
        if (html_says_more(html_text) || str_is_empty(plain_text) || is_excuse(plain_text, html_text))
                return CHOICE_HTML;
        return CHOICE_PLAIN;
}

/* A multipart without children: its boundary is wrong or missing, and all of it is its prologue. */
static void prologue_node(struct walk *w, const char *prologue, const struct place *place)
{
        GMimeObject *object = NULL;

        if (w->unwraps++ < UNWRAPS_MAX)
                object = wrap_parse_unbounded(prologue, w->bounds);
        if (object) {
                walk_node(w, object, *place);
                g_object_unref(object);
        } else if (w->mail && !place->returned) {
                add_body(w, NULL, charset_to_utf8(prologue, strlen(prologue), NULL), false);
        }
}

static void multipart_node(struct walk *w, GMimeObject *object, struct place place)
{
        GMimeMultipart *multipart = GMIME_MULTIPART(object);
        GMimeContentType *type = g_mime_object_get_content_type(object);
        int count = g_mime_multipart_get_count(multipart);
        const char *prologue = g_mime_multipart_get_prologue(multipart);

        if (g_mime_content_type_is_type(type, "multipart", "encrypted"))
                problem(w, "the mail is encrypted");
        if (!count && !str_is_empty(prologue))
                prologue_node(w, prologue, &place);
        if (place.choice == CHOICE_ANY && g_mime_content_type_is_type(type, "multipart", "alternative"))
                place.choice = choose(object);
        place.related |= g_mime_content_type_is_type(type, "multipart", "related");
        for (int i = 0; i < count; i++) {
                struct place below = place;

                below.report |= i > 0 && g_mime_content_type_is_type(type, "multipart", "report");
                walk_node(w, g_mime_multipart_get_part(multipart, i), below);
        }
}

static void attached_message(struct walk *w, GMimeMessage *message, struct place place)
{
        bool counts;

        if (w->mail) {
                bounce_message(message, &w->mail->mail);
                if (!w->mail->returned_to)
                        w->mail->returned_to = header_to(message);
        }
        counts = inner_counts(
            message, place.report || place.returned || w->bounce, w->mail ? &w->mail->mail : NULL);
        place.returned |= place.report || w->bounce || !counts;
        place.attached = true;
        place.choice = CHOICE_ANY;
        if (g_mime_message_get_mime_part(message))
                walk_node(w, g_mime_message_get_mime_part(message), place);
}

static void walk_node(struct walk *w, GMimeObject *object, struct place place)
{
        if (GMIME_IS_MULTIPART(object)) {
                multipart_node(w, object, place);
        } else if (GMIME_IS_MESSAGE_PART(object)) {
                GMimeMessage *message = g_mime_message_part_get_message(GMIME_MESSAGE_PART(object));

                if (message)
                        attached_message(w, message, place);
        } else if (GMIME_IS_PART(object)) {
                leaf_node(w, object, &place);
        }
}

static void walk_message(struct walk *w, GMimeMessage *message)
{
        GMimeObject *top = g_mime_message_get_mime_part(message);

        if (top)
                walk_node(w, top, (struct place){ 0 });
        if (w->next > w->bounds->mime_parts) {
                char text[100];

                snprintf(text, sizeof text, "more than %d parts", w->bounds->mime_parts);
                problem(w, text);
        }
}

void tree_read(GMimeMessage *message, const struct bounds *bounds, bool bounce, struct mime_mail *mail)
{
        struct walk w = { .bounds = bounds, .bounce = bounce, .wanted = -1, .mail = mail };

        walk_message(&w, message);
}

void tree_take(
    GMimeMessage *message, const struct bounds *bounds, bool bounce, int wanted, struct mime_part *ret_part)
{
        struct walk w = { .bounds = bounds, .bounce = bounce, .wanted = wanted, .taken = ret_part };

        walk_message(&w, message);
}
