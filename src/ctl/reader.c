/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/reader.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/wire.h"
#include "config/config.h"
#include "core/mail.h"
#include "core/record.h"
#include "ctl/partner.h"
#include "registrar/registrar.h"

static const char program[] = "zapisy-read", pages_program[] = "zapisy-pages";

enum { PATIENCE_MS = 60 * 1000, REASON_MAX = 1000, PROBLEMS_MAX = 50, MODELS_MAX = 32 * 1024 * 1024 };

struct reader {
        const struct config *config;
        struct partner partner, pages; /* pages: for PDF files and pictures, opened when the first comes */
        bool has_pages;
        int next_id;
        const struct reader_place *place; /* of the document asked for */
        json_t *models;                   /* borrowed; where they go, or NULL */
};

static json_t *limits_json(const struct config_limits *l)
{
        const struct {
                const char *key;
                int value;
        } rows[] = {
                { "message_mb", l->message_mb },
                { "mime_depth", l->mime_depth },
                { "mime_parts", l->mime_parts },
                { "header_kb", l->header_kb },
                { "document_mb", l->document_mb },
                { "unpack_ratio", l->unpack_ratio },
                { "archive_entries", l->archive_entries },
                { "ocr_pages", l->ocr_pages },
                { "megapixels", l->megapixels },
                { "reader_cpu_seconds", l->reader_cpu_seconds },
                { "ocr_cpu_seconds", l->ocr_cpu_seconds },
                { "reader_mb", l->reader_mb },
        };
        json_t *json = json_pack("{s:s}", "op", "limits");

        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
                json_object_set_new(json, rows[i].key, json_integer(rows[i].value));
        return json;
}

/* ---- answers */
static int take_reading(struct reader *reader, const json_t *item, struct intake *answer, struct err *err)
{
        const struct config *config = reader->config;
        const char *id;
        struct reading reading;
        bool mentions;
        size_t event = 0;

        if (wire_string(item, "event", LIMIT_FIELD_VALUE, &id, err) < 0 ||
            wire_bool(item, "mentions", &mentions, err) < 0)
                return -1;
        while (event < config->event_count && strcmp(config->events[event].id, id) != 0)
                event++;
        if (event == config->event_count)
                return err_set(err, ERR_INPUT, "%s speaks of an unknown event", program);
        if (record_reading_from_json(
                json_object_get(item, "reading"), &config->events[event].form, &reading, err) < 0)
                return -1;
        intake_add_reading(answer, event, &reading, mentions);
        return 0;
}

static int take_problems(const json_t *json, struct str_list *problems, struct err *err)
{
        const json_t *list = json_object_get(json, "problems"), *item;
        size_t i;

        json_array_foreach(list, i, item)
        {
                const char *text = json_string_value(item);

                if (!text || i >= PROBLEMS_MAX || strlen(text) > REASON_MAX)
                        return err_set(err, ERR_INPUT, "%s sent problems that are none", program);
                if (!str_list_has(problems, text))
                        str_list_add(problems, text);
        }
        return 0;
}

static int take_mail(const json_t *json, struct intake *answer, struct err *err)
{
        struct mail mail;

        if (record_mail_from_json(json, &mail, err) < 0)
                return -1;
        answer->mail = xmemdup(&mail, sizeof mail);
        return 0;
}

/* What an answer is to go into. */
struct sink {
        struct intake *answer;
        struct str_list *problems;
        bool pages; /* it is for zapisy-pages to read */
        int fd;     /* a descriptor that came with it, or -1 */
};

static int take_answer(
    struct reader *reader, const json_t *json, const char *op, int id, struct sink *sink, struct err *err)
{
        const json_t *item;
        json_int_t about;
        const char *reason;
        size_t i;

        if (wire_integer(json, "id", 0, INT32_MAX, &about, err) < 0 || about != id)
                return err_set(err, ERR_INPUT, "%s answers another question", program);
        if (strcmp(wire_op(json), "failed") == 0) {
                if (wire_string(json, "reason", REASON_MAX, &reason, err) < 0)
                        return -1;
                str_list_add(sink->problems, reason);
                return 1;
        }
        if (strcmp(wire_op(json), op) != 0)
                return err_set(err, ERR_INPUT, "%s answers something else", program);
        if (strcmp(op, "message") == 0 && take_mail(json_object_get(json, "mail"), sink->answer, err) < 0)
                return -1;
        json_array_foreach(json_object_get(json, "readings"), i, item)
        {
                if (i >= reader->config->event_count || take_reading(reader, item, sink->answer, err) < 0)
                        return -1;
        }
        if (reader->place && json_object_get(json, "parts") &&
            record_parts_into(json, reader->place->at, reader->place->into, err) < 0)
                return -1;
        sink->pages = json_is_true(json_object_get(json, "pages"));
        return take_problems(json, sink->problems, err);
}

