/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mail's facts as JSON. Whatever a stranger wrote, the whole stays well below LIMIT_RECORD: each list has a
 * budget in bytes, and what decides about robots and lists has its own, so that ballast cannot crowd it out.
 */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/address.h"
#include "core/mail.h"
#include "core/pick.h"
#include "core/record.h"

enum {
        NAME_MAX_SIZE = 255,
        HEADER_NAME_MAX = 100,
        HOST_MAX = 128,
        INNER_MAX = 40,
        PROBLEM_MAX = 200,
        PROBLEMS = 20,
        RECEIVED_MAX = 1000000,
        BUDGET_DECISIVE = 16 * 1024,
        BUDGET_HEADERS = 16 * 1024,
        BUDGET_REFERENCES = 16 * 1024,
        BUDGET_RECIPIENTS = 8 * 1024,
        BUDGET_PARTS = 16 * 1024,
        BUDGET_RETURNED = 8 * 1024,
};
static const int64_t size_max = (int64_t)1 << 40;

static size_t received_kept(const struct mail *mail)
{
        return mail->received_count < LIMIT_REFERENCES ? mail->received_count : LIMIT_REFERENCES;
}

/* Headers that the decision table asks for. */
static bool is_decisive(const char *name)
{
        static const char *const starts[] = { "auto", "x-auto", "list-", "precedence", "x-precedence",
                "authentication-results", "sender", "x-apple-action", "x-zapisy-", "x-failed-recipients",
                "x-loop", "x-list", "x-mailing-list", "mailing-list", "x-mailman", "x-beenthere",
                "x-ms-exchange-generated", "x-vacation", "x-fc-machine", "feedback-id", "delivered-to" };

        for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
                if (str_starts(name, starts[i]))
                        return true;
        return false;
}

static json_t *headers_json(const struct mail *mail)
{
        json_t *array = json_array();
        size_t budgets[2] = { BUDGET_HEADERS, BUDGET_DECISIVE };

        for (size_t i = 0; i < mail->header_count && json_array_size(array) < LIMIT_HEADERS; i++) {
                const struct mail_header *h = &mail->headers[i];
                size_t *budget = &budgets[is_decisive(h->name)];
                size_t size = strlen(h->name) + strnlen(h->value, LIMIT_HEADER_VALUE) + 8;
                json_t *pair;

                if (size > *budget || strlen(h->name) > HEADER_NAME_MAX)
                        continue;
                *budget -= size;
                pair = json_array();
                json_array_append_new(pair, put_cut(h->name, HEADER_NAME_MAX));
                json_array_append_new(pair, put_cut(h->value, LIMIT_HEADER_VALUE));
                json_array_append_new(array, pair);
        }
        return array;
}

static json_t *received_json(const struct mail *mail)
{
        json_t *array = json_array();

        for (size_t i = 0; i < received_kept(mail); i++) {
                json_t *line = json_object();

                put_text(line, "by", mail->received[i].by, HOST_MAX);
                put_instant(line, "when", mail->received[i].when);
                json_array_append_new(array, line);
        }
        return array;
}

static json_t *part_json(const struct mail_part *p)
{
        json_t *part = json_object();

        json_object_set_new(part, "index", json_integer(p->index));
        put_text(part, "type", p->type, NAME_MAX_SIZE);
        put_text(part, "filename", p->filename, NAME_MAX_SIZE);
        json_object_set_new(part, "size", json_integer(p->size));
        json_object_set_new(part, "document", json_boolean(p->document));
        json_object_set_new(part, "picture", json_boolean(p->picture));
        json_object_set_new(part, "words", json_boolean(p->words));
        put_text(part, "inner", p->inner ? p->inner : "", INNER_MAX);
        return part;
}

