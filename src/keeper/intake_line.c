/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the mailbox through the reader into the store. Memory is flat: fetch hands over no more messages than
 * it has credit for. A pass is what fetch found new at one time; it is decided when all of it has been read.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "keeper/helper.h"
#include "keeper/line.h"
#include "keeper/sent.h"
#include "store/store.h"

void line_add(struct intake_line *line, struct job *job)
{
        job->id = ++line->next_id;
        *line->last = job;
        line->last = &job->next;
        line->jobs++;
}

static void drop_jobs(struct intake_line *line)
{
        while (line->first) {
                struct job *job = line->first;

                line->first = job->next;
                job_free(job);
        }
        line->last = &line->first;
        line->jobs = line->read = 0;
}

bool line_has_batch(const struct intake_line *line)
{
        return line->read && (line->read >= LIMIT_BATCH || line->read == line->jobs);
}

void line_unfit(void *owner)
{
        struct intake_line *line = owner;

        keeper_unfit(line->keeper);
}

struct intake_line *intake_line_new(struct keeper *keeper)
{
        struct intake_line *line = xcalloc(1, sizeof *line);

        line->keeper = keeper;
        line->last = &line->first;
        line->pending = true; /* perhaps from before the last end */
        line->fetch = helper_new(keeper->loop, "zapisy-fetch", SERVER_PATIENCE, &mailbox_calls, line);
        reading_init(line);
        return line;
}

int intake_line_start(struct intake_line *line, struct err *err)
{
        return helper_start(line->halves[HALF_READ].helper, err) < 0 || helper_start(line->fetch, err) < 0
                   ? -1
                   : 0;
}

void intake_line_free(struct intake_line *line)
{
        if (!line)
                return;
        sent_offline(line->keeper->sent, false);
        helper_free(line->fetch);
        reading_end(line);
        drop_jobs(line);
        trouble_free(&line->trouble);
        free(line);
}

bool intake_line_is_ready(const struct intake_line *line)
{
        return helper_has_greeted(line->fetch) && helper_has_greeted(line->halves[HALF_READ].helper);
}

bool intake_line_is_done(const struct intake_line *line)
{
        if (line->jobs && !line->failed)
                return false;
        if (line->failed)
                return !line->pending && !line->read && !reading_asked(line);
        return line->drained && !line->pending && !line->marking && !line->check_marks;
}

/* ---- one step */

/* What cannot be recorded for a reason of its own would fail the next time, too. */
static int leave_to_person(
    struct intake_line *line, const struct job *job, const struct err *why, struct err *err)
{
        struct keeper *keeper = line->keeper;
        CLEANUP_FREE char *reason = xasprintf("it could not be recorded: %s", why->text);
        struct err again;

        log_error("message %u could not be recorded: %s", job->intake.uid, why->text);
        if (store_savepoint(keeper->store, err) < 0)
                return -1;
        if (registrar_withheld(
                &keeper->registrar, job->intake.uidvalidity, job->intake.uid, reason, &again) == 0)
                return store_release(keeper->store, err);
        store_undo(keeper->store);
        line->skipped = keeper->trouble = true; /* it stays in the mailbox; the next start tries again */
        return 0;
}

static int record_one(struct intake_line *line, struct job *job, struct err *err)
{
        struct keeper *keeper = line->keeper;
        bool pending = false;
        struct err why = { 0 };

        if (job->intake.internaldate > keeper->registrar.now + 600 &&
            store_alarm_add(keeper->store, keeper->registrar.now, "clock", err) < 0)
                return -1;
        if (store_savepoint(keeper->store, err) < 0)
                return -1;
        if (registrar_intake(&keeper->registrar, &job->intake, &pending, &why) == 0) {
                line->pending = line->pending || pending;
                return store_release(keeper->store, err);
        }
        store_undo(keeper->store);
        if (why.class == ERR_TEMP) {
                *err = why;
                return -1;
        }
        return leave_to_person(line, job, &why, err);
}

/* The messages that have been read, in the order they came, at most a batch. */
static int record_batch(struct intake_line *line, struct err *err)
{
        size_t count = 0;

        for (struct job *job = line->first; job && count < LIMIT_BATCH; job = job->next) {
                if (job->state != JOB_READ)
                        continue;
                if (record_one(line, job, err) < 0)
                        return -1;
                count++;
        }
        return 0;
}

static void forget_batch(struct intake_line *line)
{
        size_t count = 0, bytes = 0, window;

        for (struct job **at = &line->first; *at && count < LIMIT_BATCH;) {
                struct job *job = *at;

                if (job->state != JOB_READ) {
                        at = &job->next;
                        continue;
                }
                *at = job->next;
                if (!job->next)
                        line->last = at;
                bytes += job->map.size;
                count++;
                job_free(job);
        }
        line->jobs -= count;
        line->read -= count;
        for (size_t i = 0; !line->jobs && i < HALVES; i++)
                line->halves[i].careful = 0;
        if (!count)
                return;
        window = LINE_BYTES / (bytes / count + 1);
        mailbox_credit(line, window < 2 ? 2 : window > LIMIT_IN_FLIGHT ? LIMIT_IN_FLIGHT : window);
}

/* All that was handed over is in the store after this step, and nothing more of this pass will come: what
 * waits may be decided in its order. What a former life left behind waits for the same. */
static bool pass_is_whole(const struct intake_line *line)
{
        return line->jobs == line->read && line->read <= LIMIT_BATCH && (line->drained || line->failed);
}

static int decide_batch(struct intake_line *line, bool *ret_pending, struct err *err)
{
        size_t decided = 0;

        if (registrar_decide_pending(&line->keeper->registrar, LIMIT_BATCH, &decided, err) < 0)
                return -1;
        *ret_pending = decided == LIMIT_BATCH;
        line->check_marks = line->check_marks || decided;
        return 0;
}

static int finish_pass(struct intake_line *line, struct err *err)
{
        if (!line->drained || line->skipped)
                return 0;
        return store_scan_set(line->keeper->store, line->uidvalidity, line->upto, err);
}

/* One transaction: a batch, and, when that was the last of its pass, the first decisions. */
static int step(struct intake_line *line, bool batch, bool *ret_pending, struct err *err)
{
        if (keeper_begin(line->keeper, err) < 0 || (batch && record_batch(line, err) < 0))
                return -1;
        if (pass_is_whole(line) &&
            ((line->pending && decide_batch(line, ret_pending, err) < 0) || finish_pass(line, err) < 0))
                return -1;
        return store_commit(line->keeper->store, err);
}

bool intake_line_work(struct intake_line *line)
{
        bool batch, whole, pending = line->pending;
        struct err err;

        reading_ask(line);
        batch = line_has_batch(line);
        whole = pass_is_whole(line);
        if (batch || (whole && line->pending) || (whole && line->drained && !line->passed)) {
                if (step(line, batch, &pending, &err) < 0) {
                        keeper_failed(line->keeper, "taking in mail", &err);
                        return false;
                }
                if (whole) {
                        line->pending = pending;
                        line->passed = line->drained;
                        line->scanned = line->scanned || (line->drained && !line->skipped);
                }
                if (batch)
                        forget_batch(line);
        }
        mailbox_send_marks(line);
        return pass_is_whole(line) && line->pending;
}
