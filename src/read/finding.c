/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/finding.h"

#include <glib.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/form.h"
#include "core/mail.h"
#include "core/model.h"
#include "core/record.h"
#include "read/bounce.h"
#include "read/charset.h"
#include "read/container.h"
#include "read/detect.h"
#include "read/mime.h"
#include "read/ole.h"
#include "read/readings.h"
#include "read/tnef.h"
#include "read/words.h"
#include "read/xml.h"

enum { NAME_MAX_SIZE = 255 };

static void event_forget(struct finding_event *known)
{
        event_free(&known->event);
        document_free(&known->blank);
        known->has_blank = false;
}

void finding_free(struct finding_context *context)
{
        for (size_t i = 0; i < context->event_count; i++)
                event_forget(&context->events[i]);
        free(context->events);
        *context = (struct finding_context){ .pages = context->pages };
}

int finding_cpu_seconds(const struct finding_context *context)
{
        return context->pages ? context->bounds.ocr_cpu_seconds : context->bounds.reader_cpu_seconds;
}

struct finding_event *finding_find(const struct finding_context *context, const char *id)
{
        for (size_t i = 0; i < context->event_count; i++)
                if (str_equal(context->events[i].event.id, id))
                        return &context->events[i];
        return NULL;
}

int finding_add_event_take(struct finding_context *context, struct event *event)
{
        struct finding_event *known = finding_find(context, event->id);

        if (!known) {
                if (context->event_count >= LIMIT_EVENTS)
                        return -1;
                context->events =
                    xreallocarray(context->events, context->event_count + 1, sizeof *context->events);
                known = &context->events[context->event_count++];
                *known = (struct finding_event){ 0 };
        }
        event_forget(known);
        known->event = *event;
        *event = (struct event){ 0 };
        return 0;
}

void finding_set_blank_take(struct finding_event *event, struct document *blank)
{
        document_free(&event->blank);
        event->blank = *blank;
        event->has_blank = true;
        *blank = (struct document){ 0 };
}

static json_t *list_json(const struct str_list *list)
{
        json_t *json = json_array();

        for (size_t i = 0; i < list->count; i++)
                json_array_append_new(json, json_string(list->items[i]));
        return json;
}

/* ---- messages */

static void read_bodies(struct mime_mail *mail, struct words *words)
{
        words->aside.name = xstrdup("quoted text");
        words->forwarded.name = xstrdup("forwarded mail");
        words->woven.name = xstrdup("between quoted lines");
        words->mail = &mail->mail;
        for (size_t i = 0; i < mail->body_count; i++) {
                const struct mime_body *body = &mail->bodies[i];

                if (body->html)
                        html_read(body->text, words);
                else
                        text_read(body->text, body->flowed, body->delsp, words);
        }
        mail->mail.text = xstrdup(buf_text(&words->text));
        mail->mail.has_quote = words->has_aside;
        mail->mail.head = xstrdup(buf_text(&words->head));
        bounce_finish(&mail->mail, mail->returned_to);
        for (size_t i = 0; i < words->own.problems.count; i++)
                str_list_add(&mail->mail.problems, words->own.problems.items[i]);
}

static json_t *words_models(const struct words *words)
{
        const struct document *docs[] = { &words->own, &words->forwarded, &words->aside };
        json_t *models = json_array();

        for (size_t i = 0; i < sizeof docs / sizeof docs[0]; i++)
                if (!document_is_empty(docs[i]))
                        json_array_append_new(models, model_json(docs[i]));
        return models;
}

json_t *finding_message(
    const struct finding_context *context, json_int_t id, unsigned wish, const char *bytes, size_t size)
{
        struct mime_mail mail;
        struct words words = WORDS_INIT;
        json_t *json = json_object();

        mime_read(bytes, size, &context->bounds, &mail);
        read_bodies(&mail, &words);
        json_object_set_new(json, "op", json_string("message"));
        json_object_set_new(json, "id", json_integer(id));
        json_object_set_new(json, "mail", record_mail(&mail.mail));
        json_object_set_new(json, "readings", readings_of_words(context, &words, wish));
        if (wish & FINDING_MODEL)
                json_object_set_new(json, "model", words_models(&words));
        words_free(&words);
        mime_free(&mail);
        return json;
}

/* ---- documents */

/* In base64, to the parent, who sends them on as bytes. */
static json_t *pictures_json(const struct blobs *pictures)
{
        json_t *json = json_array();

        for (size_t i = 0; i < pictures->count; i++) {
                char *text =
                    g_base64_encode((const guchar *)pictures->items[i].bytes, pictures->items[i].size);

                json_array_append_new(json, json_string(text));
                g_free(text);
        }
        return json;
}

static json_t *document_json(json_int_t id, const struct document *doc, json_t *readings)
{
        json_t *json = json_object();

        json_object_set_new(json, "op", json_string("document"));
        json_object_set_new(json, "id", json_integer(id));
        json_object_set_new(json, "readings", readings);
        json_object_set_new(json, "problems", list_json(&doc->problems));
        if (doc->pictures.count)
                json_object_set_new(json, "pictures", pictures_json(&doc->pictures));
        return json;
}