json_t *record_parts(const struct mail *mail)
{
        json_t *array = json_array();
        size_t budget = BUDGET_PARTS;

        for (size_t i = 0; i < mail->part_count && i < LIMIT_PARTS; i++) {
                const struct mail_part *p = &mail->parts[i];
                size_t size = strnlen(p->type, NAME_MAX_SIZE) + strnlen(p->filename, NAME_MAX_SIZE) + 110;

                if (size > budget)
                        break;
                budget -= size;
                json_array_append_new(array, part_json(p));
        }
        return array;
}

static const char *sound(const char *address)
{
        return address_is_valid(address) ? address : NULL;
}

static json_t *forwards_json(const struct mail *mail)
{
        json_t *array = json_array();

        for (size_t i = 0; i < mail->forward_count; i++) {
                const struct mail_forward *f = &mail->forwards[i];
                json_t *forward = json_object();

                put_text(forward, "from", sound(f->from), LIMIT_ADDRESS);
                put_text(forward, "from_name", f->from_name, NAME_MAX_SIZE);
                put_text(forward, "subject", f->subject, LIMIT_SUBJECT);
                put_instant(forward, "date", f->date);
                json_array_append_new(array, forward);
        }
        return array;
}

/* An address or id that is cut would be another one: too long is as good as absent. */
static const char *whole(const char *text, size_t max)
{
        return text && strlen(text) <= max ? text : NULL;
}

static void put_recipients(json_t *json, const struct str_list *recipients)
{
        struct str_list good = { 0 };

        for (size_t i = 0; i < recipients->count && good.count < LIMIT_REFERENCES; i++)
                if (address_is_valid(recipients->items[i]))
                        str_list_add(&good, recipients->items[i]);
        put_list(json, "recipients", &good, LIMIT_REFERENCES, LIMIT_ADDRESS, BUDGET_RECIPIENTS);
        str_list_free(&good);
}

static const char *or_empty(const char *text)
{
        return text ? text : "";
}

json_t *record_mail(const struct mail *mail)
{
        json_t *json = json_object();

        put_text(json, "message_id", whole(mail->message_id, LIMIT_MESSAGE_ID), LIMIT_MESSAGE_ID);
        put_instant(json, "date", mail->date);
        put_text(json, "subject", or_empty(mail->subject), LIMIT_SUBJECT);
        put_text(json, "from", sound(mail->from), LIMIT_ADDRESS);
        put_text(json, "from_name", or_empty(mail->from_name), NAME_MAX_SIZE);
        json_object_set_new(json, "from_count",
            json_integer(mail->from_count < RECEIVED_MAX ? (json_int_t)mail->from_count : RECEIVED_MAX));
        put_text(json, "reply_to", sound(mail->reply_to), LIMIT_ADDRESS);
        put_text(json, "return_path", mail->return_path, LIMIT_ADDRESS);
        put_recipients(json, &mail->recipients);
        put_list(
            json, "references", &mail->references, LIMIT_REFERENCES, LIMIT_MESSAGE_ID, BUDGET_REFERENCES);
        json_object_set_new(json, "headers", headers_json(mail));
        json_object_set_new(json, "received", received_json(mail));
        json_object_set_new(json, "received_count",
            json_integer(
                mail->received_count < RECEIVED_MAX ? (json_int_t)mail->received_count : RECEIVED_MAX));
        put_text(json, "content_type", or_empty(mail->content_type), NAME_MAX_SIZE);
        put_text(json, "report_type", or_empty(mail->report_type), NAME_MAX_SIZE);
        json_object_set_new(json, "parts", record_parts(mail));
        json_object_set_new(json, "forwards", forwards_json(mail));
        put_text(json, "text", or_empty(mail->text), LIMIT_OWN_TEXT);
        json_object_set_new(json, "has_quote", json_boolean(mail->has_quote));
        put_text(json, "head", mail->head, LIMIT_HEAD);
        put_list(
            json, "returned_ids", &mail->returned_ids, LIMIT_REFERENCES, LIMIT_MESSAGE_ID, BUDGET_RETURNED);
        put_text(json, "returned_recipient", mail->returned_recipient, LIMIT_ADDRESS);
        put_text(json, "returned_status", mail->returned_status, NAME_MAX_SIZE);
        put_text(json, "returned_action", mail->returned_action, NAME_MAX_SIZE);
        put_text(json, "returned_diagnostic", mail->returned_diagnostic, LIMIT_DIAGNOSTIC);
        put_list(json, "problems", &mail->problems, PROBLEMS, PROBLEM_MAX, PROBLEMS * PROBLEM_MAX);
        return json;
}