/* The models of what was read, for whoever looks on. */
static int take_models(struct reader *reader, int fd, struct err *err)
{
        struct io_map map;
        json_t *models;

        if (io_map_memfd(fd, MODELS_MAX, &map, err) < 0)
                return -1;
        models = json_loadb(map.data, map.size, JSON_REJECT_DUPLICATES, NULL);
        io_unmap(&map);
        if (!json_is_array(models)) {
                json_decref(models);
                return err_set(err, ERR_INPUT, "%s sent a model that is none", program);
        }
        json_array_extend(reader->models, models);
        json_decref(models);
        return 0;
}

static int ask_half(struct reader *reader, const struct partner *half, json_t *question_take,
    const void *bytes, size_t size, const char *op, struct sink *sink, struct err *err)
{
        const int id = (int)json_integer_value(json_object_get(question_take, "id"));
        struct wire_record record;
        int fd = io_memfd("question", bytes, size, err), result;

        if (fd < 0) {
                json_decref(question_take);
                return -1;
        }
        result = partner_tell(half, question_take, &fd, 1, err);
        close(fd);
        if (result < 0 || partner_hear(half, &record, err) < 0)
                return -1;
        sink->pages = false;
        result = take_answer(reader, record.json, op, id, sink, err);
        sink->fd = wire_take_fd(&record, 0);
        if (result >= 0 && reader->models && json_is_true(json_object_get(record.json, "model")) &&
            take_models(reader, sink->fd, err) < 0)
                result = -1;
        wire_free(&record);
        return result;
}

/* ---- its whole life */

static int tell_limits(const struct reader *reader, const struct partner *half, struct err *err)
{
        return partner_tell(half, limits_json(&reader->config->limits), NULL, 0, err);
}

/* Asks a half to read the event's blank form. 0; 1 when it cannot, with the problem. */
static int tell_blank(struct reader *reader, const struct partner *half, const struct event *event,
    bool model, struct sink *sink, struct err *err)
{
        const char *slash = strrchr(event->blank_form, '/');
        struct buf bytes = BUF_INIT((size_t)reader->config->limits.document_mb * 1024 * 1024);
        int result = io_read_file(event->blank_form, &bytes, err);

        if (result == 0)
                result = ask_half(reader, half,
                    json_pack("{s:s, s:s, s:s, s:b}", "op", "blank", "event", event->id, "name",
                        slash ? slash + 1 : event->blank_form, "model", model),
                    buf_text(&bytes), bytes.size, "document", sink, err);
        buf_free(&bytes);
        return result;
}

static void warn_blank(const struct event *event, const char *why)
{
        fprintf(stderr, "zapisyctl: warning: the blank form of %s cannot be read: %s\n", event->id, why);
}

/* The event and its blank form. half: of the two. */
static int tell_event(struct reader *reader, const struct partner *half, const struct event *event,
    bool *ret_pages, struct err *err)
{
        struct intake unused = { 0 };
        struct str_list problems = { 0 };
        struct sink sink = { .answer = &unused, .problems = &problems, .fd = -1 };
        int result = partner_tell(
            half, json_pack("{s:s, s:o}", "op", "event", "event", record_event(event)), NULL, 0, err);

        if (result == 0 && !str_is_empty(event->blank_form))
                result = tell_blank(reader, half, event, false, &sink, err);
        if (result > 0 && half == &reader->partner) /* both halves would say the same */
                warn_blank(event, problems.items[0]);
        *ret_pages = sink.pages;
        io_close(&sink.fd);
        intake_free(&unused);
        str_list_free(&problems);
        return result < 0 ? -1 : 0;
}

