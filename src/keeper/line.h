/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/keeper only: the intake line's state, shared by its three files: the list and the step into the
 * store (intake_line.c), the side of the mailbox (mailbox.c) and the side of the reader (reading.c). */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/str.h"
#include "keeper/job.h"
#include "keeper/keeper.h"
#include "keeper/trouble.h"

struct helper;
struct helper_calls;

enum {
        LINE_BYTES = 64 * 1024 * 1024, /* about so much mail may be in flight */
        LINE_FIRST_CREDIT = 16,
        LINE_HASTE_MS = 100,
        LINE_MARKS = 1000, /* UIDs in one mark record */
};

/* The reader's two halves: zapisy-read, and zapisy-pages for PDF files and pictures, which runs only while there
 * are such. */
enum { HALF_READ, HALF_PAGES, HALVES };

struct half {
        struct intake_line *line;
        struct helper *helper;
        sd_event_source *guard; /* for its silence */
        sd_event_source *idle;  /* pages: ends it */
        size_t asked;
        size_t blanks; /* blank forms in its hands */
        int spoilt;    /* times it ended over them, in a row */
        int careful;   /* questions to ask one at a time, after it died */
};

struct intake_line {
        struct keeper *keeper;
        struct helper *fetch;
        struct half halves[HALVES];
        struct str_list models; /* events whose blank form zapisy-pages reads for both */
        struct job *first, **last;
        size_t jobs, read;
        int64_t next_id;
        size_t credit; /* messages that fetch may still hand over */
        uint32_t uidvalidity;
        sd_event_source *haste; /* what has been read is not kept waiting for long by what has not */
        bool hasty;
        sd_event_source *patience; /* nor for longer than the configuration says where it could cost a seat */
        bool impatient;
        bool drained; /* the pass has been handed over whole */
        uint32_t upto;
        bool pending;     /* the store has messages that wait for their decision */
        bool marking;     /* a mark record is out */
        bool check_marks; /* there may be something to mark */
        bool skipped;     /* a message could not be recorded: the scan mark stays */
        bool online;      /* fetch is logged in */
        bool wants_login; /* fetch waits for a token to log in with */
        bool token_again; /* the token was refused, and another one is under way: no failure yet */
        bool failed;      /* --once: the mailbox cannot be had */
        bool scanned;     /* the first pass is over */
        bool passed;      /* the pass that was handed over last is in the store, and its end too */
        struct trouble trouble;
};

/* ---- reading.c */
void reading_init(struct intake_line *line);
void reading_end(struct intake_line *line);
/* Asks all that can be asked now. */
void reading_ask(struct intake_line *line);
size_t reading_asked(const struct intake_line *line); /* questions that are out */

/* ---- mailbox.c */
extern const struct helper_calls mailbox_calls;
/* Lets fetch hand over so many that this many are in flight. */
void mailbox_credit(struct intake_line *line, size_t window);
void mailbox_send_marks(struct intake_line *line);

/* ---- intake_line.c */
void line_add(struct intake_line *line, struct job *job_take);
void line_unfit(void *owner);
/* Something was read, though perhaps not all. */
void line_progress(struct intake_line *line);
/* Whether the next step would record something. */
bool line_has_batch(const struct intake_line *line);
