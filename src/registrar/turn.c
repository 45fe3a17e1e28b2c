/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Whose turn it is: what waits is decided in the order of (counted_at, uid), and a quick mail overtakes one that takes
 * long to read only where that can cost nobody a seat (PRODUCT.md 2, "Seats"). */
#include "base/err.h"
#include "core/event.h"
#include "registrar/desk.h"

static bool is_earlier(const struct store_message *message, const struct registrar_slow *slow)
{
        return message->counted_at < slow->counted_at ||
               (message->counted_at == slow->counted_at && message->uid < slow->uid);
}

/* Whether the event has room for all that may be in the slow mail, whatever group they belong to. */
static int has_room(
    struct registrar *r, const struct event *event, int claims, bool *ret_room, struct err *err)
{
        struct standing now;

        if (store_standing(r->store, event->id, NULL, NULL, NULL, NULL, &now, err) < 0)
                return -1;
        *ret_room = event->seats < 0 || (!event->quota_count && !event->per_organisation &&
                                            event->seats - now.seats_taken > claims);
        return 0;
}

static int may_overtake(struct registrar *r, const struct store_message *message,
    const struct registrar_slow *slow, bool *ret_may, struct err *err)
{
        bool room = slow->claims >= 0 && !(message->sender && str_list_has(&slow->senders, message->sender));

        for (size_t i = 0; i < r->event_count && room; i++)
                if (r->now <= r->events[i].ends && has_room(r, &r->events[i], slow->claims, &room, err) < 0)
                        return -1;
        *ret_may = room;
        return 0;
}

int registrar_decide_pending(struct registrar *r, size_t max, const struct registrar_slow *slow,
    size_t *ret_decided, bool *ret_stopped, struct err *err)
{
        struct store_message_list messages = { 0 };
        struct str_list json = { 0 };
        bool may = true;
        size_t decided = 0;
        int status = 0;

        if (store_message_pending(r->store, max, &messages, &json, err) < 0)
                return -1;
        for (size_t i = 0; i < messages.count && status == 0 && may; i++) {
                if (slow && !is_earlier(&messages.items[i], slow))
                        status = may_overtake(r, &messages.items[i], slow, &may, err);
                if (status == 0 && may)
                        status = admit(r, &messages.items[i], json.items[i], err);
                decided += status == 0 && may;
        }
        if (status == 0) {
                *ret_decided = decided;
                *ret_stopped = !may;
        }
        store_message_list_free(&messages);
        str_list_free(&json);
        return status;
}