/* ---- */

static void take_headers(struct pick *pick, struct mail *mail)
{
        const json_t *array = pick_array(pick, "headers", LIMIT_HEADERS), *pair;
        size_t i;

        mail->headers = xcalloc(json_array_size(array) + 1, sizeof *mail->headers);
        json_array_foreach(array, i, pair)
        {
                struct mail_header *h = &mail->headers[i];

                mail->header_count = i + 1;
                if (json_array_size(pair) != 2)
                        pick_fail(pick, "headers");
                h->name = pick_item(pick, json_array_get(pair, 0), "headers", HEADER_NAME_MAX);
                h->value = pick_item(pick, json_array_get(pair, 1), "headers", LIMIT_HEADER_VALUE);
        }
}

static void take_received(struct pick *pick, struct mail *mail)
{
        const json_t *array = pick_array(pick, "received", LIMIT_REFERENCES), *line;
        size_t i, kept = json_array_size(array);

        mail->received = xcalloc(LIMIT_REFERENCES, sizeof *mail->received);
        mail->received_count = (size_t)pick_integer(pick, "received_count", 0, RECEIVED_MAX);
        if (kept != received_kept(mail))
                pick_fail(pick, "received_count");
        json_array_foreach(array, i, line)
        {
                struct pick below = pick_below(pick, line);

                mail->received[i].by = pick_text(&below, "by", HOST_MAX);
                mail->received[i].when = pick_instant(&below, "when");
                pick_close(pick, &below);
        }
}

static bool is_path(const char *inner)
{
        return inner && strspn(inner, "0123456789.") == strlen(inner);
}

static void take_parts(struct pick *pick, struct mail *mail)
{
        const json_t *array = pick_array(pick, "parts", LIMIT_PARTS), *part;
        size_t i;

        mail->parts = xcalloc(json_array_size(array) + 1, sizeof *mail->parts);
        json_array_foreach(array, i, part)
        {
                struct pick below = pick_below(pick, part);
                struct mail_part *p = &mail->parts[i];

                mail->part_count = i + 1;
                p->index = (int)pick_integer(&below, "index", 0, RECEIVED_MAX);
                p->type = pick_text(&below, "type", NAME_MAX_SIZE);
                p->filename = pick_text(&below, "filename", NAME_MAX_SIZE);
                p->size = pick_integer(&below, "size", 0, size_max);
                p->document = pick_bool(&below, "document");
                p->picture = pick_bool(&below, "picture");
                p->words = pick_bool(&below, "words");
                p->inner = pick_text(&below, "inner", INNER_MAX);
                if (!below.failed && !is_path(p->inner))
                        pick_fail(&below, "inner");
                pick_close(pick, &below);
        }
}

int record_parts_into(const json_t *answer, size_t at, struct mail *mail, struct err *err)
{
        struct pick pick = pick_open(answer, err);
        struct mail inside = { 0 };
        size_t room = LIMIT_PARTS - (mail->part_count < LIMIT_PARTS ? mail->part_count : LIMIT_PARTS), count;

        take_parts(&pick, &inside);
        if (pick.failed) {
                mail_free(&inside);
                return -1;
        }
        count = inside.part_count < room ? inside.part_count : room;
        mail->parts = xreallocarray(mail->parts, mail->part_count + count + 1, sizeof *mail->parts);
        memmove(mail->parts + at + count, mail->parts + at, (mail->part_count - at) * sizeof *mail->parts);
        memcpy(mail->parts + at, inside.parts, count * sizeof *mail->parts);
        mail->part_count += count;
        memset(inside.parts, 0, count * sizeof *inside.parts); /* they have moved */
        mail_free(&inside);
        return 0;
}

