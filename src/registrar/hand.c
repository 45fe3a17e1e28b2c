/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The coordinator's word: a form from paper, a correction, a seat given or taken, a review item settled. */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/event.h"
#include "core/fold.h"
#include "core/zone.h"
#include "registrar/bounce.h"
#include "registrar/desk.h"

static int find(struct registrar *r, const char *ref, struct store_registration *ret,
    const struct event **ret_event, struct err *err)
{
        int found = store_registration_by_ref(r->store, ref, ret, err);

        if (found < 0)
                return -1;
        if (!found)
                return err_set(err, ERR_INPUT, "no registration %s; \"zapisyctl list\" shows them all", ref);
        *ret_event = registrar_event(r, ret->event);
        if (*ret_event)
                return 0;
        err_set(err, ERR_INPUT, "the event of %s is no longer configured", ref);
        store_registration_free(ret);
        return -1;
}

/* Lays the coordinator's values over a person; her word is sure. */
static int apply_fields(const struct event *event, const struct hand_field *fields, size_t count,
    struct person *person, struct err *err)
{
        for (size_t i = 0; i < count; i++) {
                const struct field *field = form_field(&event->form, fields[i].key);
                struct reading_value *value;
                char *normal = NULL;

                if (!field)
                        return err_set(
                            err, ERR_INPUT, "the form of %s has no field \"%s\"", event->id, fields[i].key);
                if (*fields[i].value && field_normalise(field, fields[i].value, &normal) < 0)
                        return err_set(err, ERR_INPUT, "\"%s\" is no %s (field %s)", fields[i].value,
                            field_type_name(field->type), field->key);
                value = &person->values[field - event->form.fields];
                free(value->value);
                free(value->where);
                *value = (struct reading_value){
                        .value = normal, .where = normal ? xstrdup("coordinator") : NULL, .confidence = 1.0
                };
        }
        return 0;
}

static int letter(struct registrar *r, const struct event *event, struct store_registration *registration,
    enum letter_kind kind, const struct person *before, const struct str_list *missing, bool was_seat,
    bool quiet, struct err *err)
{
        const struct letter_order order = {
                .kind = kind,
                .event = event,
                .registration = registration,
                .before = before,
                .missing = missing,
                .to = registration->sender,
                .free = true,
                .with_calendar_cancel = was_seat,
        };

        return quiet || !registration->sender ? 0 : letters_queue(r, &order, err);
}

/* Paper has no sender: the form's own e-mail is where letters go, if it names one. */
static char *paper_address(const struct event *event, const struct person *person)
{
        for (size_t i = 0; i < event->form.count; i++)
                if (event->form.fields[i].type == FIELD_EMAIL && person->values[i].value)
                        return xstrdup(person->values[i].value);
        return NULL;
}

/* The registration brings its event, channel, sender, message and counted_at. */
static int register_from(struct registrar *r, const struct event *event,
    struct store_registration *registration, const struct person *person, bool quiet, char **ret_ref,
    struct err *err)
{
        struct str_list missing = { 0 }, unsure = { 0 };
        struct claim claim;
        int status;

        decide_claim(
            event, person, r->config->limits.confidence, registration->counted_at, &claim, &missing, &unsure);
        person_set_values(event, registration, person);
        status = person_register(r, event, registration, &claim, &unsure, err);
        if (status == 0)
                status = letter(r, event, registration, person_letter_kind(registration->status), NULL,
                    &missing, false, quiet || registration->rule == RULE_AFTER_END, err);
        if (status == 0)
                *ret_ref = xstrdup(registration->ref);
        str_list_free(&missing);
        str_list_free(&unsure);
        return status;
}

static int register_paper(struct registrar *r, const struct event *event, enum channel channel,
    int64_t received, const struct person *person, bool quiet, char **ret_ref, struct err *err)
{
        struct store_registration registration = { .event = xstrdup(event->id),
                .channel = channel,
                .counted_at = received,
                .sender = paper_address(event, person) };
        int status = register_from(r, event, &registration, person, quiet, ret_ref, err);

        store_registration_free(&registration);
        return status;
}

