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

static const char program[] = "zapisy-read";

enum { PATIENCE_MS = 60 * 1000, REASON_MAX = 1000, PROBLEMS_MAX = 50 };

struct reader {
        const struct config *config;
        struct partner partner;
        int next_id;
        const struct reader_place *place; /* of the document asked for */
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

static int take_answer(struct reader *reader, const json_t *json, const char *op, int id,
    struct intake *answer, struct str_list *problems, struct err *err)
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
                str_list_add(problems, reason);
                return 1;
        }
        if (strcmp(wire_op(json), op) != 0)
                return err_set(err, ERR_INPUT, "%s answers something else", program);
        if (strcmp(op, "message") == 0 && take_mail(json_object_get(json, "mail"), answer, err) < 0)
                return -1;
        json_array_foreach(json_object_get(json, "readings"), i, item)
        {
                if (i >= reader->config->event_count || take_reading(reader, item, answer, err) < 0)
                        return -1;
        }
        if (reader->place && json_object_get(json, "parts") &&
            record_parts_into(json, reader->place->at, reader->place->into, err) < 0)
                return -1;
        return take_problems(json, problems, err);
}

static int ask(struct reader *reader, json_t *question_take, const void *bytes, size_t size, const char *op,
    int id, struct intake *answer, struct str_list *problems, struct err *err)
{
        struct wire_record record;
        int fd = io_memfd("question", bytes, size, err), result;

        if (fd < 0) {
                json_decref(question_take);
                return -1;
        }
        result = partner_tell(&reader->partner, question_take, &fd, 1, err);
        close(fd);
        if (result < 0 || partner_hear(&reader->partner, &record, err) < 0)
                return -1;
        result = take_answer(reader, record.json, op, id, answer, problems, err);
        wire_free(&record);
        return result;
}

/* ---- its whole life */
static int tell_event(struct reader *reader, const struct event *event, struct err *err)
{
        const char *slash = event->blank_form ? strrchr(event->blank_form, '/') : NULL;
        struct buf bytes = BUF_INIT((size_t)reader->config->limits.document_mb * 1024 * 1024);
        struct intake unused = { 0 };
        struct str_list problems = { 0 };
        int result = partner_tell(&reader->partner,
            json_pack("{s:s, s:o}", "op", "event", "event", record_event(event)), NULL, 0, err);

        if (result < 0 || str_is_empty(event->blank_form))
                return result;
        result = io_read_file(event->blank_form, &bytes, err);
        if (result == 0)
                result = ask(reader,
                    json_pack("{s:s, s:s, s:s}", "op", "blank", "event", event->id, "name",
                        slash ? slash + 1 : event->blank_form),
                    buf_text(&bytes), bytes.size, "document", 0, &unused, &problems, err);
        if (result > 0)
                fprintf(stderr, "zapisyctl: warning: the blank form of %s cannot be read: %s\n", event->id,
                    problems.items[0]);
        intake_free(&unused);
        str_list_free(&problems);
        buf_free(&bytes);
        return result < 0 ? -1 : 0;
}

int reader_open(const struct config *config, struct reader **ret_reader, struct err *err)
{
        struct reader *reader = xcalloc(1, sizeof *reader);
        int result;

        *reader = (struct reader){ .config = config };
        /* The reader bounds itself; this is for one that does not. */
        result =
            partner_open(&reader->partner, program, PATIENCE_MS + 1000 * config->limits.ocr_cpu_seconds, err);
        if (result == 0)
                result = partner_tell(&reader->partner, limits_json(&config->limits), NULL, 0, err);
        for (size_t i = 0; i < config->event_count && result == 0; i++)
                result = tell_event(reader, &config->events[i], err);
        if (result < 0) {
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
        partner_close(&reader->partner);
        free(reader);
}

int reader_message(struct reader *reader, const void *bytes, size_t size, struct intake *answer,
    struct str_list *problems, struct err *err)
{
        const int id = ++reader->next_id;

        return ask(reader, json_pack("{s:s, s:i}", "op", "message", "id", id), bytes, size, "message", id,
            answer, problems, err);
}

int reader_document(struct reader *reader, const struct reader_place *place, const void *bytes, size_t size,
    struct intake *answer, struct str_list *problems, struct err *err)
{
        const int id = ++reader->next_id;
        int result;

        reader->place = place;
        result = ask(reader,
            json_pack("{s:s, s:i, s:i, s:s, s:s}", "op", "document", "id", id, "part", place->part, "name",
                place->name, "inner", place->inner),
            bytes, size, "document", id, answer, problems, err);
        reader->place = NULL;
        return result;
}
