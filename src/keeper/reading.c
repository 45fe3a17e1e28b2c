/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The readers' side of the intake line: questions, answers, and a reader that breaks down. */
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

enum {
        PATIENCE_SECONDS = 120,  /* a reader that is silent so long is broken */
        PAGES_IDLE_SECONDS = 60, /* zapisy-pages is ended after so long without work */
        WALL_FACTOR = 4,         /* by the clock for a second of CPU, as the reader itself bounds it */
        BLANK_TRIES = 2,
};

static bool is_pages(const struct half *half)
{
        return half == &half->line->halves[HALF_PAGES];
}

static int on_silence(sd_event_source *source, uint64_t usec, void *data)
{
        struct half *half = data;

        (void)source, (void)usec;
        helper_restart(half->helper, "no answer for minutes");
        return 0;
}

static void watch_silence(struct half *half)
{
        const struct intake_line *line = half->line;
        int seconds = PATIENCE_SECONDS;

        if (is_pages(half))
                seconds += line->keeper->config->limits.ocr_cpu_seconds * WALL_FACTOR;
        half->guard = sd_event_source_disable_unref(half->guard);
        if (half->asked || half->blanks)
                sd_event_add_time_relative(line->keeper->loop, &half->guard, CLOCK_MONOTONIC,
                    (uint64_t)seconds * 1000000, 0, on_silence, half);
}

static int on_idle(sd_event_source *source, uint64_t usec, void *data)
{
        struct half *half = data;

        (void)source, (void)usec;
        half->idle = sd_event_source_disable_unref(half->idle);
        helper_stop(half->helper);
        return 0;
}

static void watch_idleness(struct half *half)
{
        half->idle = sd_event_source_disable_unref(half->idle);
        if (is_pages(half) && helper_is_ready(half->helper) && !half->asked && !half->blanks)
                sd_event_add_time_relative(half->line->keeper->loop, &half->idle, CLOCK_MONOTONIC,
                    PAGES_IDLE_SECONDS * 1000000ULL, 0, on_idle, half);
}

/* ---- questions */

static void ask(struct half *half, struct job *job)
{
        struct intake_line *line = half->line;
        struct err err = { 0 };
        int fd = -1;
        json_t *question = job_question(job, &fd, &err);

        if (question) {
                half->asked++;
                helper_send(half->helper, question, fd);
                close(fd);
        } else if (job->state == JOB_READ) {
                line->read++;
        } else {
                log_error("cannot hand a message to the reader: %s", err.text);
                keeper_kick_later(line->keeper);
        }
}

/* Whether the half can be asked now. What is asked before its blank forms are known would be read without them. */
static bool can_ask(const struct half *half)
{
        return helper_is_ready(half->helper) && !half->blanks &&
               !(!is_pages(half) && half->line->models.count) &&
               !(half->careful && half->asked); /* one at a time, to find out which one kills it */
}

/* zapisy-pages runs, or will. False: it cannot be had, and what it should read is left to a person. */
static bool want_pages(struct intake_line *line)
{
        struct helper *helper = line->halves[HALF_PAGES].helper;
        struct err err = { 0 };

        if (helper_is_mute(helper)) {
                helper_stop(helper);
                return false;
        }
        if (helper_start(helper, &err) == 0)
                return true;
        log_warning("%s", err.text);
        return false;
}

void reading_ask(struct intake_line *line)
{
        for (struct job *job = line->first; job; job = job->next) {
                struct half *half = &line->halves[job->pages ? HALF_PAGES : HALF_READ];

                if (job->state != JOB_TO_ASK)
                        continue;
                if (job->pages && !want_pages(line)) {
                        job_skip(job, "PDF files and pictures cannot be read on this machine");
                        half = &line->halves[HALF_READ];
                }
                if (job_settle(job))
                        line->read++;
                else if (can_ask(half))
                        ask(half, job);
        }
        for (size_t i = 0; i < HALVES; i++) {
                watch_silence(&line->halves[i]);
                watch_idleness(&line->halves[i]);
        }
}