/* The words of an attached mail, read as those of any mail; none of a letter of ours. */
static void read_words(const struct mime_part *part, struct words *words)
{
        struct mail unknown = {
                0
        }; /* its subject is not at hand: only what says that it was forwarded counts */
        CLEANUP_FREE char *declared =
            part->html && !part->charset ? html_charset(buf_text(&part->bytes), part->bytes.size) : NULL;
        size_t size = part->bytes.size < LIMIT_DOC_TEXT ? part->bytes.size : LIMIT_DOC_TEXT;
        CLEANUP_FREE char *text =
            charset_to_utf8(buf_text(&part->bytes), size, part->charset ? part->charset : declared);

        words->own.name = xstrdup("forwarded mail");
        words->aside.name = xstrdup("quoted text");
        words->forwarded.name = xstrdup("forwarded mail");
        words->woven.name = xstrdup("between quoted lines");
        words->mail = &unknown;
        if (part->html)
                html_read(text, words);
        else
                text_read(text, part->flowed, part->delsp, words);
        words->mail = NULL;
        if (readings_is_ours(&words->own) || readings_is_ours(&words->aside)) {
                document_free(&words->own);
                buf_reset(&words->text);
        }
        mail_free(&unknown);
}

static json_t *words_json(
    const struct finding_context *context, json_int_t id, unsigned wish, const struct mime_part *part)
{
        struct words words = WORDS_INIT;
        json_t *json;

        read_words(part, &words);
        json = document_json(id, &words.own, readings_of_words(context, &words, wish));
        if (wish & FINDING_MODEL)
                json_object_set_new(json, "model", words_models(&words));
        words_free(&words);
        return json;
}

/* ---- documents inside a document */

/* What stands in the container, as parts to ask for. */
static json_t *container_json(json_int_t id, int part, const char *path, const struct container *container)
{
        struct document doc = { .problems = container->problems };
        struct mail inside = { 0 };
        json_t *json = document_json(id, &doc, json_array());

        inside.parts = xcalloc(container->count + 1, sizeof *inside.parts);
        for (size_t i = 0; i < container->count; i++) {
                const struct container_entry *entry = &container->items[i];

                inside.parts[inside.part_count++] = (struct mail_part){ .index = part < 0 ? 0 : part,
                        .type = xstrdup("application/octet-stream"),
                        .filename = xstrdup(entry->name),
                        .size = (int64_t)entry->bytes.size,
                        .document =
                            entry->words || detect_is_document("application/octet-stream", entry->name),
                        .picture =
                            !entry->words && detect_is_picture_name("application/octet-stream", entry->name),
                        .words = entry->words,
                        .inner = xasprintf("%s%s%zu", path, *path ? "." : "", i) };
        }
        json_object_set_new(json, "parts", record_parts(&inside));
        mail_free(&inside);
        return json;
}

/* The number at the start of the path, *ret_rest behind it; -1 when there is none. */
static int first_step(const char *path, const char **ret_rest)
{
        size_t digits = strspn(path, "0123456789");
        CLEANUP_FREE char *number = xstrndup(path, digits);
        int64_t step;

        if (!digits || str_to_int(number, 0, 100000, &step) < 0)
                return -1;
        *ret_rest = path[digits] == '.' ? path + digits + 1 : path + digits;
        return (int)step;
}

/* One document, or what is inside it along the path. */
struct inside {
        json_int_t id;
        int part;
        const char *path; /* whole */
        const char *charset;
        unsigned wish;
};

/* For the half that reads pages. */
static json_t *pages_json(json_int_t id, const struct document *doc)
{
        json_t *json = document_json(id, doc, json_array());

        json_object_set_new(json, "pages", json_true());
        return json;
}

static json_t *plain_json(const struct finding_context *context, const struct inside *where,
    const char *bytes, size_t size, const char *name)
{
        struct document doc = { .name = xstrndup(name, NAME_MAX_SIZE) };
        json_t *json;

        if (detect_read(bytes, size, where->charset, &context->bounds, context->pages, &doc))
                json = document_json(where->id, &doc, readings_of_document(context, &doc, where->wish));
        else
                json = pages_json(where->id, &doc);
        if ((where->wish & FINDING_MODEL) && doc.block_count)
                json_object_set_new(json, "model", json_pack("[o]", model_json(&doc)));
        document_free(&doc);
        return json;
}

static json_t *missing_json(json_int_t id, const char *reason)
{
        struct document doc = { 0 };
        json_t *json;

        document_problem(&doc, reason);
        json = document_json(id, &doc, json_array());
        document_free(&doc);
        return json;
}

static json_t *inside_json(const struct finding_context *context, const struct inside *where,
    const char *rest, const char *bytes, size_t size, const char *name, int depth);

static json_t *entry_json(const struct finding_context *context, const struct inside *where, const char *rest,
    const struct container_entry *entry, int depth)
{
        const struct mime_part part = { .bytes = entry->bytes,
                .charset = entry->charset,
                .words = true,
                .html = entry->html,
                .flowed = entry->flowed,
                .delsp = entry->delsp };
        struct inside here = *where;

        here.charset = entry->charset;
        if (entry->words && !*rest)
                return words_json(context, where->id, where->wish, &part);
        return inside_json(
            context, &here, rest, buf_text(&entry->bytes), entry->bytes.size, entry->name, depth);
}

