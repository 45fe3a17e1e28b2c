/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What took longer to read than others could wait: it was given its place unread, and now is judged by what was read
 * (PRODUCT.md 2, "Seats"). */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/event.h"
#include "registrar/desk.h"

struct late {
        const struct intake *intake;
        struct store_message *message;
        const struct event *event;
        size_t event_index;
};

static int answer(struct registrar *r, const struct late *late, struct store_registration *registration,
    const struct str_list *missing, const struct str_list *unsure, struct err *err)
{
        const struct letter_order order = { .kind = person_letter_kind(registration->status),
                .event = late->event,
                .registration = registration,
                .missing = missing,
                .unsure = unsure,
                .answers = late->intake->mail,
                .message = late->message->id,
                .to = registration->sender,
                .free = true };

        return registration->rule == RULE_AFTER_END ? 0 : letters_queue(r, &order, err);
}

/* registration: the one that holds the place, or a new one (id 0) for a further person of the same mail. */
static int judge(struct registrar *r, const struct late *late, struct store_registration *registration,
    const struct person *person, struct err *err)
{
        const enum status before = registration->id ? registration->status : STATUS_COUNT;
        struct str_list missing = { 0 }, unsure = { 0 };
        struct claim claim;
        int status;

        decide_claim(late->event, person, r->config->limits.confidence, registration->counted_at, &claim,
            &missing, &unsure);
        person_set_values(late->event, registration, person);
        status = registration->id ? person_judge_again(r, late->event, registration, &claim, &unsure, "mail",
                                        late->message->id, err)
                                  : person_register(r, late->event, registration, &claim, &unsure, err);
        if (status == 0 && !str_list_has(&late->message->refs, registration->ref))
                str_list_add(&late->message->refs, registration->ref);
        late->message->class = CLASS_FORM;
        if (status == 0 && registration->status != before)
                status = answer(r, late, registration, &missing, &unsure, err);
        str_list_free(&missing);
        str_list_free(&unsure);
        return status;
}

static int judge_another(struct registrar *r, const struct late *late, const struct store_registration *first,
    const struct person *person, struct err *err)
{
        struct store_registration registration = { .event = xstrdup(first->event),
                .channel = CHANNEL_EMAIL,
                .counted_at = first->counted_at,
                .sender = xstrdup(first->sender),
                .message = late->message->id };
        int status = judge(r, late, &registration, person, err);

        store_registration_free(&registration);
        return status;
}

static int judge_people(
    struct registrar *r, const struct late *late, struct store_registration *registration, struct err *err)
{
        bool first = true;
        int status = 0;

        for (size_t i = 0; i < late->intake->reading_count && status == 0; i++) {
                const struct intake_reading *source = &late->intake->readings[i];

                for (size_t p = 0; source->event == late->event_index && source->reading.form &&
                                   p < source->reading.people_count && status == 0;
                     p++, first = false)
                        status = first
                                     ? judge(r, late, registration, &source->reading.people[p], err)
                                     : judge_another(r, late, registration, &source->reading.people[p], err);
        }
        return status;
}

/* Only what still waits as it was left: a person may have settled it meanwhile. */
static bool is_untouched(const struct store_registration_list *list)
{
        return list->count == 1 && list->items[0].status == STATUS_HELD && !list->items[0].value_count;
}

static int judge_message(
    struct registrar *r, const struct intake *intake, struct store_message *message, struct err *err)
{
        struct store_registration_list list = { 0 };
        struct late late = { .intake = intake, .message = message };
        int status = 0;

        for (size_t i = 0; i < intake->pictures.count && status == 0; i++)
                status = store_picture_add(r->store, message->id, i, &intake->pictures.items[i], err);
        if (status < 0 || store_registration_of_message(r->store, message->id, &list, err) < 0)
                return -1;
        late.event = list.count ? registrar_event(r, list.items[0].event) : NULL;
        if (late.event && is_untouched(&list)) {
                late.event_index = (size_t)(late.event - r->events);
                status = judge_people(r, &late, &list.items[0], err);
                if (status == 0)
                        status = store_message_decide(r->store, message, err);
        }
        store_registration_list_free(&list);
        return status;
}

int registrar_read_late(struct registrar *r, const struct intake *intake, struct err *err)
{
        const struct store_message like = { .uidvalidity = intake->uidvalidity, .uid = intake->uid };
        struct store_message message;
        int64_t id;
        int found = store_message_find(r->store, &like, &id, err), status;

        if (found > 0)
                found = store_message_get(r->store, id, &message, err);
        if (found <= 0)
                return found;
        status = judge_message(r, intake, &message, err);
        store_message_free(&message);
        return status;
}
