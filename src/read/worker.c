/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/worker.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/wire.h"
#include "read/finding.h"
#include "read/frame.h"
#include "read/pages.h"
#include "read/sandbox.h"

enum {
        MODEL_MAX = 32 * 1024 * 1024, /* a model as JSON, with the rest of the answer */
        WALL_FACTOR =
            4, /* seconds by the clock for one of CPU: the machine may be busy, but nothing sleeps in there */
};

void question_free(struct question *question)
{
        io_close(&question->fd);
        free(question->name);
        free(question->inner);
        free(question->event);
        question->name = question->event = NULL;
}

/* ---- the child's side */

struct task {
        struct worker *worker;
        const struct finding_context *context;
        struct io_map maps[LIMIT_BATCH];
        char *reasons[LIMIT_BATCH]; /* why a question's bytes are not there; NULL: they are */
};

static size_t allowed(const struct task *task, const struct question *question)
{
        const struct bounds *bounds = &task->context->bounds;
        bool mail = question->kind == QUESTION_MESSAGE ||
                    (question->kind == QUESTION_DOCUMENT && question->part >= 0);

        return (size_t)(mail ? bounds->message_mb : bounds->document_mb) * 1024 * 1024;
}

/* Maps everything, since the locked child has no descriptors. */
static void prepare(void *arg)
{
        struct task *task = arg;

        for (size_t i = 0; i < task->worker->count; i++) {
                const struct question *question = &task->worker->questions[i];
                struct err err = { 0 };

                if (io_map_memfd(question->fd, allowed(task, question), &task->maps[i], &err) < 0)
                        task->reasons[i] = xstrdup(err.text);
        }
}

static json_t *answer(const struct task *task, const struct question *question, const struct io_map *map)
{
        const struct finding_event *event;

        switch (question->kind) {
        case QUESTION_MESSAGE:
                return finding_message(task->context, question->id, question->wish, map->data, map->size);
        case QUESTION_DOCUMENT:
                return finding_document(task->context, question->id, question->wish, map->data, map->size,
                    question->part, question->inner ? question->inner : "", question->name);
        case QUESTION_BLANK:
                event = finding_find(task->context, question->event);
                if (event)
                        return finding_blank(task->context, event, map->data, map->size, question->name);
        }
        return finding_failed(question->id, "a question about an event that is not known");
}

static size_t largest(const struct question *question)
{
        const size_t model = question->wish & FINDING_MODEL ? MODEL_MAX : 0;

        switch (question->kind) {
        case QUESTION_BLANK:
                return MODEL_MAX;
        case QUESTION_DOCUMENT:
                return model + LIMIT_RECORD + LIMIT_PICTURES_SIZE / 3 * 4 +
                       LIMIT_RECORD; /* pictures in base64 */
        case QUESTION_MESSAGE:
                break;
        }
        return model + LIMIT_RECORD;
}

static int work(int out, void *arg)
{
        struct task *task = arg;
        const struct pages_readers *pages = task->context->pages;

        for (size_t i = 0; i < task->worker->count; i++) {
                const struct question *question = &task->worker->questions[i];
                json_t *json = task->reasons[i] ? finding_failed(question->id, task->reasons[i])
                                                : answer(task, question, &task->maps[i]);

                if (pages && pages->need_words()) {
                        json_decref(json);
                        return PAGES_NEED_WORDS;
                }
                if (frame_write(out, json, largest(question)) < 0) {
                        json_decref(json);
                        json = finding_failed(question->id, "what was read is more than fits into an answer");
                        if (frame_write(out, json, LIMIT_RECORD) < 0)
                                return 1;
                }
                json_decref(json);
        }
        return 0;
}

/* ---- the parent's side */

int worker_start(struct worker *worker, const struct sandbox *sandbox, const struct finding_context *context,
    struct err *err)
{
        const struct sandbox_limits limits = { finding_cpu_seconds(context), context->bounds.reader_mb };
        struct task *task = xcalloc(1, sizeof *task);
        const struct sandbox_job job = { prepare, work, task };
        pid_t pid;

        task->worker = worker;
        task->context = context;
        worker->answered = 0;
        worker->expired = worker->needs_words = false;
        worker->received = (struct buf)BUF_INIT(largest(&worker->questions[0]) + 64 * 1024);
        worker->deadline = io_monotonic_ms() + (int64_t)limits.cpu_seconds * 1000 * WALL_FACTOR;
        pid = sandbox_start(sandbox, &limits, &job, &worker->pipe, err);
        free(task); /* the child has its own */
        if (pid < 0)
                return -1;
        worker->pid = pid;
        return 0;
}

int worker_read(struct worker *worker)
{
        char block[16 * 1024];
        ssize_t n = read(worker->pipe, block, sizeof block);

        if (n < 0 && (errno == EAGAIN || errno == EINTR))
                return 1;
        return n > 0 && buf_add(&worker->received, block, (size_t)n) == 0;
}

static bool belongs(const json_t *json, const struct question *question)
{
        const char *op = wire_op(json);
        json_int_t id;

        if (wire_integer(json, "id", question->id, question->id, &id, NULL) < 0)
                return false;
        return str_equal(op, "failed") ||
               str_equal(op, question->kind == QUESTION_MESSAGE ? "message" : "document");
}

int worker_take(struct worker *worker, struct worker_answer *ret_answer)
{
        struct worker_answer answer;
        int r;

        if (worker->answered == worker->count)
                return worker->received.size ? -1 : 0;
        r = frame_peek(&worker->received, largest(&worker->questions[worker->answered]), &answer.text,
            &answer.size, NULL);
        if (r <= 0)
                return r;
        answer.parsed = json_loadb(answer.text, answer.size, JSON_REJECT_DUPLICATES, NULL);
        if (!json_is_object(answer.parsed) || !belongs(answer.parsed, &worker->questions[worker->answered])) {
                json_decref(answer.parsed);
                return -1;
        }
        *ret_answer = answer;
        return 1;
}

void worker_next(struct worker *worker, struct worker_answer *answer)
{
        json_decref(answer->parsed);
        frame_drop(&worker->received);
        worker->answered++;
}

const char *worker_end(struct worker *worker)
{
        bool done = worker->answered == worker->count;
        int status = sandbox_end(worker->pid, worker->expired || done);

        io_close(&worker->pipe);
        buf_free(&worker->received);
        worker->pid = 0;
        worker->needs_words = WIFEXITED(status) && WEXITSTATUS(status) == PAGES_NEED_WORDS;
        if (done)
                return NULL;
        return sandbox_reason(status) ? sandbox_reason(status) : "reading it ended too early";
}