/* zapisy-pages, when there is something for it. 0; 1 when it is not there. */
static int open_pages(struct reader *reader, struct err *err)
{
        const struct config_limits *limits = &reader->config->limits;
        bool unused;

        if (reader->has_pages)
                return 0;
        if (partner_open(&reader->pages, pages_program, PATIENCE_MS + 4000 * limits->ocr_cpu_seconds, err) <
            0) {
                partner_close(&reader->pages);
                return 1;
        }
        reader->has_pages = true;
        if (tell_limits(reader, &reader->pages, err) < 0)
                return -1;
        for (size_t i = 0; i < reader->config->event_count; i++)
                if (tell_event(reader, &reader->pages, &reader->config->events[i], &unused, err) < 0)
                        return -1;
        return 0;
}

/* A blank form of pages is read by that half, for both. */
static int hand_over_blank(struct reader *reader, const struct event *event, struct err *err)
{
        struct intake unused = { 0 };
        struct str_list problems = { 0 };
        struct sink sink = { .answer = &unused, .problems = &problems, .fd = -1 };
        int result = open_pages(reader, err);

        if (result == 0)
                result = tell_blank(reader, &reader->pages, event, true, &sink, err);
        if (result == 0 && sink.fd >= 0)
                result = partner_tell(&reader->partner,
                    json_pack("{s:s, s:s}", "op", "model", "event", event->id), &sink.fd, 1, err);
        else if (result >= 0)
                warn_blank(event, problems.count ? problems.items[0] : err->text);
        io_close(&sink.fd);
        intake_free(&unused);
        str_list_free(&problems);
        return result < 0 ? -1 : 0;
}

static int open_reader(struct reader *reader, struct err *err)
{
        const struct config *config = reader->config;
        bool pages;

        /* The reader bounds itself; this is for one that does not. */
        if (partner_open(&reader->partner, program, PATIENCE_MS, err) < 0 ||
            tell_limits(reader, &reader->partner, err) < 0)
                return -1;
        for (size_t i = 0; i < config->event_count; i++)
                if (tell_event(reader, &reader->partner, &config->events[i], &pages, err) < 0 ||
                    (pages && hand_over_blank(reader, &config->events[i], err) < 0))
                        return -1;
        return 0;
}

int reader_open(const struct config *config, struct reader **ret_reader, struct err *err)
{
        struct reader *reader = xcalloc(1, sizeof *reader);

        *reader = (struct reader){ .config = config };
        if (open_reader(reader, err) < 0) {
                reader_close(reader);
                return -1;
        }
        *ret_reader = reader;
        return 0;
}

void reader_close(struct reader *reader)
{
        if (!reader)
                return;
        if (reader->has_pages)
                partner_close(&reader->pages);
        partner_close(&reader->partner);
        free(reader);
}

void reader_collect(struct reader *reader, json_t *models)
{
        reader->models = models;
}

int reader_message(struct reader *reader, const void *bytes, size_t size, struct intake *answer,
    struct str_list *problems, struct err *err)
{
        struct sink sink = { .answer = answer, .problems = problems, .fd = -1 };
        int result = ask_half(reader, &reader->partner,
            json_pack("{s:s, s:i, s:b, s:b}", "op", "message", "id", ++reader->next_id, "explain", 1, "model",
                reader->models != NULL),
            bytes, size, "message", &sink, err);

        io_close(&sink.fd);
        return result;
}

static int ask_document(struct reader *reader, const struct partner *half, const void *bytes, size_t size,
    struct sink *sink, struct err *err)
{
        const struct reader_place *place = reader->place;
        int result = ask_half(reader, half,
            json_pack("{s:s, s:i, s:i, s:s, s:s, s:b, s:b}", "op", "document", "id", ++reader->next_id,
                "part", place->part, "name", place->name, "inner", place->inner, "explain", 1, "model",
                reader->models != NULL),
            bytes, size, "document", sink, err);

        io_close(&sink->fd);
        return result;
}

int reader_document(struct reader *reader, const struct reader_place *place, const void *bytes, size_t size,
    struct intake *answer, struct str_list *problems, struct err *err)
{
        struct sink sink = { .answer = answer, .problems = problems, .fd = -1 };
        int result;

        reader->place = place;
        result = ask_document(reader, &reader->partner, bytes, size, &sink, err);
        if (result == 0 && sink.pages)
                result = open_pages(reader, err);
        else
                sink.pages = false;
        if (result == 1 && sink.pages)
                str_list_add(problems, err->text);
        else if (result == 0 && sink.pages)
                result = ask_document(reader, &reader->pages, bytes, size, &sink, err);
        reader->place = NULL;
        return result;
}