size_t reading_asked(const struct intake_line *line)
{
        size_t asked = 0;

        for (size_t i = 0; i < HALVES; i++)
                asked += line->halves[i].asked;
        return asked;
}

/* Not for each message: the step has nothing to do before a batch is whole. */
static void go_on(struct intake_line *line)
{
        reading_ask(line);
        line_progress(line);
}

/* ---- what it knows from the beginning */

static void send_limits(const struct half *half)
{
        const struct config_limits *l = &half->line->keeper->config->limits;

        helper_send(half->helper,
            json_pack("{s:s, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}", "op", "limits",
                "message_mb", l->message_mb, "mime_depth", l->mime_depth, "mime_parts", l->mime_parts,
                "header_kb", l->header_kb, "document_mb", l->document_mb, "unpack_ratio", l->unpack_ratio,
                "archive_entries", l->archive_entries, "reader_cpu_seconds", l->reader_cpu_seconds,
                "reader_mb", l->reader_mb, "ocr_pages", l->ocr_pages, "megapixels", l->megapixels,
                "ocr_cpu_seconds", l->ocr_cpu_seconds),
            -1);
}

static void send_blank(struct half *half, const struct event *event)
{
        struct buf file = BUF_INIT((size_t)half->line->keeper->config->limits.document_mb << 20);
        const char *slash;
        struct err err;
        int fd = -1;

        if (str_is_empty(event->blank_form))
                return;
        slash = strrchr(event->blank_form, '/');
        if (io_read_file(event->blank_form, &file, &err) < 0 ||
            (fd = io_memfd("blank", buf_text(&file), file.size, &err)) < 0) {
                log_warning("the blank form of %s is not used: %s", event->id, err.text);
        } else {
                half->blanks++;
                helper_send(half->helper,
                    json_pack("{s:s, s:s, s:s, s:b}", "op", "blank", "event", event->id, "name",
                        slash ? slash + 1 : event->blank_form, "model",
                        is_pages(half) && str_list_has(&half->line->models, event->id)),
                    fd);
        }
        io_close(&fd);
        buf_free(&file);
}

static void on_ready(void *owner)
{
        struct half *half = owner;
        struct keeper *keeper = half->line->keeper;
        const struct config *config = keeper->config;

        send_limits(half);
        for (size_t i = 0; i < config->event_count; i++)
                helper_send(half->helper,
                    json_pack("{s:s, s:o}", "op", "event", "event", record_event(&config->events[i])), -1);
        if (half->spoilt == BLANK_TRIES)
                log_warning("the blank forms are not used: the reader breaks down on them");
        for (size_t i = 0; i < config->event_count && half->spoilt < BLANK_TRIES; i++)
                send_blank(half, &config->events[i]);
        keeper_greeted(keeper);
        go_on(half->line);
}

/* ---- answers */

static void no_model(struct intake_line *line, const char *event)
{
        log_warning("the blank form of %s is not used: it cannot be read on this machine", event);
        str_list_remove(&line->models, event);
}

static void no_models(struct intake_line *line)
{
        for (size_t i = 0; i < line->models.count; i++)
                log_warning("the blank form of %s is not used: zapisy-pages breaks down on it",
                    line->models.items[i]);
        str_list_free(&line->models);
}

/* One of PDF pages: zapisy-pages reads it, and what it reads is handed to zapisy-read. */
static void take_blank(struct half *half, struct wire_record *record)
{
        struct intake_line *line = half->line;
        const char *event = NULL;
        int fd;

        if (half->blanks && --half->blanks == 0)
                half->spoilt = 0;
        if (wire_string(record->json, "event", LIMIT_HEADER_VALUE, &event, NULL) < 0)
                return;
        if (!is_pages(half)) {
                if (!json_is_true(json_object_get(record->json, "pages")))
                        return;
                str_list_add(&line->models, event);
                if (!want_pages(line))
                        no_model(line, event);
                return;
        }
        if (!str_list_has(&line->models, event))
                return;
        fd = wire_take_fd(record, 0);
        if (fd < 0) {
                no_model(line, event);
                return;
        }
        helper_send(
            line->halves[HALF_READ].helper, json_pack("{s:s, s:s}", "op", "model", "event", event), fd);
        io_close(&fd);
        str_list_remove(&line->models, event);
}

