/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message at first sight: known before, not ours, or a registration that waits for its turn. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/address.h"
#include "core/event.h"
#include "core/zone.h"
#include "registrar/bounce.h"
#include "registrar/desk.h"
#include "registrar/hash.h"
#include "registrar/pending.h"
#include "registrar/reason.h"

void intake_add_reading(struct intake *intake, size_t event, struct reading *reading_take, bool mentions)
{
        intake->readings =
            xreallocarray(intake->readings, intake->reading_count + 1, sizeof *intake->readings);
        intake->readings[intake->reading_count++] =
            (struct intake_reading){ .event = event, .reading = *reading_take, .mentions = mentions };
        *reading_take = (struct reading){ 0 };
}

void intake_free(struct intake *intake)
{
        for (size_t i = 0; i < intake->reading_count; i++)
                reading_free(&intake->readings[i].reading);
        free(intake->readings);
        if (intake->mail) {
                mail_free(intake->mail);
                free(intake->mail);
        }
        free(intake->failure);
        str_list_free(&intake->problems);
        blobs_free(&intake->pictures);
        *intake = (struct intake){ 0 };
}

static void fill_message(struct registrar *r, const struct intake *intake, struct store_message *message)
{
        const struct mail *mail = intake->mail;
        int64_t conflict;

        *message = (struct store_message){
                .uidvalidity = intake->uidvalidity,
                .uid = intake->uid,
                .internaldate = intake->internaldate,
                .counted_at = intake->internaldate,
                .date = ZONE_NO_TIME,
                .received_at = ZONE_NO_TIME,
                .fetched_at = r->now,
                .reason = xstrdup(""),
        };
        if (intake->whole) {
                hash_bytes(intake->raw, intake->raw_size, message->sha256);
                message->has_sha = true;
        }
        if (!mail)
                return;
        message->date = mail->date;
        if (mail->received_count)
                message->received_at = mail->received[0].when;
        message->counted_at =
            decide_counted_at(mail, intake->internaldate, &r->config->mailbox.trusted_received_by, &conflict);
        if (mail->message_id) {
                hash_key(mail->message_id, mail->date, mail->from, intake->internaldate, message->key);
                message->has_key = true;
        }
}

/* About a mail that is not kept: it is to be looked at in the mailbox. */
static int ask_a_person(
    struct registrar *r, const struct store_message *message, const char *reason, struct err *err)
{
        const struct store_review item = { .created_at = r->now,
                .message = message->id,
                .kind = (char *)(uintptr_t)class_name(message->class),
                .reason = (char *)(uintptr_t)reason };

        return store_review_add(r->store, &item, NULL, err);
}

/* Not ours: nothing is stored but uid, hashes and class (and what a bounce or an old mail needs to be found
 * again). */
static int record_done(struct registrar *r, const struct intake *intake, struct store_message *message,
    const struct assessment *a, struct err *err)
{
        message->outcome = a->triage.outcome;
        message->decided = true;
        message->marked = true;
        if (a->triage.class != CLASS_OTHER && intake->mail)
                message->message_id = xstrdup(intake->mail->message_id);
        if (store_message_add(r->store, message, NULL, 0, NULL, err) < 0)
                return -1;
        if (a->triage.class == CLASS_BOUNCE && (bounce_note(r, intake->mail, message, err) < 0 ||
                                                   store_message_decide(r->store, message, err) < 0))
                return -1;
        return message->outcome == OUTCOME_REVIEW ? ask_a_person(r, message, a->triage.reason, err) : 0;
}

/* Ours: kept whole as evidence, with what the deciding pass needs. */
static int record_pending(
    struct registrar *r, const struct intake *intake, struct store_message *message, struct err *err)
{
        const struct mail *mail = intake->mail;
        CLEANUP_FREE char *pending = pending_json(r, intake);

        message->kept = true;
        if (mail) {
                message->message_id = xstrdup(mail->message_id);
                message->sender = address_registered(mail->from, mail->reply_to);
        }
        if (store_message_add(r->store, message, intake->raw, intake->raw_size, pending, err) < 0)
                return -1;
        for (size_t i = 0; i < intake->pictures.count; i++)
                if (store_picture_add(r->store, message->id, i, &intake->pictures.items[i], err) < 0)
                        return -1;
        return 0;
}

/* Whether the message was seen before: then only its place is new. Like store_message_find(). */
static int find_known(
    struct registrar *r, const struct intake *intake, const struct store_message *message, struct err *err)
{
        int64_t known = 0;
        int found = store_message_find(r->store, message, &known, err);

        if (found > 0 && store_message_moved(r->store, known, intake->uidvalidity, intake->uid, err) < 0)
                return -1;
        return found;
}

int registrar_intake(struct registrar *r, const struct intake *intake, bool *ret_pending, struct err *err)
{
        struct store_message message;
        struct assessment a = { 0 };
        int found, result = -1;

        fill_message(r, intake, &message);
        found = find_known(r, intake, &message, err);
        if (found) {
                *ret_pending = false;
                result = found < 0 ? -1 : 0;
                goto out;
        }
        if (assess(r, intake, message.counted_at, &a, err) < 0)
                goto out;
        message.class = a.triage.class;
        free(message.reason);
        message.reason = a.triage.keep ? reason_of(intake, a.triage.reason)
                                       : xstrdup(intake->failure ? intake->failure : a.triage.reason);
        *ret_pending = a.triage.keep;
        result = a.triage.keep ? record_pending(r, intake, &message, err)
                               : record_done(r, intake, &message, &a, err);
out:
        assessment_free(&a);
        store_message_free(&message);
        return result;
}

int registrar_claim_unread(
    struct registrar *r, const struct intake *intake, bool *ret_claimed, struct err *err)
{
        struct store_message message;
        struct assessment a = { 0 };
        int found, result = -1;

        *ret_claimed = false;
        fill_message(r, intake, &message);
        found = find_known(r, intake, &message, err);
        if (found || assess(r, intake, message.counted_at, &a, err) < 0) {
                result = found > 0 ? 0 : -1;
                goto out;
        }
        result = 0;
        if (a.triage.class == CLASS_UNREADABLE && !a.facts.proof && !a.registration) {
                message.class = a.triage.class;
                free(message.reason);
                message.reason = reason_of(intake, "it took long to read, and others could not wait");
                result = record_pending(r, intake, &message, err);
                *ret_claimed = result == 0;
        }
out:
        assessment_free(&a);
        store_message_free(&message);
        return result;
}
