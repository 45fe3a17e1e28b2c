/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/serve.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/wire.h"
#include "core/model.h"
#include "core/record.h"
#include "read/answer.h"
#include "read/finding.h"
#include "read/pages.h"
#include "read/sandbox.h"
#include "read/worker.h"

enum {
        WORKERS = 4,                   /* the first reads messages, the others documents */
        QUEUE_MAX = 4 * LIMIT_BATCH,   /* questions taken from the socket and not yet begun */
        BATCH_BYTES = 2 * 1024 * 1024, /* in one child, unless one message alone is larger */
        NAME_MAX_SIZE = 255,
        MODEL_MAX = 32 * 1024 * 1024,
        PARTS_MAX = 100000,
};

struct serve {
        int sock;
        bool closed;
        const struct sandbox *sandbox;
        struct finding_context *context;
        struct worker workers[WORKERS];
        struct question queue[QUEUE_MAX];
        size_t queued;
};

/* ---- records in */

static size_t memfd_size(int fd)
{
        struct stat st;

        return fstat(fd, &st) == 0 && st.st_size > 0 ? (size_t)st.st_size : 0;
}

static int ask(struct serve *s, struct wire_record *record, struct question question)
{
        question.fd = wire_take_fd(record, 0);
        question.size = question.fd >= 0 ? memfd_size(question.fd) : 0;
        s->queue[s->queued++] = question;
        return 0;
}

static int take_wish(const json_t *json, const char *key, unsigned bit, unsigned *wish, struct err *err)
{
        bool wanted = false;

        if (json_object_get(json, key) && wire_bool(json, key, &wanted, err) < 0)
                return -1;
        *wish |= wanted ? bit : 0;
        return 0;
}

static int take_wishes(const json_t *json, struct question *question, struct err *err)
{
        if (take_wish(json, "explain", FINDING_EXPLAIN, &question->wish, err) < 0 ||
            take_wish(json, "model", FINDING_MODEL, &question->wish, err) < 0)
                return -1;
        question->alone = question->wish & FINDING_MODEL;
        return 0;
}

static int take_message(struct serve *s, struct wire_record *record, struct err *err)
{
        struct question question = { .kind = QUESTION_MESSAGE };

        if (wire_integer(record->json, "id", 0, INT64_MAX, &question.id, err) < 0 ||
            take_wishes(record->json, &question, err) < 0)
                return -1;
        return ask(s, record, question);
}

static int take_document(struct serve *s, struct wire_record *record, struct err *err)
{
        struct question question = { .kind = QUESTION_DOCUMENT };
        json_int_t part;
        const char *name = "", *inner = "";

        if (wire_integer(record->json, "id", 0, INT64_MAX, &question.id, err) < 0 ||
            wire_integer(record->json, "part", -1, PARTS_MAX, &part, err) < 0 ||
            take_wishes(record->json, &question, err) < 0)
                return -1;
        if (json_object_get(record->json, "inner") &&
            wire_string(record->json, "inner", NAME_MAX_SIZE, &inner, err) < 0)
                return -1;
        if (part < 0 && wire_string(record->json, "name", NAME_MAX_SIZE, &name, err) < 0)
                return -1;
        question.part = (int)part;
        question.name = xstrdup(name);
        question.inner = xstrdup(inner);
        return ask(s, record, question);
}

static int take_blank(struct serve *s, struct wire_record *record, struct err *err)
{
        struct question question = { .kind = QUESTION_BLANK, .part = -1 };
        const char *event, *name;

        if (wire_string(record->json, "event", NAME_MAX_SIZE, &event, err) < 0 ||
            wire_string(record->json, "name", NAME_MAX_SIZE, &name, err) < 0)
                return -1;
        question.event = xstrdup(event);
        question.name = xstrdup(name);
        question.wants_model = json_is_true(json_object_get(record->json, "model"));
        return ask(s, record, question);
}

static int take_event(struct serve *s, struct wire_record *record, struct err *err)
{
        struct event event = { 0 };

        if (record_event_from_json(json_object_get(record->json, "event"), &event, err) < 0)
                return -1;
        if (finding_add_event_take(s->context, &event) == 0)
                return 0;
        event_free(&event);
        return err_set(err, ERR_INPUT, "more than %d events", LIMIT_EVENTS);
}

