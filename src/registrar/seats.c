/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/event.h"
#include "core/fold.h"
#include "core/zone.h"
#include "registrar/desk.h"

const struct event *registrar_event(const struct registrar *r, const char *id)
{
        for (size_t i = 0; id && i < r->event_count; i++)
                if (strcmp(r->events[i].id, id) == 0)
                        return &r->events[i];
        return NULL;
}

int seats_history(struct registrar *r, int64_t registration, int64_t message, const char *actor,
    const char *what, const char *detail, struct err *err)
{
        const struct store_history history = {
                .at = r->now,
                .registration = registration,
                .message = message,
                .actor = (char *)(uintptr_t)actor,
                .what = (char *)(uintptr_t)what,
                .detail = (char *)(uintptr_t)detail,
        };

        return store_history_add(r->store, &history, err);
}

static const char *value_of(const struct store_registration *registration, const char *key)
{
        for (size_t i = 0; i < registration->value_count; i++)
                if (strcmp(registration->values[i].key, key) == 0)
                        return registration->values[i].value;
        return NULL;
}

/* The quota that a registration's own answers put it in, or NULL. */
static const struct event_quota *quota_of(
    const struct event *event, const struct store_registration *registration)
{
        for (size_t i = 0; i < event->quota_count; i++)
                if (str_equal(value_of(registration, event->quotas[i].field), event->quotas[i].value))
                        return &event->quotas[i];
        return NULL;
}

int seats_standing(struct registrar *r, const struct event *event,
    const struct store_registration *registration, struct standing *ret_standing, struct err *err)
{
        const struct event_quota *quota = quota_of(event, registration);
        const char *organisation =
            str_is_empty(registration->organisation_key) ? NULL : registration->organisation_key;

        if (store_standing(r->store, event->id, registration->sender, organisation,
                quota ? quota->field : NULL, quota ? quota->value : NULL, ret_standing, err) < 0)
                return -1;
        ret_standing->quota_seats = quota ? quota->seats : -1;
        return 0;
}

/* A held registration that waited keeps waiting for its person, but in a seat now. */
static int move_up(
    struct registrar *r, const struct event *event, struct store_registration *registration, struct err *err)
{
        const bool held = registration->status == STATUS_HELD;
        const struct letter_order order = { .kind = LETTER_PROMOTED,
                .event = event,
                .registration = registration,
                .to = registration->sender,
                .free = true };

        registration->place = PLACE_SEAT;
        registration->place_rule = RULE_PROMOTED;
        registration->position = 0;
        if (!held) {
                registration->status = STATUS_ACCEPTED;
                registration->rule = RULE_PROMOTED;
        }
        if (store_registration_update(r->store, registration, err) < 0 ||
            seats_history(r, registration->id, 0, "keeper", "moved up", rule_text(RULE_PROMOTED), err) < 0)
                return -1;
        return held || !registration->sender ? 0 : letters_queue(r, &order, err);
}

int registrar_promote(struct registrar *r, const struct event *event, struct err *err)
{
        return registrar_promote_others(r, event, 0, err);
}

int registrar_promote_others(struct registrar *r, const struct event *event, int64_t but, struct err *err)
{
        struct store_registration_list waiting = { 0 };
        int result = -1;

        if (store_registration_waiting(r->store, event->id, &waiting, err) < 0)
                return -1;
        for (size_t i = 0; i < waiting.count; i++) {
                struct standing standing;
                enum decide_rule why;

                if (waiting.items[i].id == but)
                        continue;
                if (seats_standing(r, event, &waiting.items[i], &standing, err) < 0)
                        goto out;
                if (standing.seats_taken >= event->seats)
                        break;
                if (!decide_promote(event, &standing, r->now, &why))
                        continue; /* the first who fits */
                if (move_up(r, event, &waiting.items[i], err) < 0)
                        goto out;
        }
        result = 0;
out:
        store_registration_list_free(&waiting);
        return result;
}

const char *registrar_why_waiting(struct registrar *r, const struct store_registration *registration)
{
        const struct event *event = registrar_event(r, registration->event);
        struct standing standing;
        enum decide_rule why = RULE_ROOM_FULL;

        if (!event || registration->place != PLACE_WAITING ||
            seats_standing(r, event, registration, &standing, NULL) < 0)
                return "";
        return decide_promote(event, &standing, r->now, &why) ? "" : rule_text(why);
}

int seats_cancel(struct registrar *r, const struct event *event, struct store_registration *registration,
    const char *actor, int64_t message, struct err *err)
{
        registration->status = STATUS_CANCELLED;
        registration->place = PLACE_NONE;
        registration->position = 0;
        registration->rule = registration->place_rule = RULE_CANCELLED;
        if (store_registration_update(r->store, registration, err) < 0 ||
            store_review_resolve_of(r->store, registration->id, REVIEW_QUESTION, r->now, "cancelled", err) <
                0 ||
            seats_history(r, registration->id, message, actor, "cancelled", "", err) < 0)
                return -1;
        return registrar_promote(r, event, err);
}
