/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader's side of the intake line: questions, answers, and a reader that breaks down. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "config/config.h"
#include "core/event.h"
#include "core/record.h"
#include "keeper/helper.h"
#include "keeper/line.h"

static int on_silence(sd_event_source *source, uint64_t usec, void *data)
{
        struct intake_line *line = data;

        (void)source, (void)usec;
        helper_restart(line->reader, "no answer for two minutes");
        return 0;
}

static void watch_reader(struct intake_line *line)
{
        line->guard = sd_event_source_disable_unref(line->guard);
        if (line->asked)
                sd_event_add_time_relative(line->keeper->loop, &line->guard, CLOCK_MONOTONIC,
                    LINE_PATIENCE_MS * 1000ULL, 0, on_silence, line);
}

static void ask(struct intake_line *line, struct job *job)
{
        struct err err = { 0 };
        int fd = -1;
        json_t *question = job_question(job, &fd, &err);

        if (question) {
                line->asked++;
                helper_send(line->reader, question, fd);
                close(fd);
        } else if (job->state == JOB_READ) {
                line->read++;
        } else {
                log_error("cannot hand a message to the reader: %s", err.text);
                keeper_kick_later(line->keeper);
        }
}

void reading_ask(struct intake_line *line)
{
        const bool ready = helper_is_ready(line->reader);

        for (struct job *job = line->first; job; job = job->next) {
                if (job->state != JOB_TO_ASK)
                        continue;
                if (job_settle(job))
                        line->read++;
                else if (ready &&
                         !(line->careful && line->asked)) /* one at a time, to find out which one kills it */
                        ask(line, job);
        }
        watch_reader(line);
}

/* Not for each message: the step has nothing to do before a batch is whole. */
static void go_on(struct intake_line *line)
{
        reading_ask(line);
        if (line_has_batch(line))
                keeper_kick(line->keeper);
}

static void send_limits(struct intake_line *line)
{
        const struct config_limits *l = &line->keeper->config->limits;

        helper_send(line->reader,
            json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "op", "limits", "message_mb",
                l->message_mb, "mime_depth", l->mime_depth, "mime_parts", l->mime_parts, "header_kb",
                l->header_kb, "document_mb", l->document_mb, "unpack_ratio", l->unpack_ratio,
                "archive_entries", l->archive_entries, "reader_cpu_seconds", l->reader_cpu_seconds,
                "reader_mb", l->reader_mb),
            -1);
}

static void send_blank(struct intake_line *line, const struct event *event)
{
        struct buf file = BUF_INIT((size_t)line->keeper->config->limits.document_mb << 20);
        const char *slash;
        struct err err;
        int fd = -1;

        if (str_is_empty(event->blank_form))
                return;
        slash = strrchr(event->blank_form, '/');
        if (io_read_file(event->blank_form, &file, &err) < 0 ||
            (fd = io_memfd("blank", buf_text(&file), file.size, &err)) < 0)
                log_warning("the blank form of %s is not used: %s", event->id, err.text);
        else
                helper_send(line->reader,
                    json_pack("{s:s, s:s, s:s}", "op", "blank", "event", event->id, "name",
                        slash ? slash + 1 : event->blank_form),
                    fd);
        io_close(&fd);
        buf_free(&file);
}

static void reader_ready(void *owner)
{
        struct intake_line *line = owner;
        const struct config *config = line->keeper->config;

        send_limits(line);
        for (size_t i = 0; i < config->event_count; i++)
                helper_send(line->reader,
                    json_pack("{s:s, s:o}", "op", "event", "event", record_event(&config->events[i])), -1);
        for (size_t i = 0; i < config->event_count; i++)
                send_blank(line, &config->events[i]);
        keeper_greeted(line->keeper);
        go_on(line);
}

static struct job *job_asked(struct intake_line *line, json_int_t id)
{
        for (struct job *job = line->first; job; job = job->next)
                if (job->id == id && job->state == JOB_ASKED)
                        return job;
        return NULL;
}

static void reader_record(void *owner, struct wire_record *record)
{
        struct intake_line *line = owner;
        const char *reason = "the reader failed";
        json_int_t id;
        struct job *job;

        if (wire_integer(record->json, "id", 0, INT64_MAX, &id, NULL) < 0) {
                helper_restart(line->reader, "a record that makes no sense");
                return;
        }
        if (id == 0)
                return; /* a blank form: what is wrong with it, the configuration check says */
        job = job_asked(line, id);
        if (!job)
                return;
        line->asked--;
        if (line->careful)
                line->careful--;
        helper_succeeded(line->reader);
        if (str_equal(wire_op(record->json), "failed")) {
                wire_string(record->json, "reason", LIMIT_HEADER_VALUE, &reason, NULL);
                job_failed(job, reason);
        } else {
                job_answer(job, &line->keeper->registrar, record->json);
        }
        go_on(line);
}

/* What was in its hands is asked once more, one by one; what kills it twice is given up. */
static void reader_gone(void *owner)
{
        struct intake_line *line = owner;

        line->asked = 0;
        line->careful = 0;
        if (line->keeper->once && helper_is_mute(line->reader))
                sd_event_exit(line->keeper->loop, EXIT_TRY_AGAIN);
        for (struct job *job = line->first; job; job = job->next) {
                if (job->state != JOB_ASKED)
                        continue;
                job->state = JOB_TO_ASK;
                line->careful++;
                if (++job->tries > 1)
                        job_failed(job, "the reader broke down on this message");
                else if (job->part >= 0) /* the same document again */
                        job->next_part--, job->documents--;
        }
        go_on(line);
}

const struct helper_calls reading_calls = {
        .ready = reader_ready, .record = reader_record, .gone = reader_gone, .unfit = line_unfit
};