static json_t *inside_json(const struct finding_context *context, const struct inside *where,
    const char *rest, const char *bytes, size_t size, const char *name, int depth)
{
        struct container container;
        json_t *json;
        int step;

        if (!container_open(bytes, size, &context->bounds, &container))
                return *rest ? missing_json(where->id, "no such document inside this one")
                             : plain_json(context, where, bytes, size, name);
        if (!*rest) {
                json = depth < CONTAINER_DEPTH
                           ? container_json(where->id, where->part, where->path, &container)
                           : missing_json(where->id, "too many documents inside each other");
        } else {
                step = first_step(rest, &rest);
                json = step < 0 || (size_t)step >= container.count || depth >= CONTAINER_DEPTH
                           ? missing_json(where->id, "no such document inside this one")
                           : entry_json(context, where, rest, &container.items[step], depth + 1);
        }
        container_free(&container);
        return json;
}

static json_t *part_json(
    const struct finding_context *context, struct inside *where, const char *bytes, size_t size)
{
        struct mime_part part;
        struct err err = { 0 };
        json_t *json;

        if (mime_take_part(bytes, size, &context->bounds, where->part, &part, &err) < 0)
                return missing_json(where->id, err.text);
        where->charset = part.charset;
        json = part.words ? words_json(context, where->id, where->wish, &part)
                          : inside_json(context, where, where->path, buf_text(&part.bytes), part.bytes.size,
                                part.filename, 0);
        mime_part_free(&part);
        return json;
}

json_t *finding_document(const struct finding_context *context, json_int_t id, unsigned wish,
    const char *bytes, size_t size, int part, const char *inner, const char *name)
{
        struct inside where = { id, part, inner, NULL, wish };

        if (part >= 0)
                return part_json(context, &where, bytes, size);
        return inside_json(context, &where, inner, bytes, size, name, 0);
}

json_t *finding_blank(const struct finding_context *context, const struct finding_event *event,
    const char *bytes, size_t size, const char *name)
{
        struct document doc = { .name = xstrndup(name, NAME_MAX_SIZE) };
        json_t *readings = json_array(), *json;

        if (!detect_read(bytes, size, NULL, &context->bounds, context->pages, &doc)) {
                json = pages_json(0, &doc);
                document_free(&doc);
                return json;
        }
        json_array_append_new(readings, readings_of_blank(event, &doc));
        json = document_json(0, &doc, readings);
        json_object_set_new(json, "model", model_json(&doc));
        document_free(&doc);
        return json;
}

json_t *finding_failed(json_int_t id, const char *reason)
{
        json_t *json = json_object();

        json_object_set_new(json, "op", json_string("failed"));
        json_object_set_new(json, "id", json_integer(id));
        json_object_set_new(json, "reason", json_string(reason));
        return json;
}

json_t *finding_look(const struct finding_context *context, const char *bytes, size_t size, const char *name)
{
        json_t *json = json_object();

        if (detect_is_mail(bytes, size)) {
                struct mime_mail mail;
                struct words words = WORDS_INIT;

                mime_read(bytes, size, &context->bounds, &mail);
                read_bodies(&mail, &words);
                json_object_set_new(json, "mail", record_mail(&mail.mail));
                json_object_set_new(json, "own", model_json(&words.own));
                json_object_set_new(json, "aside", model_json(&words.aside));
                words_free(&words);
                mime_free(&mail);
        } else {
                struct document doc = { .name = xstrndup(name, NAME_MAX_SIZE) };

                if (!detect_read(bytes, size, NULL, &context->bounds, context->pages, &doc))
                        document_problem(&doc, "a document of pages, which zapisy-pages reads");
                json_object_set_new(json, "document", model_json(&doc));
                document_free(&doc);
        }
        return json;
}

/* One small mail of each kind through everything: iconv tables, ICU's data, GMime's types and libxml2's
 * tables are then in memory, and shared with the children. */
void finding_preload(void)
{
        static const char mail[] =
            "From: =?iso-8859-2?Q?=B6?= <a@example.org>\r\nDate: Mon, 23 Jan 2012 16:00:00 +0100\r\n"
            "MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
            "Content-Type: text/plain; charset=windows-1250\r\n\r\nImi\xEA: \xAF"
            "bik\r\n--b\r\n"
            "Content-Type: text/html; charset=iso-8859-2\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            "PHRhYmxlPjx0cj48dGQ+xbvDs8WCxIc8L3RkPjwvdHI+PC90YWJsZT4=\r\n--b--\r\n";
        struct finding_context context = { .bounds = bounds_default };
        struct event event = { .id = xstrdup("preload"), .title = xstrdup("\u017Bywio\u0142 Zo\u0301") };

        mime_init();
        xml_preload();
        tnef_preload();
        ole_preload();
        finding_add_event_take(&context, &event);
        json_decref(finding_message(&context, 0, 0, mail, sizeof mail - 1));
        finding_free(&context);
}
