/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registrar/bounce.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/address.h"
#include "core/bounce.h"
#include "core/zone.h"
#include "registrar/desk.h"
#include "registrar/verp.h"

enum { RECENT = 14 * 24 * 3600 }; /* servers give up after five days; the slowest take two weeks */

static const char flag[] = "undeliverable";

/* ---- which letter */

/* By what proves it first. 1 found, 0 not, -1 error. */
static int find_letter(struct registrar *r, const struct mail *mail, const char *recipient,
    struct store_letter *ret_letter, enum store_evidence *ret_evidence, struct err *err)
{
        int found = verp_find(r, mail, ret_letter, err);

        *ret_evidence = EVIDENCE_VERP;
        if (found == 0) {
                *ret_evidence = EVIDENCE_RETURNED;
                found = store_letter_by_message_id(r->store, &mail->returned_ids, ret_letter, err);
        }
        if (found == 0) {
                *ret_evidence = EVIDENCE_REFERENCE;
                found = store_letter_by_message_id(r->store, &mail->references, ret_letter, err);
        }
        if (found == 0 && address_is_valid(recipient)) {
                *ret_evidence = EVIDENCE_RECIPIENT;
                found = store_letter_sent_to(r->store, recipient, r->now - RECENT, ret_letter, err);
        }
        return found;
}

/* ---- whom it is about */
static bool is_live(const struct store_registration *registration)
{
        return registration->status != STATUS_CANCELLED && registration->status != STATUS_LATE &&
               registration->status != STATUS_REFUSED;
}

static bool has(const struct store_registration_list *list, int64_t id)
{
        for (size_t i = 0; i < list->count; i++)
                if (list->items[i].id == id)
                        return true;
        return false;
}

static void add_take(struct store_registration_list *list, struct store_registration *registration)
{
        list->items = xreallocarray(list->items, list->count + 1, sizeof *list->items);
        list->items[list->count++] = *registration;
        *registration = (struct store_registration){ 0 };
}

static int add_ref(
    struct registrar *r, const char *ref, struct store_registration_list *list, struct err *err)
{
        struct store_registration registration;
        int found = store_registration_by_ref(r->store, ref, &registration, err);

        if (found <= 0)
                return found;
        add_take(list, &registration);
        return 0;
}

/* A letter to a group names no registration, but the mail it answers. */
static int add_group(
    struct registrar *r, int64_t message_id, struct store_registration_list *list, struct err *err)
{
        struct store_message message;
        int found = store_message_get(r->store, message_id, &message, err), status = 0;

        if (found <= 0)
                return found;
        for (size_t i = 0; i < message.refs.count && status == 0; i++)
                status = add_ref(r, message.refs.items[i], list, err);
        store_message_free(&message);
        return status;
}

static int add_neighbours(
    struct registrar *r, const char *address, struct store_registration_list *list, struct err *err)
{
        struct store_registration_list there = { 0 };

        if (store_registration_at(r->store, address, &there, err) < 0)
                return -1;
        for (size_t i = 0; i < there.count; i++)
                if (is_live(&there.items[i]) && !has(list, there.items[i].id))
                        add_take(list, &there.items[i]);
        store_registration_list_free(&there);
        return 0;
}

int bounce_concerned(struct registrar *r, const struct store_letter *letter, bool by_address,
    struct store_registration_list *ret_list, struct err *err)
{
        struct store_registration_list list = { 0 };
        int status = 0;

        if (letter->ref)
                status = add_ref(r, letter->ref, &list, err);
        else if (letter->message)
                status = add_group(r, letter->message, &list, err);
        if (status == 0 && by_address)
                status = add_neighbours(r, letter->to, &list, err);
        if (status < 0) {
                store_registration_list_free(&list);
                return -1;
        }
        *ret_list = list;
        return 0;
}

/* ---- what it changes */
/* 1: it was not marked before. */
static int mark(struct registrar *r, struct store_registration *registration, int64_t since, struct err *err)
{
        if (registration->undeliverable_since != ZONE_NO_TIME)
                return 0;
        registration->undeliverable_since = since;
        if (!str_list_has(&registration->flags, flag))
                str_list_add(&registration->flags, flag);
        return store_registration_update(r->store, registration, err) < 0 ? -1 : 1;
}

static int lift(struct registrar *r, struct store_registration *registration, int64_t message,
    const char *why, struct err *err)
{
        if (registration->undeliverable_since == ZONE_NO_TIME)
                return 0;
        registration->undeliverable_since = ZONE_NO_TIME;
        str_list_remove(&registration->flags, flag);
        if (store_registration_update(r->store, registration, err) < 0)
                return -1;
        return seats_history(r, registration->id, message, "keeper", "reachable again", why, err);
}

/* "permanent, 5.1.1 (by its Message-ID)" */
static char *in_words(const struct store_bounce *bounce)
{
        static const char *const evidence[] = {
                [EVIDENCE_VERP] = "sent to that letter's own envelope sender",
                [EVIDENCE_RETURNED] = "it returns the letter's Message-ID",
                [EVIDENCE_REFERENCE] = "it answers the letter's Message-ID",
                [EVIDENCE_SERVER] = "our server would not take it",
                [EVIDENCE_RECIPIENT] = "only the address fits: no proof",
        };

        return xasprintf("%s%s%s (%s)", bounce_kind_name(bounce->kind), *bounce->status ? ", " : "",
            bounce->status, evidence[bounce->evidence]);
}

