/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The deciding pass: what waits is decided in order of (counted_at, uid), one mail at a time, one letter a
 * mail. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/limits.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/address.h"
#include "core/email.h"
#include "core/event.h"
#include "core/name.h"
#include "core/zone.h"
#include "registrar/bounce.h"
#include "registrar/desk.h"
#include "registrar/pending.h"

static int review_mail(
    struct registrar *r, const struct mail_case *c, const char *kind, const char *reason, struct err *err)
{
        const struct store_review item = {
                .created_at = r->now,
                .registration = c->assessment->registration,
                .message = c->message->id,
                .event = c->event ? c->event->id : NULL,
                .kind = (char *)(uintptr_t)kind,
                .reason = (char *)(uintptr_t)reason,
        };

        c->message->outcome = OUTCOME_REVIEW;
        return store_review_add(r->store, &item, NULL, err);
}

/* ---- the people of a mail, from its body and its documents */
struct people {
        const struct person *items[LIMIT_PEOPLE];
        size_t count;
        bool forms; /* of forms; else answers that add to what is known */
        bool more;  /* than fit */
};

static size_t values_in(const struct event *event, const struct person *person)
{
        size_t n = 0;

        for (size_t i = 0; i < event->form.count; i++)
                n += person->values[i].value != NULL;
        return n;
}

static const char *name_in(const struct event *event, const struct person *person)
{
        const struct field *field = form_name_field(&event->form);
        const char *name = field ? person->values[field - event->form.fields].value : NULL;

        return name ? name : "";
}

/* The same name twice in one mail (a body that repeats its attachment) is one person: the fuller reading
 * counts. */
static void add_person(const struct event *event, struct people *people, const struct person *person)
{
        for (size_t i = 0; i < people->count; i++)
                if (name_equal(name_in(event, people->items[i]), name_in(event, person))) {
                        if (values_in(event, person) > values_in(event, people->items[i]))
                                people->items[i] = person;
                        return;
                }
        if (people->count < LIMIT_PEOPLE)
                people->items[people->count++] = person;
        else
                people->more = true;
}

/* A filled copy of the blank form whose name was left out is somebody's all the same; with proof it is theirs who are
 * known already. */
static bool is_of_form(const struct mail_case *c, const struct reading *reading, const struct person *person)
{
        if (c->assessment->facts.proof && !*name_in(c->event, person))
                return false;
        return reading_person_counts(&c->event->form, reading, person);
}

static void collect(const struct mail_case *c, bool forms, size_t event_index, struct people *people)
{
        people->forms = forms;
        for (size_t i = 0; i < c->intake->reading_count; i++) {
                const struct intake_reading *source = &c->intake->readings[i];

                if (source->event != event_index || str_list_has(&source->reading.problems, READING_QUOTED))
                        continue;
                people->more = people->more || str_list_has(&source->reading.problems, READING_MORE_PEOPLE);
                for (size_t p = 0; p < source->reading.people_count; p++) {
                        const struct person *person = &source->reading.people[p];

                        if (values_in(c->event, person) && is_of_form(c, &source->reading, person) == forms)
                                add_person(c->event, people, person);
                }
        }
}

/* ---- what the mail as a whole was */
static void sum_up(const struct mail_case *c, const struct person_result *results, size_t count)
{
        static const enum outcome order[] = { OUTCOME_REGISTERED, OUTCOME_COMPLETED, OUTCOME_UPDATED,
                OUTCOME_REVIEW, OUTCOME_DUPLICATE };
        struct store_message *message = c->message;

        for (size_t i = 0; i < count; i++)
                if (results[i].registration.ref)
                        str_list_add(&message->refs, results[i].registration.ref);
        for (size_t k = 0; k < sizeof order / sizeof *order; k++)
                for (size_t i = 0; i < count; i++)
                        if (results[i].outcome == order[k]) {
                                message->outcome = order[k];
                                if (order[k] == OUTCOME_REGISTERED && message->class == CLASS_CHANGE)
                                        message->class = CLASS_FORM;
                                if (order[k] == OUTCOME_COMPLETED)
                                        message->class = CLASS_COMPLETION;
                                return;
                        }
}

/* What the form says of an address is seen beside the one that the mail came from. */
static void compare_with_sender(const struct mail_case *c, struct reading_value *values)
{
        const struct form *form = &c->event->form;

        for (size_t i = 0; i < form->count; i++)
                if (form->fields[i].type == FIELD_EMAIL && values[i].value)
                        values[i].confidence =
                            email_beside_sender(values[i].value, c->sender, values[i].confidence);
}

static int admit_person(struct registrar *r, const struct mail_case *c, const struct people *people,
    const struct person *person, struct person_result *ret_result, struct err *err)
{
        struct person compared = { .values = xcalloc(c->event->form.count, sizeof *compared.values) };
        bool form = people->forms || reading_person_is_form(&c->event->form, person);
        int status;

        memcpy(compared.values, person->values, c->event->form.count * sizeof *compared.values);
        compare_with_sender(c, compared.values);
        status = person_admit(r, c, &compared, form, ret_result, err);
        free(compared.values); /* their strings are the reading's */
        return status;
}