/* An address that is used to write to must be one. */
static char *take_address(struct pick *pick, const char *key)
{
        char *address = pick_text_or_null(pick, key, LIMIT_ADDRESS);

        if (address && !address_is_valid(address))
                pick_fail(pick, key);
        return address;
}

static void take_forwards(struct pick *pick, struct mail *mail)
{
        const json_t *array = pick_array(pick, "forwards", MAIL_FORWARDS), *forward;
        size_t i;

        json_array_foreach(array, i, forward)
        {
                struct pick below = pick_below(pick, forward);
                struct mail_forward *f = &mail->forwards[i];

                mail->forward_count = i + 1;
                f->from = take_address(&below, "from");
                f->from_name = pick_text(&below, "from_name", NAME_MAX_SIZE);
                f->subject = pick_text(&below, "subject", LIMIT_SUBJECT);
                f->date = pick_instant(&below, "date");
                pick_close(pick, &below);
        }
}

static void take_recipients(struct pick *pick, struct mail *mail)
{
        pick_list(pick, "recipients", LIMIT_REFERENCES, LIMIT_ADDRESS, &mail->recipients);
        for (size_t i = 0; i < mail->recipients.count; i++)
                if (!address_is_valid(mail->recipients.items[i]))
                        pick_fail(pick, "recipients");
}

int record_mail_from_json(const json_t *json, struct mail *ret_mail, struct err *err)
{
        struct pick pick = pick_open(json, err);
        struct mail mail = { 0 };

        mail.message_id = pick_text_or_null(&pick, "message_id", LIMIT_MESSAGE_ID);
        mail.date = pick_instant(&pick, "date");
        mail.subject = pick_text(&pick, "subject", LIMIT_SUBJECT);
        mail.from = take_address(&pick, "from");
        mail.from_name = pick_text(&pick, "from_name", NAME_MAX_SIZE);
        mail.from_count = (size_t)pick_integer(&pick, "from_count", 0, RECEIVED_MAX);
        mail.reply_to = take_address(&pick, "reply_to");
        mail.return_path = pick_text_or_null(&pick, "return_path", LIMIT_ADDRESS);
        take_recipients(&pick, &mail);
        pick_list(&pick, "references", LIMIT_REFERENCES, LIMIT_MESSAGE_ID, &mail.references);
        take_headers(&pick, &mail);
        take_received(&pick, &mail);
        mail.content_type = pick_text(&pick, "content_type", NAME_MAX_SIZE);
        mail.report_type = pick_text(&pick, "report_type", NAME_MAX_SIZE);
        take_parts(&pick, &mail);
        take_forwards(&pick, &mail);
        mail.text = pick_text(&pick, "text", LIMIT_OWN_TEXT);
        mail.has_quote = pick_bool(&pick, "has_quote");
        mail.head = pick_text_if_there(&pick, "head", LIMIT_HEAD);
        pick_list(&pick, "returned_ids", LIMIT_REFERENCES, LIMIT_MESSAGE_ID, &mail.returned_ids);
        mail.returned_recipient = pick_text_or_null(&pick, "returned_recipient", LIMIT_ADDRESS);
        mail.returned_status = pick_text_or_null(&pick, "returned_status", NAME_MAX_SIZE);
        mail.returned_action = pick_text_if_there(&pick, "returned_action", NAME_MAX_SIZE);
        mail.returned_diagnostic = pick_text_if_there(&pick, "returned_diagnostic", LIMIT_DIAGNOSTIC);
        pick_list(&pick, "problems", PROBLEMS, PROBLEM_MAX, &mail.problems);
        if (pick.failed) {
                mail_free(&mail);
                return -1;
        }
        *ret_mail = mail;
        return 0;
}
