/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/keeper only: one message on its way from the mailbox through the reader, and the list of them.
 */
#pragma once

#include <jansson.h>

#include "base/io.h"
#include "registrar/registrar.h"

struct config;
struct wire_record;

enum job_state { JOB_TO_ASK, JOB_ASKED, JOB_READ };

struct job {
        struct job *next;
        int64_t id; /* of its questions */
        enum job_state state;
        int bytes; /* memfd as fetched */
        struct io_map map;
        struct intake intake; /* filled as answers come */
        int part;             /* document asked for, or -1 for the mail itself */
        size_t next_part;     /* where to look for the next document */
        size_t asked;         /* place of the document asked for */
        bool pictures;        /* the documents have been asked for, and none is a form: pictures come next */
        int documents;        /* asked for so far */
        int tries;            /* times its reader died over the present question */
        bool pages;           /* the document asked for is one for zapisy-pages */
        bool headers_only;    /* the whole could not be read: only the headers are asked for */
        enum {
                CLAIM_NONE,
                CLAIM_NOW,
                CLAIM_DONE
        } claim;          /* it has its place already, unread; now: not yet committed */
        bool sealed_done; /* nothing more is asked */
};

/* From fetch's "message" record; NULL with err when it makes no sense. */
struct job *job_new(struct wire_record *record, size_t max_bytes, struct err *err);
void job_free(struct job *job);
/* The next question to the reader: its memfd (the caller's to close) and JSON, or NULL when all is known
 * (then the job is JOB_READ). */
json_t *job_question(struct job *job, int *ret_fd, struct err *err);
/* Whether nothing is left to ask: it becomes JOB_READ without a reader. */
bool job_settle(struct job *job);
/* Takes an answer that the reader gave; what makes no sense is treated as a failure of the reader. */
void job_answer(struct job *job, const struct registrar *registrar, const json_t *answer);
/* The pictures that came with it; what makes no sense is left. */
void job_pictures(struct job *job, const json_t *sizes, int fd);
/* The question that is out will be asked once more. */
void job_again(struct job *job);
/* The document that would be asked for next cannot be: as if its reader had failed. */
void job_skip(struct job *job, const char *reason);
/* The reader could not: the reason is kept, and the next best thing is asked. */
void job_failed(struct job *job, const char *reason);
