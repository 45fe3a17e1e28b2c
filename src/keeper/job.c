/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeper/job.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "core/event.h"
#include "core/mail.h"
#include "core/record.h"

enum {
        JOB_DOCUMENTS = LIMIT_PEOPLE, /* an office sends a form a person */
        PROBLEMS = 20,
        PROBLEM_MAX = 300,
};

struct job *job_new(struct wire_record *record, size_t max_bytes, struct err *err)
{
        struct job *job = xcalloc(1, sizeof *job);
        json_int_t uidvalidity, uid, internaldate;

        job->bytes = -1;
        job->part = -1;
        if (wire_integer(record->json, "uidvalidity", 1, UINT32_MAX, &uidvalidity, err) < 0 ||
            wire_integer(record->json, "uid", 1, UINT32_MAX, &uid, err) < 0 ||
            wire_integer(record->json, "internaldate", -(1LL << 40), 1LL << 40, &internaldate, err) < 0 ||
            wire_bool(record->json, "whole", &job->intake.whole, err) < 0)
                goto fail;
        job->bytes = wire_take_fd(record, 0);
        if (io_map_memfd(job->bytes, max_bytes, &job->map, err) < 0)
                goto fail;
        job->intake.uidvalidity = (uint32_t)uidvalidity;
        job->intake.uid = (uint32_t)uid;
        job->intake.internaldate = internaldate;
        job->intake.raw = job->map.data;
        job->intake.raw_size = job->map.size;
        return job;
fail:
        job_free(job);
        return NULL;
}

void job_free(struct job *job)
{
        if (!job)
                return;
        intake_free(&job->intake);
        io_unmap(&job->map);
        io_close(&job->bytes);
        free(job);
}

/* Up to and with the empty line. */
static size_t header_size(const char *bytes, size_t size)
{
        for (size_t i = 0; i + 1 < size; i++)
                if (bytes[i] == '\n' &&
                    (bytes[i + 1] == '\n' || (bytes[i + 1] == '\r' && i + 2 < size && bytes[i + 2] == '\n')))
                        return i + (bytes[i + 1] == '\n' ? 2 : 3);
        return size;
}

static bool has_form(const struct intake *intake)
{
        for (size_t i = 0; i < intake->reading_count; i++)
                if (intake->readings[i].reading.form)
                        return true;
        return false;
}

static bool find_document(struct job *job)
{
        const struct mail *mail = job->intake.mail;

        for (; mail && job->next_part < mail->part_count; job->next_part++) {
                const struct mail_part *part = &mail->parts[job->next_part];

                if (job->pictures ? !part->picture || part->document : !part->document)
                        continue;
                if (job->documents == JOB_DOCUMENTS) {
                        if (!job->intake.failure)
                                job->intake.failure =
                                    xasprintf("more than %d documents in one mail", JOB_DOCUMENTS);
                        return false;
                }
                job->asked = job->next_part++;
                job->part = mail->parts[job->asked].index;
                job->documents++;
                return true;
        }
        return false;
}

/* Documents first. Pictures are looked at only where no form was found: beside one they are logos and photographs. */
static bool next_document(struct job *job)
{
        if (find_document(job))
                return true;
        if (job->pictures || job->intake.failure || has_form(&job->intake))
                return false;
        job->pictures = true;
        job->next_part = 0;
        return find_document(job);
}

bool job_settle(struct job *job)
{
        if (job->intake.mail && job->headers_only)
                job->sealed_done = true;
        if (job->sealed_done)
                job->state = JOB_READ;
        return job->sealed_done;
}

json_t *job_question(struct job *job, int *ret_fd, struct err *err)
{
        int fd;

        if (job->intake.mail && !next_document(job))
                job->sealed_done = true;
        if (job_settle(job))
                return NULL;
        fd = job->headers_only
                 ? io_memfd("headers", job->map.data, header_size(job->map.data, job->map.size), err)
                 : dup(job->bytes);
        if (fd < 0)
                return NULL;
        job->state = JOB_ASKED;
        *ret_fd = fd;
        if (job->part < 0)
                return json_pack("{s:s, s:I}", "op", "message", "id", (json_int_t)job->id);
        return json_pack("{s:s, s:I, s:i, s:s}", "op", "document", "id", (json_int_t)job->id, "part",
            job->part, "inner", job->intake.mail->parts[job->asked].inner);
}