static int register_by_hand(struct registrar *r, const struct event *event,
    const struct store_message *message, const struct person *person, bool quiet, char **ret_ref,
    struct err *err)
{
        struct store_registration registration = { .event = xstrdup(event->id),
                .channel = CHANNEL_EMAIL,
                .counted_at = message->counted_at,
                .sender = xstrdup(message->sender),
                .message = message->id };
        int status = register_from(r, event, &registration, person, quiet, ret_ref, err);

        store_registration_free(&registration);
        return status;
}

int registrar_add(struct registrar *r, const struct event *event, enum channel channel, int64_t received,
    const struct hand_field *fields, size_t count, bool quiet, char **ret_ref, struct err *err)
{
        const struct field *name = form_name_field(&event->form);
        struct person person = { .values = xcalloc(event->form.count, sizeof *person.values) };
        int status = apply_fields(event, fields, count, &person, err);

        if (status == 0 && name && !person.values[name - event->form.fields].value)
                status = err_set(err, ERR_INPUT, "a form needs a name: %s=\"Jan Kowalski\"", name->key);
        if (status == 0)
                status = register_paper(r, event, channel, received, &person, quiet, ret_ref, err);
        person_free(&person, event->form.count);
        return status;
}

/* Judges again by what the coordinator completed; the first instant keeps counting, she vouches for it. */
static int judge_completed(struct registrar *r, const struct event *event,
    struct store_registration *registration, const struct person *person, bool quiet, struct err *err)
{
        struct str_list missing = { 0 }, unsure = { 0 };
        struct claim claim;
        int status;

        decide_claim(
            event, person, r->config->limits.confidence, registration->counted_at, &claim, &missing, &unsure);
        status = person_judge_again(r, event, registration, &claim, &unsure, "coordinator", 0, err);
        if (status == 0)
                status = letter(r, event, registration, person_letter_kind(registration->status), NULL,
                    &missing, false, quiet, err);
        str_list_free(&missing);
        str_list_free(&unsure);
        return status;
}

/* Letters follow a new e-mail where the form's own is where they go (paper), or where the old one is known to
 * be no good: then the coordinator has just asked for a better one. */
static int follow_email(struct registrar *r, const struct event *event,
    struct store_registration *registration, const struct person *before, const struct person *after,
    struct err *err)
{
        CLEANUP_FREE char *was = paper_address(event, before), *is = paper_address(event, after);

        if (!is || str_equal(was, is) ||
            (registration->channel == CHANNEL_EMAIL && registration->undeliverable_since == ZONE_NO_TIME))
                return 0;
        free(registration->sender);
        registration->sender = xstrdup(is);
        if (seats_history(r, registration->id, 0, "coordinator", "letters go to another address", "", err) <
            0)
                return -1;
        return bounce_lift(r, registration, "the coordinator gave another address", err);
}

static int save_edit(struct registrar *r, const struct event *event, struct store_registration *registration,
    const struct person *before, const struct person *after, bool quiet, struct err *err)
{
        person_set_values(event, registration, after);
        if (follow_email(r, event, registration, before, after, err) < 0 ||
            store_registration_update(r->store, registration, err) < 0 ||
            seats_history(r, registration->id, 0, "coordinator", "edited", "", err) < 0)
                return -1;
        if (registration->status == STATUS_INCOMPLETE)
                return judge_completed(r, event, registration, after, quiet, err);
        if (letter(r, event, registration, LETTER_UPDATED, before, NULL, false, quiet, err) < 0)
                return -1;
        return registrar_promote(r, event, err); /* a quota or an organisation may have room now */
}

int registrar_edit(struct registrar *r, const char *ref, const struct hand_field *fields, size_t count,
    bool quiet, struct err *err)
{
        struct store_registration registration;
        const struct event *event;
        struct person before, after;
        int status;

        if (find(r, ref, &registration, &event, err) < 0)
                return -1;
        registrar_person(event, &registration, &before);
        registrar_person(event, &registration, &after);
        status = apply_fields(event, fields, count, &after, err);
        if (status == 0)
                status = save_edit(r, event, &registration, &before, &after, quiet, err);
        person_free(&before, event->form.count);
        person_free(&after, event->form.count);
        store_registration_free(&registration);
        return status;
}