static bool says_undeliverable(const struct store_bounce *bounce)
{
        return bounce->kind == BOUNCE_PERMANENT && bounce->evidence != EVIDENCE_RECIPIENT;
}

bool bounce_is_doubtful(const struct store_bounce *bounce)
{
        return bounce->kind == BOUNCE_TEMPORARY ||
               (bounce->kind == BOUNCE_PERMANENT && bounce->evidence == EVIDENCE_RECIPIENT);
}

static int note_one(struct registrar *r, const struct store_letter *letter, const struct store_bounce *bounce,
    struct store_registration *registration, struct err *err)
{
        CLEANUP_FREE char *detail = in_words(bounce);
        CLEANUP_FREE char *alarm = xasprintf("undeliverable %s", registration->ref);
        CLEANUP_FREE char *what = xasprintf("%sletter %lld returned",
            bounce->evidence == EVIDENCE_RECIPIENT ? "perhaps " : "", (long long)letter->id);
        int marked;

        if (seats_history(r, registration->id, bounce->message, "mail", what, detail, err) < 0)
                return -1;
        if (!says_undeliverable(bounce))
                return 0;
        marked = mark(r, registration, bounce->at, err);
        return marked > 0 ? store_alarm_add(r->store, r->now, alarm, err) : marked;
}

/* Records it, and notes it with all it is about. */
static int record(struct registrar *r, const struct store_letter *letter, const struct store_bounce *bounce,
    struct str_list *ret_refs, struct err *err)
{
        struct store_registration_list list = { 0 };
        int status = 0;

        if (store_bounce_add(r->store, bounce, err) < 0 || bounce_concerned(r, letter, true, &list, err) < 0)
                return -1;
        for (size_t i = 0; i < list.count && status == 0; i++) {
                str_list_add(ret_refs, list.items[i].ref);
                status = note_one(r, letter, bounce, &list.items[i], err);
        }
        store_registration_list_free(&list);
        /* Her own letters: she cannot read of it in the digest, so the log says it too. */
        if (status == 0 && letter->kind == LETTER_DIGEST && says_undeliverable(bounce))
                status = store_alarm_add(r->store, r->now, "digest", err);
        return status;
}

int bounce_note(struct registrar *r, const struct mail *mail, struct store_message *message, struct err *err)
{
        struct store_bounce bounce = { .message = message->id, .at = message->internaldate };
        struct store_letter letter;
        struct bounce said;
        int found, status;

        bounce_judge(mail, &said);
        bounce.kind = said.kind;
        memcpy(bounce.status, said.status, sizeof bounce.status);
        if (bounce.at > r->now)
                bounce.at = r->now;
        found = find_letter(r, mail, said.recipient, &letter, &bounce.evidence, err);
        if (found <= 0)
                return found;
        bounce.letter = letter.id;
        status = record(r, &letter, &bounce, &message->refs, err);
        if (status == 0) {
                CLEANUP_FREE char *detail = in_words(&bounce);

                free(message->reason);
                message->reason = xasprintf("letter %lld returned: %s", (long long)letter.id, detail);
        }
        store_letter_free(&letter);
        return status;
}

int bounce_failed(struct registrar *r, const struct store_letter *letter, struct err *err)
{
        const struct store_bounce bounce = {
                .letter = letter->id, .at = r->now, .kind = BOUNCE_PERMANENT, .evidence = EVIDENCE_SERVER
        };

        struct store_registration_list list = { 0 };
        int status = 0;

        if (store_bounce_add(r->store, &bounce, err) < 0 ||
            bounce_concerned(r, letter, false, &list, err) < 0)
                return -1;
        for (size_t i = 0; i < list.count && status >= 0; i++)
                status = mark(r, &list.items[i], bounce.at, err);
        store_registration_list_free(&list);
        return status < 0 ? -1 : 0;
}

/* It came back before and has gone out now, by the coordinator's word: until it comes back again. */
int bounce_sent(struct registrar *r, const struct store_letter *letter, struct err *err)
{
        struct store_registration_list list = { 0 };
        struct store_bounce bounce;
        int found = store_bounce_of(r->store, letter->id, &bounce, err), status = 0;

        if (found <= 0)
                return found;
        if (!says_undeliverable(&bounce))
                return store_bounce_forget(r->store, letter->id, err);
        if (store_bounce_forget(r->store, letter->id, err) < 0 ||
            bounce_concerned(r, letter, true, &list, err) < 0)
                return -1;
        for (size_t i = 0; i < list.count && status == 0; i++)
                status = lift(r, &list.items[i], 0, "the letter that came back has been sent again", err);
        store_registration_list_free(&list);
        return status;
}

int bounce_heard_from(struct registrar *r, const char *address, int64_t at, int64_t message, struct err *err)
{
        struct store_registration_list list = { 0 };
        int status = 0;

        if (store_registration_at(r->store, address, &list, err) < 0)
                return -1;
        for (size_t i = 0; i < list.count && status == 0; i++)
                if (at > list.items[i].undeliverable_since)
                        status =
                            lift(r, &list.items[i], message, "somebody wrote from there with proof", err);
        store_registration_list_free(&list);
        return status;
}

int bounce_lift(
    struct registrar *r, struct store_registration *registration, const char *why, struct err *err)
{
        return lift(r, registration, 0, why, err);
}