/* A blank form that the other half has read. */
static int take_model(struct serve *s, struct wire_record *record, struct err *err)
{
        struct finding_event *event;
        struct document blank;
        struct io_map map = { 0 };
        const char *id;
        json_t *json;
        int fd, r;

        if (wire_string(record->json, "event", NAME_MAX_SIZE, &id, err) < 0)
                return -1;
        event = finding_find(s->context, id);
        fd = wire_take_fd(record, 0);
        r = io_map_memfd(fd, MODEL_MAX, &map, err);
        io_close(&fd);
        if (r < 0)
                return -1;
        json = json_loadb(map.data, map.size, JSON_REJECT_DUPLICATES, NULL);
        io_unmap(&map);
        r = event && json ? model_from_json(json, &blank, err)
                          : err_set(err, ERR_INPUT, "a model of no blank form");
        json_decref(json);
        if (r == 0)
                finding_set_blank_take(event, &blank);
        return r;
}

static int take_limits(struct serve *s, struct wire_record *record, struct err *err)
{
        return bounds_from_json(record->json, &s->context->bounds, err);
}

static const struct {
        const char *op;
        int (*take)(struct serve *s, struct wire_record *record, struct err *err);
} ops[] = {
        { "message", take_message },
        { "document", take_document },
        { "blank", take_blank },
        { "model", take_model },
        { "event", take_event },
        { "limits", take_limits },
};

static int take_record(struct serve *s, struct err *err)
{
        struct wire_record record;
        int r = wire_receive(s->sock, &record, err);

        if (r < 0)
                return -1;
        if (r == 0) {
                s->closed = true;
                return 0;
        }
        r = err_set(err, ERR_INPUT, "a record that is not for the reader");
        for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
                if (str_equal(wire_op(record.json), ops[i].op)) {
                        r = ops[i].take(s, &record, err);
                        break;
                }
        wire_free(&record);
        return r;
}

/* Everything that waits, so that batches are as large as they can be. */
static int take_waiting(struct serve *s, struct err *err)
{
        struct pollfd waiting = { .fd = s->sock, .events = POLLIN };

        while (!s->closed && s->queued < QUEUE_MAX && poll(&waiting, 1, 0) > 0)
                if (take_record(s, err) < 0)
                        return -1;
        return 0;
}

/* ---- children */

static void unqueue(struct serve *s, size_t index)
{
        s->queued--;
        memmove(&s->queue[index], &s->queue[index + 1], (s->queued - index) * sizeof s->queue[0]);
}

static bool blank_pending(const struct serve *s)
{
        for (size_t i = 0; i < s->queued; i++)
                if (s->queue[i].kind == QUESTION_BLANK)
                        return true;
        for (size_t i = 0; i < WORKERS; i++)
                if (s->workers[i].pid && s->workers[i].questions[0].kind == QUESTION_BLANK)
                        return true;
        return false;
}

/* Messages in the order asked; one whose child died goes alone. */
static void fill_messages(struct serve *s, struct worker *worker)
{
        size_t bytes = 0;

        for (size_t i = 0; i < s->queued && worker->count < LIMIT_BATCH;) {
                struct question *question = &s->queue[i];

                if (question->kind != QUESTION_MESSAGE) {
                        i++;
                        continue;
                }
                if (worker->count && (question->alone || bytes + question->size > BATCH_BYTES))
                        return;
                bytes += question->size;
                worker->questions[worker->count++] = *question;
                unqueue(s, i);
                if (worker->questions[0].alone)
                        return;
        }
}

/* Blank forms go before everything that is read with them. */
static void fill_document(struct serve *s, struct worker *worker, bool blank)
{
        for (size_t i = 0; i < s->queued; i++) {
                if (s->queue[i].kind == (blank ? QUESTION_BLANK : QUESTION_DOCUMENT)) {
                        worker->questions[worker->count++] = s->queue[i];
                        unqueue(s, i);
                        return;
                }
        }
}

static int start_workers(struct serve *s, struct err *err)
{
        for (size_t i = 0; i < WORKERS; i++) {
                struct worker *worker = &s->workers[i];
                bool blank = blank_pending(s);

                if (worker->pid)
                        continue;
                worker->count = 0;
                if (i == 0 && !blank)
                        fill_messages(s, worker);
                else if (i > 0)
                        fill_document(s, worker, blank);
                if (worker->count && worker_start(worker, s->sandbox, s->context, err) < 0)
                        return -1;
        }
        return 0;
}