/* Her word stands in the row, the history and a letter; reviews about that registration are settled by it. */
static int put(struct registrar *r, const struct event *event, struct store_registration *registration,
    enum status status, enum place place, bool quiet, struct err *err)
{
        const enum place before = registration->place;

        registration->status = status;
        registration->place = place;
        registration->rule = registration->place_rule = RULE_COORDINATOR;
        if (store_registration_update(r->store, registration, err) < 0 ||
            store_review_resolve_of(
                r->store, registration->id, REVIEW_QUESTION, r->now, status_name(status), err) < 0 ||
            seats_history(r, registration->id, 0, "coordinator", status_name(status), "", err) < 0)
                return -1;
        if (place == PLACE_WAITING) {
                struct store_registration fresh;

                if (store_registration_get(r->store, registration->id, &fresh, err) <= 0)
                        return -1;
                registration->position = fresh.position;
                store_registration_free(&fresh);
        }
        if (letter(r, event, registration, person_letter_kind(status), NULL, NULL, false, quiet, err) < 0)
                return -1;
        if (before != PLACE_SEAT || place == PLACE_SEAT)
                return 0;
        return registrar_promote_others(r, event, registration->id, err);
}

int registrar_accept(struct registrar *r, const char *ref, bool extra_seat, bool quiet, struct err *err)
{
        struct store_registration registration;
        const struct event *event;
        struct standing standing;
        int status = 0;

        if (find(r, ref, &registration, &event, err) < 0)
                return -1;
        if (registration.status == STATUS_ACCEPTED)
                status = err_set(err, ERR_INPUT, "%s is accepted already", ref);
        if (status == 0)
                status = seats_standing(r, event, &registration, &standing, err);
        if (status == 0 && registration.place != PLACE_SEAT && standing.seats_taken >= event->seats &&
            !extra_seat)
                status = err_set(err, ERR_INPUT,
                    "all seats are taken (%d): use --extra-seat to seat one more", event->seats);
        if (status == 0)
                status = put(r, event, &registration, STATUS_ACCEPTED, PLACE_SEAT, quiet, err);
        store_registration_free(&registration);
        return status;
}

int registrar_waitlist(struct registrar *r, const char *ref, bool quiet, struct err *err)
{
        struct store_registration registration;
        const struct event *event;
        int status = 0;

        if (find(r, ref, &registration, &event, err) < 0)
                return -1;
        if (registration.status == STATUS_WAITLISTED)
                status = err_set(err, ERR_INPUT, "%s is on the waiting list already", ref);
        if (status == 0)
                status = put(r, event, &registration, STATUS_WAITLISTED, PLACE_WAITING, quiet, err);
        store_registration_free(&registration);
        return status;
}

int registrar_cancel(struct registrar *r, const char *ref, bool quiet, struct err *err)
{
        struct store_registration registration;
        const struct event *event;
        bool was_seat;
        int status = 0;

        if (find(r, ref, &registration, &event, err) < 0)
                return -1;
        was_seat = registration.place == PLACE_SEAT && registration.status == STATUS_ACCEPTED;
        if (registration.status == STATUS_CANCELLED)
                status = err_set(err, ERR_INPUT, "%s is cancelled already", ref);
        if (status == 0)
                status = seats_cancel(r, event, &registration, "coordinator", 0, err);
        if (status == 0)
                status = letter(r, event, &registration, LETTER_CANCELLED, NULL, NULL, was_seat, quiet, err);
        store_registration_free(&registration);
        return status;
}

/* A mail that no rule could register (a robot's form, a tie between events): the coordinator read it, and it
 * counts from when it came. */
