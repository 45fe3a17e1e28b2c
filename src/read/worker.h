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
        int fd;      /* sealed memfd; owned */
        size_t size; /* of the memfd, as far as is believed */
        int part;    /* of a document */
        char *name;  /* of a document; owned */
        char *event; /* of a blank form: the event's id; owned */
        bool alone;  /* its first child died: it gets one of its own */
};

void question_free(struct question *question);

struct worker {
        pid_t pid; /* 0: none */
        int pipe;
        int64_t deadline; /* io_monotonic_ms() when it is killed */
        bool expired;
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
/* The next answer, of the record that belongs to questions[answered], which is counted. 1, 0 none, -1 the
 * child does not keep to the rules. */
int worker_take(struct worker *worker, json_t **ret_answer);
/* Ends the child and tells why it ended, NULL when in order. */
const char *worker_end(struct worker *worker);