static struct job *job_asked(const struct half *half, json_int_t id)
{
        for (struct job *job = half->line->first; job; job = job->next)
                if (job->id == id && job->state == JOB_ASKED && job->pages == is_pages(half))
                        return job;
        return NULL;
}

static void take_answer(struct half *half, struct job *job, struct wire_record *record)
{
        const json_t *json = record->json, *pictures = json_object_get(json, "pictures");
        const char *reason = "the reader failed";
        int fd;

        half->asked--;
        if (half->careful)
                half->careful--;
        helper_succeeded(half->helper);
        if (str_equal(wire_op(json), "failed")) {
                wire_string(json, "reason", LIMIT_HEADER_VALUE, &reason, NULL);
                job_failed(job, reason);
        } else {
                job_answer(job, &half->line->keeper->registrar, json);
                fd = wire_take_fd(record, 0);
                if (pictures && fd >= 0)
                        job_pictures(job, pictures, fd);
                io_close(&fd);
        }
}

static void on_record(void *owner, struct wire_record *record)
{
        struct half *half = owner;
        json_int_t id;
        struct job *job;

        if (wire_integer(record->json, "id", 0, INT64_MAX, &id, NULL) < 0) {
                helper_restart(half->helper, "a record that makes no sense");
                return;
        }
        if (id == 0) {
                take_blank(half, record);
        } else {
                job = job_asked(half, id);
                if (!job)
                        return;
                take_answer(half, job, record);
        }
        go_on(half->line);
}

/* What was in its hands is asked once more, one by one; what kills it twice is given up. */
static void on_gone(void *owner)
{
        struct half *half = owner;
        struct intake_line *line = half->line;

        if (half->blanks)
                half->spoilt++;
        half->asked = half->blanks = 0;
        half->careful = 0;
        if (line->keeper->once && !is_pages(half) && helper_is_mute(half->helper))
                sd_event_exit(line->keeper->loop, EXIT_TRY_AGAIN);
        if (is_pages(half) && line->models.count &&
            (half->spoilt >= BLANK_TRIES || helper_is_mute(half->helper)))
                no_models(line);
        for (struct job *job = line->first; job; job = job->next) {
                if (job->state != JOB_ASKED || job->pages != is_pages(half))
                        continue;
                half->careful++;
                if (++job->tries > 1)
                        job_failed(job, "the reader broke down on this message");
                else
                        job_again(job);
        }
        go_on(line);
}

static void on_unfit(void *owner)
{
        line_unfit(((struct half *)owner)->line);
}

/* ---- its life */

void reading_init(struct intake_line *line)
{
        static const struct helper_calls calls = {
                .ready = on_ready, .record = on_record, .gone = on_gone, .unfit = on_unfit
        };
        static const char *const programs[HALVES] = { "zapisy-read", "zapisy-pages" };

        for (size_t i = 0; i < HALVES; i++) {
                line->halves[i].line = line;
                line->halves[i].helper =
                    helper_new(line->keeper->loop, programs[i], READER_PATIENCE, &calls, &line->halves[i]);
        }
}

void reading_end(struct intake_line *line)
{
        for (size_t i = 0; i < HALVES; i++) {
                sd_event_source_disable_unref(line->halves[i].guard);
                sd_event_source_disable_unref(line->halves[i].idle);
                helper_free(line->halves[i].helper);
        }
        str_list_free(&line->models);
}
