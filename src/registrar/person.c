/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One person of a mail: somebody new, or somebody who is in the register already (PRODUCT.md 2 "Same person
 * again"). */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "config/config.h"
#include "core/address.h"
#include "core/event.h"
#include "core/fold.h"
#include "core/mail.h"
#include "core/name.h"
#include "core/zone.h"
#include "registrar/desk.h"

void person_result_free(struct person_result *result)
{
        if (result->before.values)
                person_free(&result->before, result->field_count);
        store_registration_free(&result->registration);
        str_list_free(&result->missing);
        str_list_free(&result->unsure);
        *result = (struct person_result){ 0 };
}

static char *name_key_of(const struct event *event, const struct person *person)
{
        const struct field *field = form_name_field(&event->form);
        const char *name = field ? person->values[field - event->form.fields].value : NULL;

        return name ? fold_key(name) : xstrdup("");
}

static bool same_name(const struct store_registration *registration, const char *name_key)
{
        return !*name_key || str_is_empty(registration->name_key) ||
               name_same(registration->name_key, name_key);
}

/* Moves the newest item that fits out of the list. */
static bool take_named(struct store_registration_list *list, const char *event, const char *name_key,
    const char *address, struct store_registration *ret)
{
        for (size_t i = 0; i < list->count; i++) {
                if (!str_equal(list->items[i].event, event) || !same_name(&list->items[i], name_key) ||
                    !address_equal(list->items[i].sender, address))
                        continue;
                *ret = list->items[i];
                list->items[i] = (struct store_registration){ 0 };
                return true;
        }
        return false;
}

/* The registration that proof leads to, when it is this person's: 1, 0 or -1. */
static int find_by_proof(struct registrar *r, const struct mail_case *c, const char *name_key,
    struct store_registration *ret, struct err *err)
{
        struct store_registration_list list = { 0 };
        int found;

        if (c->assessment->registration) {
                found = store_registration_get(r->store, c->assessment->registration, ret, err);
                if (found <= 0)
                        return found;
                if (str_equal(ret->event, c->event->id) && same_name(ret, name_key))
                        return 1;
                store_registration_free(ret);
        }
        if (!c->assessment->letter_message || !*name_key)
                return 0;
        if (store_registration_of_message(r->store, c->assessment->letter_message, &list, err) < 0)
                return -1;
        /* To that address we wrote of them. */
        found = take_named(&list, c->event->id, name_key, c->assessment->letter_to, ret);
        store_registration_list_free(&list);
        return found;
}

static int find_same(struct registrar *r, const struct mail_case *c, const char *name_key,
    struct store_registration *ret, bool *ret_proof, struct err *err)
{
        struct store_registration_list list = { 0 };
        int found;

        *ret_proof = true;
        found = c->assessment->facts.proof ? find_by_proof(r, c, name_key, ret, err) : 0;
        if (found != 0)
                return found;
        *ret_proof = false;
        for (enum name_turn turn = NAME_AS_WRITTEN; *name_key && turn < NAME_TURNS && found == 0; turn++) {
                CLEANUP_FREE char *turned = name_turned(name_key, turn);

                if (!turned)
                        continue;
                if (store_registration_same(r->store, c->event->id, turned, c->sender, &list, err) < 0)
                        return -1;
                found = take_named(&list, c->event->id, name_key, c->sender, ret);
                store_registration_list_free(&list);
        }
        return found;
}

/* ---- what changed */
struct difference {
        bool any, delicate; /* delicate: organisation, a quota's field, or a required field read without
                               certainty */
};

static bool is_quota_field(const struct event *event, const char *key)
{
        for (size_t i = 0; i < event->quota_count; i++)
                if (strcmp(event->quotas[i].field, key) == 0)
                        return true;
        return false;
}

/* The new answers laid over the old ones; what the new form leaves out stays. */
static struct difference merge(
    const struct registrar *r, const struct event *event, struct person *merged, const struct person *fresh)
{
        struct difference difference = { false, false };

        for (size_t i = 0; i < event->form.count; i++) {
                const struct field *field = &event->form.fields[i];
                struct reading_value *old = &merged->values[i];
                const struct reading_value *value = &fresh->values[i];
                bool sure = value->confidence >= r->config->limits.confidence;

                if (!value->value || (old->value && strcmp(old->value, value->value) == 0 && !sure))
                        continue;
                if (!str_equal(old->value, value->value)) {
                        difference.any = true;
                        if ((field->type == FIELD_ORGANISATION && old->value) ||
                            is_quota_field(event, field->key) || (field->required && !sure))
                                difference.delicate = true;
                }
                free(old->value);
                free(old->where);
                *old = (struct reading_value){ .value = xstrdup(value->value),
                        .where = xstrdup(value->where),
                        .confidence = value->confidence };
        }
        return difference;
}

static int review(struct registrar *r, const struct mail_case *c,
    const struct store_registration *registration, const char *kind, const char *reason, struct err *err)
{
        const struct store_review item = {
                .created_at = r->now,
                .registration = registration->id,
                .message = c->message->id,
                .event = registration->event,
                .kind = (char *)(uintptr_t)kind,
                .reason = (char *)(uintptr_t)reason,
        };

        if (store_review_add(r->store, &item, NULL, err) < 0)
                return -1;
        return seats_history(r, registration->id, c->message->id, "mail", "to review", reason, err);
}

/* The same form once more is answered with the present state, once: without proof once for all, with proof once
 * until something else is to be told. Some details that change nothing are no form, and need no answer. */
static int answer_duplicate(struct registrar *r, const struct mail_case *c, const struct person *fresh,
    struct person_result *result, struct err *err)
{
        const int64_t id = result->registration.id;
        struct store_letter newest;
        int told = 0, found;

        result->outcome = OUTCOME_DUPLICATE;
        result->kind = LETTER_DUPLICATE;
        if (!reading_person_is_form(&c->event->form, fresh))
                return 0;
        if (!result->with_proof) {
                if (store_letter_kind_about(r->store, id, LETTER_DUPLICATE, &told, err) < 0)
                        return -1;
                result->letter = !told;
                return 0;
        }
        found = store_letter_newest_about(r->store, id, &newest, err);
        if (found < 0)
                return -1;
        result->letter = !found || newest.kind != LETTER_DUPLICATE;
        if (found)
                store_letter_free(&newest);
        return 0;
}

/* Accepted, waitlisted, offered or held: an update with proof; without, the same again or a question for a
 * person. */
static int known_person(struct registrar *r, const struct mail_case *c, const struct person *fresh,
    bool proof, struct person_result *result, struct err *err)
{
        struct store_registration *registration = &result->registration;
        struct person merged;
        struct difference difference;
        int status = 0;

        registrar_person(c->event, registration, &merged);
        difference = merge(r, c->event, &merged, fresh);
        if (!difference.any) {
                status = answer_duplicate(r, c, fresh, result, err);
        } else if (!proof || difference.delicate) {
                result->outcome = OUTCOME_REVIEW;
                status = review(r, c, registration, "change",
                    proof ? "a change that touches the organisation, a quota or a required field"
                          : "a different form of the same person, without proof that it is theirs",
                    err);
        } else {
                result->outcome = OUTCOME_UPDATED;
                result->kind = LETTER_UPDATED;
                result->letter = true;
                result->field_count = c->event->form.count;
                registrar_person(c->event, registration, &result->before);
                person_set_values(c->event, registration, &merged);
                status = store_registration_update(r->store, registration, err);
                if (status == 0)
                        status =
                            seats_history(r, registration->id, c->message->id, "mail", "updated", "", err);
        }
        person_free(&merged, c->event->form.count);
        return status;
}

/* An incomplete one: the new lines complete it, and it is judged by the time of the mail that completed it.
 */
static int complete(struct registrar *r, const struct mail_case *c, const struct person *fresh,
    struct person_result *result, struct err *err)
{
        struct store_registration *registration = &result->registration;
        struct person merged;
        struct difference difference;
        struct claim claim;
        int status;

        registrar_person(c->event, registration, &merged);
        difference = merge(r, c->event, &merged, fresh);
        if (!difference.any) {
                person_free(&merged, c->event->form.count);
                return answer_duplicate(r, c, fresh, result, err);
        }
        registration->counted_at =
            c->event->incomplete_keeps_time ? registration->first_counted_at : c->message->counted_at;
        decide_claim(c->event, &merged, r->config->limits.confidence, registration->counted_at, &claim,
            &result->missing, &result->unsure);
        claim.clock_conflict = c->clock_conflict;
        claim.unconfirmed = c->assessment->facts.dmarc_failed;
        person_set_values(c->event, registration, &merged);
        person_free(&merged, c->event->form.count);
        status = person_judge_again(
            r, c->event, registration, &claim, &result->unsure, "mail", c->message->id, err);
        result->outcome = registration->rule == RULE_AFTER_END ? OUTCOME_REVIEW : OUTCOME_COMPLETED;
        result->kind = person_letter_kind(registration->status);
        result->letter = registration->rule != RULE_AFTER_END;
        return status;
}

static struct store_registration blank_registration(const struct mail_case *c)
{
        return (struct store_registration){
                .event = xstrdup(c->event->id),
                .channel = CHANNEL_EMAIL,
                .counted_at = c->message->counted_at,
                .sender = xstrdup(c->sender),
                .message = c->message->id,
        };
}

static int new_person(struct registrar *r, const struct mail_case *c, const struct person *person,
    struct person_result *result, struct err *err)
{
        struct store_registration *registration = &result->registration;
        struct claim claim;

        *registration = blank_registration(c);
        decide_claim(c->event, person, r->config->limits.confidence, registration->counted_at, &claim,
            &result->missing, &result->unsure);
        claim.clock_conflict = c->clock_conflict;
        claim.unconfirmed = c->assessment->facts.dmarc_failed;
        person_set_values(c->event, registration, person);
        if (person_register(r, c->event, registration, &claim, &result->unsure, err) < 0)
                return -1;
        result->fresh = true;
        result->outcome = registration->rule == RULE_AFTER_END ? OUTCOME_REVIEW : OUTCOME_REGISTERED;
        result->kind = claim.unconfirmed && registration->status == STATUS_HELD
                           ? LETTER_CONFIRM
                           : person_letter_kind(registration->status);
        result->letter = registration->rule != RULE_AFTER_END;
        return 0;
}

/* From a sender who is not confirmed, and without proof: nothing changes, nothing is told. */
static int known_but_unconfirmed(struct registrar *r, const struct mail_case *c, const struct person *fresh,
    struct person_result *result, struct err *err)
{
        struct person merged;
        struct difference difference;

        registrar_person(c->event, &result->registration, &merged);
        difference = merge(r, c->event, &merged, fresh);
        person_free(&merged, c->event->form.count);
        result->outcome = difference.any ? OUTCOME_REVIEW : OUTCOME_DUPLICATE;
        return difference.any ? review(r, c, &result->registration, "change",
                                    "a different form of the same person, whose sender is not confirmed "
                                    "(dmarc=fail)",
                                    err)
                              : 0;
}

static bool has_ended(enum status status)
{
        return status == STATUS_CANCELLED || status == STATUS_LATE || status == STATUS_REFUSED;
}

static int admit_known(struct registrar *r, const struct mail_case *c, const struct person *person, bool form,
    struct person_result *result, bool *ret_new, struct err *err)
{
        if (c->assessment->facts.dmarc_failed && !result->with_proof &&
            !has_ended(result->registration.status))
                return known_but_unconfirmed(r, c, person, result, err);
        switch (result->registration.status) {
        case STATUS_ACCEPTED:
        case STATUS_WAITLISTED:
        case STATUS_OFFERED:
        case STATUS_HELD:
                return known_person(r, c, person, result->with_proof, result, err);
        case STATUS_INCOMPLETE:
                return complete(r, c, person, result, err);
        default:
                break;
        }
        if (form) {
                *ret_new = true; /* cancelled, late or refused: a new claim with its own time */
                return 0;
        }
        result->outcome = OUTCOME_REVIEW;
        return review(
            r, c, &result->registration, "change", "an answer about a registration that has ended", err);
}

int person_admit(struct registrar *r, const struct mail_case *c, const struct person *person, bool form,
    struct person_result *ret_result, struct err *err)
{
        CLEANUP_FREE char *name_key = name_key_of(c->event, person);
        struct person_result result = { .outcome = OUTCOME_REVIEW };
        bool is_new = false;
        enum status before = STATUS_COUNT;
        int found = find_same(r, c, name_key, &result.registration, &result.with_proof, err), status = 0;

        if (found < 0)
                return -1;
        if (found)
                status = admit_known(r, c, person, form, &result, &is_new, err);
        else
                is_new = form;
        if (status == 0 && is_new) {
                before = found ? result.registration.status : STATUS_COUNT;
                person_result_free(&result);
                status = new_person(r, c, person, &result, err);
                /* Late again, refused again: an answer that says nothing new counts against the caps. */
                result.fresh = result.fresh && result.registration.status != before;
        }
        if (status < 0) {
                person_result_free(&result);
                return -1;
        }
        *ret_result = result;
        return 0;
}

/* The first of the day from that address is answered freely: whoever answers each of our letters with a picture
 * and without a word of ours would keep us writing. */
static int is_first_unread(struct registrar *r, const struct mail_case *c, bool *ret_first, struct err *err)
{
        enum { DAY = 24 * 3600 };
        struct store_registration_list list = { 0 };

        if (store_registration_at(r->store, c->sender, &list, err) < 0)
                return -1;
        *ret_first = true;
        for (size_t i = 0; i < list.count; i++)
                if (list.items[i].value_count == 0 && list.items[i].created_at > r->now - DAY)
                        *ret_first = false;
        store_registration_list_free(&list);
        return 0;
}

int person_admit_unread(
    struct registrar *r, const struct mail_case *c, struct person_result *ret_result, struct err *err)
{
        struct person_result result = { .outcome = OUTCOME_REGISTERED, .fresh = true };
        const struct claim claim = {
                .counted_at = c->message->counted_at,
                .unreadable = true,
                .why = c->assessment->unread,
                .unconfirmed = c->assessment->facts.dmarc_failed,
                .clock_conflict = c->clock_conflict,
        };

        if (is_first_unread(r, c, &result.fresh, err) < 0)
                return -1;
        result.registration = blank_registration(c);
        result.registration.name_key = xstrdup("");
        result.registration.organisation_key = xstrdup("");
        if (person_register(r, c->event, &result.registration, &claim, NULL, err) < 0) {
                person_result_free(&result);
                return -1;
        }
        result.kind = claim.unconfirmed ? LETTER_CONFIRM : person_letter_kind(result.registration.status);
        result.letter = result.registration.rule != RULE_AFTER_END;
        *ret_result = result;
        return 0;
}
