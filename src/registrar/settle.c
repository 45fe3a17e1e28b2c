/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of a letter, and when it is tried again. No letter is given up without the coordinator's knowing. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/schedule.h"
#include "core/zone.h"
#include "registrar/bounce.h"
#include "registrar/desk.h"

#define REVIEW_LETTER "letter"

int fate_parse(const char *word, enum fate *ret_fate)
{
        static const char *const words[] = { [FATE_SENT] = "sent",
                [FATE_AGAIN] = "again",
                [FATE_FAILED] = "failed",
                [FATE_UNCERTAIN] = "uncertain" };

        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
                if (strcmp(word, words[i]) == 0) {
                        *ret_fate = (enum fate)i;
                        return 0;
                }
        return -1;
}

void settled_free(struct settled *settled)
{
        free(settled->ref);
        *settled = (struct settled){ 0 };
}

/* ---- telling the coordinator */

/* "undelivered MW-7K3M", or with the letter's number where it is about nobody in particular. */
static int alarm_about(
    struct registrar *r, const struct store_letter *letter, const char *word, struct err *err)
{
        CLEANUP_FREE char *text = letter->ref ? xasprintf("%s %s", word, letter->ref)
                                              : xasprintf("%s-letter %lld", word, (long long)letter->id);

        return store_alarm_add(r->store, r->now, text, err);
}

static int history(struct registrar *r, const struct store_letter *letter, const char *what, struct err *err)
{
        CLEANUP_FREE char *detail = xasprintf("%s: %s", letter_kind_name(letter->kind), letter->last_error);

        return letter->registration
                   ? seats_history(r, letter->registration, letter->message, "keeper", what, detail, err)
                   : 0;
}

static int tell_failed(struct registrar *r, const struct store_letter *letter, struct err *err)
{
        if (history(r, letter, "letter failed", err) < 0 || bounce_failed(r, letter, err) < 0)
                return -1;
        return alarm_about(r, letter, "undelivered", err);
}

static char *review_reason(const struct store_letter *letter)
{
        return xasprintf(
            "letter %lld may have arrived or not: ask, then zapisyctl outbox retry %lld or drop %lld",
            (long long)letter->id, (long long)letter->id, (long long)letter->id);
}

/* It went out twice without an answer: whether it arrived is for a person to find out. */
static int tell_uncertain(struct registrar *r, const struct store_letter *letter, struct err *err)
{
        CLEANUP_FREE char *reason = review_reason(letter);
        const struct store_review item = { .created_at = r->now,
                .registration = letter->registration,
                .message = letter->message,
                .event = letter->event,
                .kind = (char *)(uintptr_t)REVIEW_LETTER,
                .reason = reason };

        if (history(r, letter, "letter uncertain", err) < 0 ||
            store_review_add(r->store, &item, NULL, err) < 0)
                return -1;
        return alarm_about(r, letter, "uncertain", err);
}

int registrar_letter_taken(
    struct registrar *r, const struct store_letter *letter, const char *what, struct err *err)
{
        CLEANUP_FREE char *reason = review_reason(letter);

        return store_review_resolve_reason(r->store, REVIEW_LETTER, reason, r->now, what, err);
}

/* The server takes nothing since a while: kept in the store, since --once ends between two attempts. */
static int note_server(struct registrar *r, const struct delivery *delivery, struct err *err)
{
        enum { TOLD_AFTER = 3600 };
        static const char key[] = "smtp-trouble";
        CLEANUP_FREE char *kept = NULL, *text = NULL;
        int64_t since;

        if (!delivery->made || (delivery->fate != FATE_SENT && !delivery->server))
                return 0;
        if (store_meta_get(r->store, key, &kept, err) < 0)
                return -1;
        if (!delivery->server)
                return kept ? store_meta_set(r->store, key, NULL, err) : 0;
        if (!kept || str_to_int(kept, INT64_MIN + 1, INT64_MAX, &since) < 0) {
                text = xasprintf("%lld", (long long)r->now);
                return store_meta_set(r->store, key, text, err);
        }
        if (r->now - since < TOLD_AFTER)
                return 0;
        text = xasprintf("smtp %s", delivery->detail);
        return store_alarm_add(r->store, r->now, text, err);
}

/* ---- when again */

/* Of a promotion or a reminder nobody has any use once the training has begun. */
static int64_t loses_its_point(const struct registrar *r, const struct store_letter *letter)
{
        const struct event *event = letter->event ? registrar_event(r, letter->event) : NULL;

        return event && letter_is_generated(letter->kind) && letter->kind != LETTER_DIGEST ? event->starts
                                                                                           : INT64_MAX;
}

static int64_t give_up_at(const struct registrar *r, const struct store_letter *letter)
{
        int64_t patience = INT64_MAX, point = loses_its_point(r, letter);

        if (letter->tried_at != ZONE_NO_TIME)
                patience = letter->tried_at + SCHEDULE_GIVE_UP;
        return patience < point ? patience : point;
}

/* A letter that waits because of the server keeps its turn; one that was itself put before the server steps back,
 * so that the others can get past it. */
static void refused_for_now(const struct registrar *r, struct store_letter *letter, bool asked)
{
        int64_t last = give_up_at(r, letter), next = r->now < last ? r->now : ZONE_NO_TIME;

        if (asked)
                next = schedule_retry(r->now, ++letter->refusals, last);
        letter->state = next == ZONE_NO_TIME ? LETTER_FAILED : LETTER_QUEUED;
        if (next != ZONE_NO_TIME)
                letter->next_at = next;
}

