/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One locked child and the questions in its hands. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/io.h"
#include "base/limits.h"

struct finding_context;
struct err;
struct sandbox;

enum question_kind { QUESTION_MESSAGE, QUESTION_DOCUMENT, QUESTION_BLANK };

struct question {
        enum question_kind kind;
        json_int_t id;
        int fd;           /* sealed memfd; owned */
        size_t size;      /* of the memfd, as far as is believed */
        int part;         /* of a document */
        char *inner;      /* of a document, the path inside it, or NULL; owned */
        char *name;       /* of a document; owned */
        char *event;      /* of a blank form: the event's id; owned */
        bool wants_model; /* of a blank form: its model is to go on */
        unsigned wish;    /* of enum finding_wish */
        bool alone;       /* its first child died, or its answer is large: it gets one of its own */
        bool again;       /* its first child needed words (read/pages.h) */
};

void question_free(struct question *question);

struct worker {
        pid_t pid; /* 0: none */
        int pipe;
        int64_t deadline; /* io_monotonic_ms() when it is killed */
        bool expired;
        bool needs_words; /* after worker_end(): why it ended */
        struct buf received;
        struct question questions[LIMIT_BATCH]; /* owned; answered in this order */
        size_t count, answered;
};

/* Forks a child for the questions in the worker (count). */
int worker_start(struct worker *worker, const struct sandbox *sandbox, const struct finding_context *context,
    struct err *err);
/* Reads what has come. 1: there may be answers to take; 0: the child has closed its end, or broke the rules.
 */
int worker_read(struct worker *worker);
/* The next answer, which belongs to questions[answered]. 1: its text is borrowed until worker_next(), and
 * parsed is the caller's; 0 none yet; -1 the child does not keep to the rules. */
struct worker_answer {
        const char *text;
        size_t size;
        json_t *parsed;
};
int worker_take(struct worker *worker, struct worker_answer *ret_answer);
void worker_next(
    struct worker *worker, struct worker_answer *answer); /* the answer is done with, and counted */
/* Ends the child and tells why it ended, NULL when in order. */
const char *worker_end(struct worker *worker);