static bool get_words(
    const struct finding_context *context, const struct worker *worker, struct question *question)
{
        if (!worker->needs_words || question->again || !context->pages)
                return false;
        context->pages->load_words();
        return question->again = true;
}

/* What the child did not answer: alone it has failed, in company it is tried again by itself. */
static int give_back(struct serve *s, struct worker *worker, const char *reason, struct err *err)
{
        bool alone = worker->count == 1;
        int r = 0;

        for (size_t i = worker->count; i-- > worker->answered;) {
                struct question *question = &worker->questions[i];

                if (alone && !get_words(s->context, worker, question)) {
                        r |= answer_failed(s->sock, question, reason, err);
                        question_free(question);
                } else {
                        memmove(&s->queue[1], &s->queue[0], s->queued * sizeof s->queue[0]);
                        question->alone = true;
                        s->queue[0] = *question;
                        s->queued++;
                }
        }
        return r;
}

static int finish(struct serve *s, struct worker *worker, struct err *err)
{
        const char *reason = worker_end(worker);
        int r = 0;

        for (size_t i = 0; i < worker->answered; i++)
                question_free(&worker->questions[i]);
        if (reason)
                r = give_back(s, worker, reason, err);
        worker->count = 0;
        return r;
}

static int hear(struct serve *s, struct worker *worker, struct err *err)
{
        int more = worker->expired ? 0 : worker_read(worker), r = 0;
        struct worker_answer answer;

        while ((r = worker_take(worker, &answer)) > 0) {
                int sent =
                    answer_send(s->sock, s->context, &worker->questions[worker->answered], &answer, err);

                worker_next(worker, &answer);
                if (sent < 0)
                        return -1;
        }
        if (!more || r < 0 || worker->answered == worker->count)
                return finish(s, worker, err);
        return 0;
}

/* ---- the loop */

static int patience(const struct serve *s)
{
        int64_t now = io_monotonic_ms(), first = -1;

        for (size_t i = 0; i < WORKERS; i++)
                if (s->workers[i].pid && (first < 0 || s->workers[i].deadline < first))
                        first = s->workers[i].deadline;
        if (first < 0)
                return -1;
        return first > now ? (int)(first - now) : 0;
}

static int wait_and_hear(struct serve *s, struct err *err)
{
        struct pollfd fds[WORKERS + 1];
        /* Questions given back by a child must fit too. */
        bool room = s->queued + LIMIT_BATCH <= QUEUE_MAX;

        for (size_t i = 0; i < WORKERS; i++)
                fds[i] =
                    (struct pollfd){ .fd = s->workers[i].pid ? s->workers[i].pipe : -1, .events = POLLIN };
        fds[WORKERS] = (struct pollfd){ .fd = room ? s->sock : -1, .events = POLLIN };
        if (poll(fds, WORKERS + 1, patience(s)) < 0 && errno != EINTR)
                return err_errno(err, ERR_BUG, "poll");
        for (size_t i = 0; i < WORKERS; i++) {
                struct worker *worker = &s->workers[i];

                worker->expired = worker->pid && io_monotonic_ms() >= worker->deadline;
                if (worker->pid && (fds[i].revents || worker->expired) && hear(s, worker, err) < 0)
                        return -1;
        }
        return fds[WORKERS].revents ? take_waiting(s, err) : 0;
}

static void stop(struct serve *s)
{
        for (size_t i = 0; i < WORKERS; i++) {
                struct worker *worker = &s->workers[i];

                if (!worker->pid)
                        continue;
                worker->expired = true;
                (void)worker_end(worker);
                for (size_t j = 0; j < worker->count; j++)
                        question_free(&worker->questions[j]);
        }
        for (size_t i = 0; i < s->queued; i++)
                question_free(&s->queue[i]);
}

int serve(int sock, const struct sandbox *sandbox, struct finding_context *context, struct err *err)
{
        struct serve *s = xcalloc(1, sizeof *s);
        int r = 0;

        s->sock = sock;
        s->sandbox = sandbox;
        s->context = context;
        while (r == 0 && !s->closed) {
                r = start_workers(s, err);
                if (r == 0)
                        r = wait_and_hear(s, err);
        }
        stop(s);
        free(s);
        return r;
}