static int register_message(struct registrar *r, const struct store_review *review,
    const struct hand_field *fields, size_t count, bool quiet, char **ret_said, struct err *err)
{
        const struct event *event = registrar_event(r, review->event);
        struct store_message message;
        struct person person;
        char *ref = NULL;
        int found = store_message_get(r->store, review->message, &message, err), status;

        if (found <= 0)
                return found < 0 ? -1
                                 : err_set(err, ERR_INPUT, "review item %lld has no message: use --dismiss",
                                       (long long)review->id);
        if (!event && r->event_count == 1)
                event = &r->events[0];
        if (!event) {
                store_message_free(&message);
                return err_set(err, ERR_INPUT, "review item %lld names no event: name it with -e EVENT",
                    (long long)review->id);
        }
        person.values = xcalloc(event->form.count, sizeof *person.values);
        status = apply_fields(event, fields, count, &person, err);
        if (status == 0)
                status = register_by_hand(r, event, &message, &person, quiet, &ref, err);
        if (status == 0) {
                str_list_add(&message.refs, ref);
                status = store_message_decide(r->store, &message, err);
        }
        if (status == 0)
                *ret_said = xasprintf("%s", ref);
        free(ref);
        person_free(&person, event->form.count);
        store_message_free(&message);
        return status;
}

/* Who has a seat or waits keeps the place, an acceptance above all: there the coordinator's answer is a
 * correction. Others are judged by it. */
static int settle_values(struct registrar *r, const struct event *event,
    struct store_registration *registration, const struct person *person, bool quiet, struct err *err)
{
        struct person before;
        int status;

        if (registration->status == STATUS_HELD || registration->place == PLACE_NONE) {
                person_set_values(event, registration, person);
                return judge_completed(r, event, registration, person, quiet, err);
        }
        registrar_person(event, registration, &before);
        person_set_unsure(registration, NULL);
        status = save_edit(r, event, registration, &before, person, quiet, err);
        person_free(&before, event->form.count);
        return status;
}

static int resolve_with(struct registrar *r, const struct store_review *review,
    const struct hand_field *fields, size_t count, bool quiet, char **ret_said, struct err *err)
{
        struct store_registration registration;
        const struct event *event;
        struct person person;
        int status;

        if (!review->ref)
                return register_message(r, review, fields, count, quiet, ret_said, err);
        if (find(r, review->ref, &registration, &event, err) < 0)
                return -1;
        registrar_person(event, &registration, &person);
        for (size_t i = 0; i < event->form.count; i++)
                person.values[i].confidence = 1.0; /* she has looked at all of it */
        status = apply_fields(event, fields, count, &person, err);
        if (status == 0)
                status = settle_values(r, event, &registration, &person, quiet, err);
        if (status == 0)
                *ret_said = xasprintf("%s: %s", registration.ref, status_name(registration.status));
        person_free(&person, event->form.count);
        store_registration_free(&registration);
        return status;
}

/* What was held and is dismissed was no registration: its place goes to the next, and nobody is written to.
 */
static int dismiss(struct registrar *r, const struct store_review *review, char **ret_said, struct err *err)
{
        struct store_registration registration;
        const struct event *event;
        int status;

        if (store_review_resolve(r->store, review->id, r->now, "dismissed", err) < 0)
                return -1;
        *ret_said = xstrdup("dismissed");
        if (!review->ref)
                return 0;
        if (find(r, review->ref, &registration, &event, err) < 0)
                return -1;
        status = seats_history(r, registration.id, 0, "coordinator", "review dismissed", review->reason, err);
        if (status == 0 && registration.status == STATUS_HELD)
                status = seats_cancel(r, event, &registration, "coordinator", 0, err);
        store_registration_free(&registration);
        return status;
}

int registrar_resolve(struct registrar *r, int64_t id, const struct hand_field *fields, size_t count,
    bool quiet, char **ret_said, struct err *err)
{
        struct store_review review;
        bool open;
        int found = store_review_get(r->store, id, &review, &open, err), status;

        if (found < 0)
                return -1;
        if (!found)
                return err_set(
                    err, ERR_INPUT, "no review item %lld; \"zapisyctl review\" shows them", (long long)id);
        if (!open)
                status = err_set(err, ERR_INPUT, "review item %lld is settled already", (long long)id);
        else if (count)
                status = resolve_with(r, &review, fields, count, quiet, ret_said, err);
        else
                status = dismiss(r, &review, ret_said, err);
        if (status == 0 && count)
                status = store_review_resolve(r->store, id, r->now, "resolved", err);
        store_review_free(&review);
        return status;
}