/* Uncertain letters go out once more by themselves, byte for byte the same; then a person decides. */
static void perhaps_sent(const struct registrar *r, struct store_letter *letter)
{
        letter->state = LETTER_UNCERTAIN;
        letter->next_at = letter->again ? INT64_MAX : r->now + SCHEDULE_UNCERTAIN_AFTER;
}

static void judge(const struct registrar *r, struct store_letter *letter, const struct delivery *delivery)
{
        free(letter->last_error);
        letter->last_error = xstrdup(delivery->fate == FATE_SENT ? "" : delivery->detail);
        letter->attempts += delivery->made;
        if (delivery->made && letter->tried_at == ZONE_NO_TIME)
                letter->tried_at = r->now;
        switch (delivery->fate) {
        case FATE_SENT:
                letter->state = LETTER_SENT;
                letter->sent_at = r->now;
                break;
        case FATE_FAILED:
                letter->state = LETTER_FAILED;
                break;
        case FATE_UNCERTAIN:
                perhaps_sent(r, letter);
                break;
        case FATE_AGAIN:
                refused_for_now(r, letter, delivery->asked);
                break;
        }
}

static int tell(struct registrar *r, const struct store_letter *letter, struct err *err)
{
        if (letter->state == LETTER_FAILED)
                return tell_failed(r, letter, err);
        if (letter->state == LETTER_UNCERTAIN && letter->again)
                return tell_uncertain(r, letter, err);
        if (letter->state == LETTER_SENT && letter->attempts > 1)
                return bounce_sent(r, letter, err);
        return 0;
}

static int settle(struct registrar *r, struct store_letter *letter, const struct delivery *delivery,
    struct settled *ret_settled, struct err *err)
{
        judge(r, letter, delivery);
        if (store_letter_settle(r->store, letter, err) < 0 || tell(r, letter, err) < 0 ||
            note_server(r, delivery, err) < 0)
                return -1;
        *ret_settled = (struct settled){
                .ref = letter->ref ? xstrdup(letter->ref) : NULL,
                .fate = letter->state == LETTER_FAILED ? FATE_FAILED : delivery->fate,
                .over =
                    letter->state != LETTER_QUEUED && (letter->state != LETTER_UNCERTAIN || letter->again),
                .next_at = letter->next_at,
        };
        return 0;
}

int registrar_settle(struct registrar *r, int64_t id, const struct delivery *delivery,
    struct settled *ret_settled, struct err *err)
{
        struct store_letter letter;
        int found = store_letter_get(r->store, id, &letter, err), result;

        if (found <= 0)
                return found < 0 ? -1
                                 : err_set(err, ERR_BUG, "a fate for letter %lld, which does not exist",
                                       (long long)id);
        result = settle(r, &letter, delivery, ret_settled, err);
        store_letter_free(&letter);
        return result;
}

int registrar_recover(struct registrar *r, size_t *ret_count, struct err *err)
{
        const struct delivery delivery = { .fate = FATE_UNCERTAIN,
                .detail = "zapisyd ended while it was being sent",
                .asked = true,
                .made = true };
        struct store_letter_list list = { 0 };
        struct settled settled;
        int result = -1;

        if (store_letter_sending(r->store, &list, err) < 0)
                return -1;
        for (size_t i = 0; i < list.count; i++) {
                if (settle(r, &list.items[i], &delivery, &settled, err) < 0)
                        goto out;
                settled_free(&settled);
        }
        *ret_count = list.count;
        result = 0;
out:
        store_letter_list_free(&list);
        return result;
}

/* ---- what leaves now */

static int too_late(struct registrar *r, struct store_letter *letter, struct err *err)
{
        static const struct delivery delivery = { .fate = FATE_FAILED,
                .detail = "not sent before the event began" };
        struct settled settled;

        if (settle(r, letter, &delivery, &settled, err) < 0)
                return -1;
        settled_free(&settled);
        return 0;
}

static int take(struct registrar *r, struct store_letter *letter, struct err *err)
{
        /* One more time by itself, then a person decides. */
        if (letter->state == LETTER_UNCERTAIN)
                letter->again = true;
        letter->state = LETTER_SENDING;
        return store_letter_settle(r->store, letter, err);
}

int registrar_claim(
    struct registrar *r, size_t max, struct store_letter_list *ret_claimed, size_t *ret_late, struct err *err)
{
        struct store_letter_list due = { 0 };
        size_t kept = 0;

        if (store_letter_due(r->store, r->now, max, &due, err) < 0)
                return -1;
        for (size_t i = 0; i < due.count; i++) {
                struct store_letter *letter = &due.items[i];
                bool late = r->now >= loses_its_point(r, letter);

                if ((late ? too_late(r, letter, err) : take(r, letter, err)) < 0) {
                        store_letter_list_free(&due);
                        return -1;
                }
                if (!late && kept++ != i) {
                        due.items[kept - 1] = *letter;
                        *letter = (struct store_letter){ 0 };
                }
                if (late)
                        store_letter_free(letter);
        }
        *ret_late = due.count - kept;
        due.count = kept;
        *ret_claimed = due;
        return 0;
}