static int admit_people(
    struct registrar *r, const struct mail_case *c, const struct people *people, struct err *err)
{
        struct person_result *results = xcalloc(people->count, sizeof *results);
        size_t count = 0;
        int status = 0;

        for (; count < people->count && status == 0; count += status == 0)
                status = admit_person(r, c, people, people->items[count], &results[count], err);
        if (status == 0) {
                sum_up(c, results, count);
                status = answer_write(r, c, results, count, err);
        }
        for (size_t i = 0; i < count; i++)
                person_result_free(&results[i]);
        free(results);
        return status;
}

/* What could be read is registered; that there was more than that is for a person to look at. */
static int review_rest(struct registrar *r, const struct mail_case *c, bool more, struct err *err)
{
        CLEANUP_FREE char *reason = more ? xasprintf("more than %d people in one mail", LIMIT_PEOPLE)
                                    : c->intake->failure
                                        ? xasprintf("not all of it could be read: %s", c->intake->failure)
                                        : NULL;
        const enum outcome outcome = c->message->outcome;
        int status = reason ? review_mail(r, c, "unreadable", reason, err) : 0;

        c->message->outcome = outcome;
        return status;
}

static int admit_form(struct registrar *r, const struct mail_case *c, struct err *err)
{
        struct people people = { .count = 0 };
        size_t index;

        if (!c->event)
                return review_mail(r, c, "tie",
                    c->assessment->event == -2 ? "a form that fits several events"
                                               : "a form that fits no open event",
                    err);
        if (!c->sender)
                return review_mail(r, c, "sender", "a form from a sender who cannot be answered", err);
        index = (size_t)(c->event - r->events);
        collect(c, true, index, &people);
        if (!people.count && c->assessment->facts.proof)
                collect(c, false, index, &people);
        if (!people.count)
                return review_mail(
                    r, c, "tie", "a form that fits another event than the one it was sent for", err);
        if (admit_people(r, c, &people, err) < 0)
                return -1;
        return review_rest(r, c, people.more, err);
}

static int admit_unreadable(struct registrar *r, const struct mail_case *c, struct err *err)
{
        struct person_result result;
        int status;

        if (!c->event || !c->sender)
                return review_mail(
                    r, c, "unreadable", "meant as a registration, but nothing in it could be read", err);
        if (c->assessment->registration || c->assessment->facts.proof)
                return review_mail(
                    r, c, "unreadable", "an answer with a document that a person must read", err);
        if (person_admit_unread(r, c, &result, err) < 0)
                return -1;
        sum_up(c, &result, 1);
        status = answer_write(r, c, &result, 1, err);
        person_result_free(&result);
        return status;
}

/* ---- cancelling */
static int confirm_cancelled(struct registrar *r, const struct mail_case *c,
    struct store_registration *registration, bool was_seat, struct err *err)
{
        const struct letter_order order = {
                .kind = LETTER_CANCELLED,
                .event = c->event,
                .registration = registration,
                .answers = c->intake->mail,
                .message = c->message->id,
                .to = registration->sender ? registration->sender : c->sender,
                .free = true,
                .with_calendar_cancel = was_seat,
        };

        return c->assessment->triage.may_answer ? letters_queue(r, &order, err) : 0;
}

static int cancel_found(
    struct registrar *r, const struct mail_case *c, struct store_registration *registration, struct err *err)
{
        const bool was_seat = registration->place == PLACE_SEAT && registration->status == STATUS_ACCEPTED;

        str_list_add(&c->message->refs, registration->ref);
        if (registration->status == STATUS_CANCELLED) {
                c->message->outcome = OUTCOME_DUPLICATE;
                return 0;
        }
        c->message->outcome = OUTCOME_CANCELLED;
        if (seats_cancel(r, c->event, registration, "mail", c->message->id, err) < 0)
                return -1;
        return confirm_cancelled(r, c, registration, was_seat, err);
}

static int admit_cancel(struct registrar *r, const struct mail_case *c, struct err *err)
{
        struct store_registration registration;
        int found = 0, status;

        if (c->assessment->facts.cancel_token && c->event)
                found = store_registration_get(r->store, c->assessment->registration, &registration, err);
        if (found < 0)
                return -1;
        if (!found)
                return review_mail(r, c, "cancel", "a cancellation that nobody's registration fits", err);
        status = cancel_found(r, c, &registration, err);
        store_registration_free(&registration);
        return status;
}

/* Cancel words without proof: nothing changes; a person looks, and the registered address is asked once a
 * day. */
static int question_cancel(struct registrar *r, const struct mail_case *c, struct err *err)
{
        enum { DAY = 24 * 3600 };
        struct letter_order order = { .kind = LETTER_QUESTION,
                .event = c->event,
                .answers = c->intake->mail,
                .message = c->message->id };
        struct store_registration registration;
        int asked = 0, found, status;

        if (review_mail(r, c, "cancel", "a cancellation without proof that it is theirs", err) < 0)
                return -1;
        found = store_registration_get(r->store, c->assessment->registration, &registration, err);
        if (found <= 0)
                return found;
        str_list_add(&c->message->refs, registration.ref);
        order.registration = &registration;
        order.to = registration.sender;
        status = store_letter_kind_since(
            r->store, registration.sender, LETTER_QUESTION, r->now - DAY, &asked, err);
        if (status == 0 && !asked && c->event && c->assessment->triage.may_answer)
                status = letters_queue(r, &order, err);
        store_registration_free(&registration);
        return status;
}

