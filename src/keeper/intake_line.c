/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the mailbox through the reader into the store. Memory is flat: fetch hands over no more messages than
 * it has credit for. A pass is what fetch found new at one time; it is decided when all of it has been read.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/log.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/decide.h"
#include "core/mail.h"
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

static int on_patience(sd_event_source *source, uint64_t usec, void *data)
{
        struct intake_line *line = data;

        (void)source, (void)usec;
        line->patience = sd_event_source_disable_unref(line->patience);
        line->hasty = line->impatient = true;
        keeper_kick(line->keeper);
        return 0;
}

/* Somebody waits for a slow document. */
static void have_patience(struct intake_line *line)
{
        const int seconds = line->keeper->config->limits.patience_seconds;

        if (!line->patience)
                sd_event_add_time_relative(line->keeper->loop, &line->patience, CLOCK_MONOTONIC,
                    (uint64_t)seconds * 1000000, 0, on_patience, line);
}

static int on_haste(sd_event_source *source, uint64_t usec, void *data)
{
        struct intake_line *line = data;

        (void)source, (void)usec;
        line->haste = sd_event_source_disable_unref(line->haste);
        line->hasty = true;
        keeper_kick(line->keeper);
        return 0;
}

void line_progress(struct intake_line *line)
{
        if (line_has_batch(line))
                keeper_kick(line->keeper);
        else if (line->read && line->drained && !line->haste)
                sd_event_add_time_relative(line->keeper->loop, &line->haste, CLOCK_MONOTONIC,
                    LINE_HASTE_MS * 1000ULL, 0, on_haste, line);
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
        sd_event_source_disable_unref(line->haste);
        sd_event_source_disable_unref(line->patience);
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
        if ((job->claim ? registrar_read_late(&keeper->registrar, &job->intake, &why)
                        : registrar_intake(&keeper->registrar, &job->intake, &pending, &why)) == 0) {
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

/* Those that are meant as registrations get their place unread; others claim none, and hold nobody up any longer. */
static int claim_slow(struct intake_line *line, struct err *err)
{
        for (struct job *job = line->first; job; job = job->next) {
                bool claimed = false;

                if (job->state == JOB_READ || job->claim || !job->intake.mail)
                        continue;
                if (registrar_claim_unread(&line->keeper->registrar, &job->intake, &claimed, err) < 0)
                        return -1;
                job->claim = claimed ? CLAIM_NOW : CLAIM_NONE;
                line->pending = line->pending || claimed;
        }
        return 0;
}

/* What claim_slow() did is in the store, or not. */
static void settle_claims(struct intake_line *line, bool committed)
{
        for (struct job *job = line->first; job; job = job->next)
                if (job->claim == CLAIM_NOW)
                        job->claim = committed ? CLAIM_DONE : CLAIM_NONE;
}

/* The messages that are still being read. */
static void find_slow(const struct intake_line *line, struct registrar_slow *slow)
{
        const struct registrar *r = &line->keeper->registrar;
        bool unknown = false;

        *slow = (struct registrar_slow){ .counted_at = INT64_MAX };
        for (const struct job *job = line->first; job; job = job->next) {
                const struct intake *intake = &job->intake;
                int64_t counted_at = intake->internaldate, conflict;

                if (job->state == JOB_READ || job->claim || (line->impatient && intake->mail))
                        continue;
                unknown = unknown || !intake->mail;
                if (intake->mail && intake->mail->from)
                        str_list_add(&slow->senders, intake->mail->from);
                if (intake->mail)
                        counted_at = decide_counted_at(
                            intake->mail, counted_at, &r->config->mailbox.trusted_received_by, &conflict);
                if (counted_at < slow->counted_at ||
                    (counted_at == slow->counted_at && intake->uid < slow->uid)) {
                        slow->counted_at = counted_at;
                        slow->uid = intake->uid;
                }
                slow->claims += LIMIT_PEOPLE;
        }
        if (unknown) /* it may count earlier than it came */
                slow->counted_at = INT64_MIN, slow->claims = -1;
}

static int decide_batch(struct intake_line *line, bool *ret_pending, struct err *err)
{
        size_t decided = 0;
        bool stopped = false, whole = pass_is_whole(line);
        struct registrar_slow slow = { 0 };
        int status;

        if (!whole)
                find_slow(line, &slow);
        status = registrar_decide_pending(
            &line->keeper->registrar, LIMIT_BATCH, whole ? NULL : &slow, &decided, &stopped, err);
        str_list_free(&slow.senders);
        if (status < 0)
                return -1;
        *ret_pending = decided == LIMIT_BATCH || stopped;
        if (stopped)
                have_patience(line);
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
        if (line->impatient && !pass_is_whole(line) && claim_slow(line, err) < 0)
                return -1;
        if ((pass_is_whole(line) || line->hasty) && line->pending && decide_batch(line, ret_pending, err) < 0)
                return -1;
        if (pass_is_whole(line) && finish_pass(line, err) < 0)
                return -1;
        return store_commit(line->keeper->store, err);
}

bool intake_line_work(struct intake_line *line)
{
        bool batch, whole, pending = line->pending;
        struct err err;

        reading_ask(line);
        line->hasty = line->hasty && line->drained && line->read <= LIMIT_BATCH;
        batch = line_has_batch(line) || line->hasty;
        whole = pass_is_whole(line);
        if (batch || (whole && line->pending) || (whole && line->drained && !line->passed)) {
                if (step(line, batch, &pending, &err) < 0) {
                        settle_claims(line, false);
                        keeper_failed(line->keeper, "taking in mail", &err);
                        return false;
                }
                settle_claims(line, true);
                if (whole || line->hasty)
                        line->pending = pending;
                line->hasty = line->impatient = false;
                if (whole) {
                        line->passed = line->drained;
                        line->scanned = line->scanned || (line->drained && !line->skipped);
                }
                if (batch)
                        forget_batch(line);
        }
        mailbox_send_marks(line);
        return pass_is_whole(line) && line->pending;
}