static int take_reading(
    struct job *job, const struct registrar *registrar, const json_t *item, struct err *err)
{
        const char *id;
        const struct event *event;
        struct reading reading;
        bool mentions;

        if (wire_string(item, "event", LIMIT_HEADER_VALUE, &id, err) < 0 ||
            wire_bool(item, "mentions", &mentions, err) < 0)
                return -1;
        event = registrar_event(registrar, id);
        if (!event)
                return err_set(err, ERR_INPUT, "a reading for an event that does not exist");
        if (record_reading_from_json(json_object_get(item, "reading"), &event->form, &reading, err) < 0)
                return -1;
        intake_add_reading(&job->intake, (size_t)(event - registrar->events), &reading, mentions);
        return 0;
}

/* What the document's reader has to say to a person, once each. */
static int take_problems(struct job *job, const json_t *problems, struct err *err)
{
        struct str_list *told = &job->intake.problems;
        const json_t *item;
        size_t i;

        json_array_foreach(problems, i, item)
        {
                const char *text = json_string_value(item);

                if (!text || strlen(text) > PROBLEM_MAX || json_string_length(item) != strlen(text))
                        return err_set(err, ERR_INPUT, "a problem that is no text");
                if (told->count < PROBLEMS && !str_list_has(told, text))
                        str_list_add(told, text);
        }
        return 0;
}

/* A container has no readings: what is in it is asked for next. */
static int take_document(struct job *job, const json_t *answer, struct err *err)
{
        if (take_problems(job, json_object_get(answer, "problems"), err) < 0)
                return -1;
        if (json_is_true(json_object_get(answer, "pages"))) {
                if (job->pages)
                        return err_set(err, ERR_INPUT, "the reader of pages does not read it");
                job_again(job);
                job->pages = true;
                return 0;
        }
        job->pages = false;
        if (!json_object_get(answer, "parts"))
                return 0;
        job->documents--;
        return record_parts_into(answer, job->asked + 1, job->intake.mail, err);
}

static int take_answer(
    struct job *job, const struct registrar *registrar, const json_t *answer, struct err *err)
{
        const json_t *readings = json_object_get(answer, "readings"), *item;
        struct mail mail;
        size_t i;

        if (!json_is_array(readings) || json_array_size(readings) > registrar->event_count)
                return err_set(err, ERR_INPUT, "an answer without readings");
        json_array_foreach(readings, i, item) if (take_reading(job, registrar, item, err) < 0) return -1;
        if (job->part >= 0)
                return take_document(job, answer, err);
        if (record_mail_from_json(json_object_get(answer, "mail"), &mail, err) < 0)
                return -1;
        job->intake.mail = xmemdup(&mail, sizeof mail);
        return 0;
}

void job_answer(struct job *job, const struct registrar *registrar, const json_t *answer)
{
        struct err err = { 0 };

        if (!str_equal(wire_op(answer), job->part < 0 ? "message" : "document"))
                err_set(&err, ERR_INPUT, "another answer than asked for");
        else if (take_answer(job, registrar, answer, &err) == 0) {
                job->tries = 0;
                job->state = JOB_TO_ASK;
                return;
        }
        job_failed(job, err.text);
}

void job_pictures(struct job *job, const json_t *sizes, int fd)
{
        struct io_map map = { 0 };
        const json_t *item;
        size_t i, at = 0;

        if (io_map_memfd(fd, LIMIT_PICTURES_SIZE, &map, NULL) < 0)
                return;
        json_array_foreach(sizes, i, item)
        {
                const json_int_t size = json_integer_value(item);

                if (size <= 0 || (size_t)size > map.size - at ||
                    blobs_add(&job->intake.pictures, map.data + at, (size_t)size) < 0)
                        break;
                at += (size_t)size;
        }
        io_unmap(&map);
}

void job_again(struct job *job)
{
        job->state = JOB_TO_ASK;
        if (job->part >= 0)
                job->next_part--, job->documents--;
}

void job_skip(struct job *job, const char *reason)
{
        job->next_part++, job->documents++;
        job_failed(job, reason);
}

void job_failed(struct job *job, const char *reason)
{
        job->pages = false;
        if (!job->intake.failure)
                job->intake.failure = xstrdup(reason);
        job->tries = 0;
        job->state = JOB_TO_ASK;
        if (job->part >= 0)
                return; /* one document: the others are still asked for */
        if (job->headers_only)
                job->sealed_done = true;
        job->headers_only = true;
        job->intake.whole = false;
}