/* ---- a request in words */
static int admit_request(struct registrar *r, const struct mail_case *c, struct err *err)
{
        enum { DAY = 24 * 3600 };
        const struct letter_order order = { .kind = LETTER_REQUEST,
                .event = c->event,
                .answers = c->intake->mail,
                .message = c->message->id,
                .to = c->sender };
        int today = 0;

        if (review_mail(r, c, "request", c->assessment->triage.reason, err) < 0)
                return -1;
        if (!c->event || !c->sender || !c->event->requests_answer || !c->assessment->triage.may_answer)
                return 0;
        if (store_letter_kind_since(r->store, c->sender, LETTER_REQUEST, r->now - DAY, &today, err) < 0)
                return -1;
        return today ? 0 : letters_queue(r, &order, err);
}

static int dispatch(struct registrar *r, const struct mail_case *c, struct err *err)
{
        const struct triage *t = &c->assessment->triage;

        c->message->class = t->class;
        c->message->outcome = t->outcome;
        if (c->assessment->facts.coordinator_forward && t->outcome == OUTCOME_REVIEW)
                return review_mail(r, c, "forwarded", c->message->reason, err);
        switch (t->class) {
        case CLASS_FORM:
        case CLASS_CHANGE:
        case CLASS_COMPLETION:
                return admit_form(r, c, err);
        case CLASS_UNREADABLE:
                return admit_unreadable(r, c, err);
        case CLASS_CONFIRM:
                return confirm_admit(r, c, err);
        case CLASS_CANCEL:
                return c->assessment->facts.cancel_token ? admit_cancel(r, c, err)
                                                         : question_cancel(r, c, err);
        case CLASS_REQUEST:
                return admit_request(r, c, err);
        default:
                return t->outcome == OUTCOME_REVIEW ? review_mail(r, c, class_name(t->class), t->reason, err)
                                                    : 0;
        }
}

/* Who writes with proof from an address can be reached there again. */
static int note_sender(struct registrar *r, const struct mail_case *c, struct err *err)
{
        const enum mail_class class = c->assessment->triage.class;

        if (!c->sender || !c->assessment->facts.proof || c->assessment->facts.dmarc_failed ||
            class == CLASS_ROBOT || class == CLASS_LIST)
                return 0;
        return bounce_heard_from(r, c->sender, c->message->internaldate, c->message->id, err);
}

static int decide_one(struct registrar *r, struct store_message *message, const char *json, struct err *err)
{
        struct intake intake = { 0 };
        struct assessment a = { 0 };
        struct mail_case c = { .intake = &intake,
                .message = message,
                .sender = message->sender,
                .assessment = &a,
                .clock_conflict = ZONE_NO_TIME };
        int status = -1;

        if (pending_parse(r, json, &intake, err) < 0)
                return -1;
        intake.internaldate = message->internaldate;
        if (intake.mail)
                decide_counted_at(intake.mail, message->internaldate, &r->config->mailbox.trusted_received_by,
                    &c.clock_conflict);
        if (assess(r, &intake, message->counted_at, &a, err) == 0) {
                c.event = a.event >= 0 ? &r->events[a.event] : NULL;
                status = dispatch(r, &c, err);
                if (status == 0)
                        status = note_sender(r, &c, err);
        }
        if (status == 0) {
                free(message->event);
                message->event = c.event ? xstrdup(c.event->id) : NULL;
                message->decided = true;
                status = store_message_decide(r->store, message, err);
        }
        assessment_free(&a);
        intake_free(&intake);
        return status;
}

/* What cannot be decided for a reason of its own goes to a person; the next one goes on. */
static int give_up(struct registrar *r, struct store_message *message, const struct err *why, struct err *err)
{
        const struct store_review item = { .created_at = r->now,
                .message = message->id,
                .kind = (char *)(uintptr_t) "error",
                .reason = (char *)(uintptr_t)why->text };

        str_list_free(&message->refs);
        message->outcome = OUTCOME_REVIEW;
        message->decided = true;
        free(message->reason);
        message->reason = xstrdup(why->text);
        if (store_review_add(r->store, &item, NULL, err) < 0)
                return -1;
        return store_message_decide(r->store, message, err);
}

int admit(struct registrar *r, struct store_message *message, const char *json, struct err *err)
{
        struct err why = { 0 };

        if (store_savepoint(r->store, err) < 0)
                return -1;
        if (decide_one(r, message, json, &why) == 0)
                return store_release(r->store, err);
        store_undo(r->store);
        if (why.class == ERR_TEMP) {
                *err = why;
                return -1;
        }
        return give_up(r, message, &why, err);
}
