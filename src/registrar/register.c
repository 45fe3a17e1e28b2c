/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making and judging a registration: the part that mail and the coordinator's hand have in common. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/fold.h"
#include "core/name.h"
#include "core/ref.h"
#include "core/zone.h"
#include "registrar/desk.h"

void registrar_person(
    const struct event *event, const struct store_registration *registration, struct person *ret_person)
{
        struct person person = { .values = xcalloc(event->form.count, sizeof *person.values) };

        for (size_t i = 0; i < registration->value_count; i++) {
                const struct store_value *value = &registration->values[i];
                const struct field *field = form_field(&event->form, value->key);

                if (!field)
                        continue; /* the form lost that field in a reload */
                person.values[field - event->form.fields] =
                    (struct reading_value){ .value = xstrdup(value->value),
                            .where = xstrdup(value->where),
                            .confidence = value->confidence };
        }
        *ret_person = person;
}

static void free_values(struct store_registration *registration)
{
        for (size_t i = 0; i < registration->value_count; i++) {
                free(registration->values[i].key);
                free(registration->values[i].value);
                free(registration->values[i].where);
        }
        free(registration->values);
        registration->values = NULL;
        registration->value_count = 0;
}

static void replace_key(char **key, const char *text)
{
        free(*key);
        *key = text ? fold_key(text) : xstrdup("");
}

void person_set_values(
    const struct event *event, struct store_registration *registration, const struct person *person)
{
        free_values(registration);
        registration->values = xcalloc(event->form.count, sizeof *registration->values);
        replace_key(&registration->name_key, NULL);
        replace_key(&registration->organisation_key, NULL);
        for (size_t i = 0; i < event->form.count; i++) {
                const struct field *field = &event->form.fields[i];
                const struct reading_value *value = &person->values[i];

                if (!value->value)
                        continue;
                registration->values[registration->value_count++] = (struct store_value){
                        .key = xstrdup(field->key),
                        .value = xstrdup(value->value),
                        .where = xstrdup(value->where ? value->where : ""),
                        .confidence = value->confidence,
                };
                if (field == form_name_field(&event->form))
                        replace_key(&registration->name_key, value->value);
                if (field->type == FIELD_ORGANISATION)
                        replace_key(&registration->organisation_key, value->value);
        }
}

enum letter_kind person_letter_kind(enum status status)
{
        static const enum letter_kind kinds[STATUS_COUNT] = {
                [STATUS_ACCEPTED] = LETTER_ACCEPTED,
                [STATUS_WAITLISTED] = LETTER_WAITLISTED,
                [STATUS_OFFERED] = LETTER_ACCEPTED,
                [STATUS_HELD] = LETTER_HELD,
                [STATUS_INCOMPLETE] = LETTER_INCOMPLETE,
                [STATUS_LATE] = LETTER_LATE,
                [STATUS_REFUSED] = LETTER_REFUSED,
                [STATUS_CANCELLED] = LETTER_CANCELLED,
        };

        return kinds[status];
}

/* A ref that is free; longer ones when the short ones run out. */
static int new_ref(struct registrar *r, const struct event *event, char **ret_ref, struct err *err)
{
        enum { TRIES = 30 };

        for (size_t length = REF_LENGTH; length <= REF_LENGTH_MAX; length++)
                for (int i = 0; i < TRIES; i++) {
                        unsigned char random[2 * REF_LENGTH_MAX];
                        struct store_registration taken;
                        char *ref;
                        int found;

                        io_random(random, sizeof random);
                        ref = ref_make(event->ref_prefix, length, random, sizeof random);
                        found = store_registration_by_ref(r->store, ref, &taken, err);
                        if (found == 0) {
                                *ret_ref = ref;
                                return 0;
                        }
                        free(ref);
                        if (found < 0)
                                return -1;
                        store_registration_free(&taken);
                }
        return err_set(err, ERR_BUG, "no free reference left");
}

/* "unsure:diet": shown in lists until a person settles it. */
void person_set_unsure(struct store_registration *registration, const struct str_list *unsure)
{
        struct str_list kept = { 0 };

        for (size_t i = 0; i < registration->flags.count; i++)
                if (!str_starts(registration->flags.items[i], "unsure:"))
                        str_list_add(&kept, registration->flags.items[i]);
        for (size_t i = 0; unsure && i < unsure->count; i++)
                str_list_add_take(&kept, xasprintf("unsure:%s", unsure->items[i]));
        str_list_free(&registration->flags);
        registration->flags = kept;
}

static int judge(struct registrar *r, const struct event *event, struct store_registration *registration,
    const struct claim *claim, const struct str_list *unsure, struct err *err)
{
        struct standing standing;
        struct decision decision;

        if (seats_standing(r, event, registration, &standing, err) < 0)
                return -1;
        decide(event, &standing, claim, &decision);
        registration->status = decision.status;
        registration->place = decision.place;
        registration->rule = decision.rule;
        registration->place_rule = decision.place_rule;
        registration->on_time = registration->counted_at <= event->deadline;
        person_set_unsure(registration, unsure);
        return 0;
}

static int add_review(struct registrar *r, const struct store_registration *registration, const char *kind,
    const char *reason, struct err *err)
{
        const struct store_review review = {
                .created_at = r->now,
                .registration = registration->id,
                .message = registration->message,
                .event = registration->event,
                .kind = (char *)(uintptr_t)kind,
                .reason = (char *)(uintptr_t)reason,
        };

        return store_review_add(r->store, &review, NULL, err);
}

/* The rule, and behind it what was in the way of reading the mail ("...; the archive is protected by a password"). */
static int held_reason(
    struct registrar *r, const struct store_registration *registration, char **ret_reason, struct err *err)
{
        struct store_message message;
        const char *details;
        int found =
            registration->message ? store_message_get(r->store, registration->message, &message, err) : 0;

        if (found < 0)
                return -1;
        details = found && message.reason ? strchr(message.reason, ';') : NULL;
        *ret_reason = xasprintf("%s%s", rule_text(registration->rule), details ? details : "");
        if (found)
                store_message_free(&message);
        return 0;
}

/* What a person must look at after a judgement. */
static int review_after(struct registrar *r, const struct store_registration *registration,
    const struct str_list *unsure, struct err *err)
{
        CLEANUP_FREE char *keys = NULL;
        CLEANUP_FREE char *reason = NULL;

        if (registration->status == STATUS_HELD) {
                if (held_reason(r, registration, &reason, err) < 0)
                        return -1;
                return add_review(r, registration, "held", reason, err);
        }
        if (registration->rule == RULE_AFTER_END)
                return add_review(r, registration, "late", rule_text(registration->rule), err);
        if (!unsure || !unsure->count)
                return 0;
        keys =
            xasprintf("read without certainty: %s%s", unsure->items[0], unsure->count > 1 ? " and more" : "");
        return add_review(r, registration, "unsure", keys, err);
}

static int flag_named(
    struct registrar *r, struct store_registration *registration, const char *name_key, struct err *err)
{
        static const char flag[] = "possible-duplicate";
        struct store_registration_list others = { 0 };
        int result = 0;

        if (store_registration_named(r->store, registration->event, name_key, &others, err) < 0)
                return -1;
        for (size_t i = 0; i < others.count && result == 0; i++) {
                struct store_registration *other = &others.items[i];

                if (other->id == registration->id || other->status == STATUS_CANCELLED ||
                    (str_equal(other->sender, registration->sender) &&
                        other->channel == registration->channel))
                        continue;
                if (!str_list_has(&registration->flags, flag))
                        str_list_add(&registration->flags, flag);
                if (str_list_has(&other->flags, flag))
                        continue;
                str_list_add(&other->flags, flag);
                result = store_registration_update(r->store, other, err);
        }
        store_registration_list_free(&others);
        return result;
}

/* The same name under another address or channel: both are kept and flagged, nothing is merged by guess. */
static int flag_duplicates(struct registrar *r, struct store_registration *registration, struct err *err)
{
        int result = 0;

        if (str_is_empty(registration->name_key))
                return 0;
        for (enum name_turn turn = NAME_AS_WRITTEN; turn < NAME_TURNS && result == 0; turn++) {
                CLEANUP_FREE char *turned = name_turned(registration->name_key, turn);

                if (turned)
                        result = flag_named(r, registration, turned, err);
        }
        return result;
}

/* What the rows say now, the position on the waiting list too. */
static int reload(struct registrar *r, struct store_registration *registration, struct err *err)
{
        struct store_registration fresh;
        int found = store_registration_get(r->store, registration->id, &fresh, err);

        if (found <= 0)
                return found < 0 ? -1 : err_set(err, ERR_BUG, "a registration is not where it was put");
        store_registration_free(registration);
        *registration = fresh;
        return 0;
}

static int finish(struct registrar *r, struct store_registration *registration, const struct str_list *unsure,
    const char *actor, const char *what, int64_t message, struct err *err)
{
        CLEANUP_FREE char *detail = xasprintf("%s (place: %s). %s%s%s", status_name(registration->status),
            place_name(registration->place), rule_text(registration->rule),
            registration->place_rule == registration->rule ? "" : " ",
            registration->place_rule == registration->rule ? "" : rule_text(registration->place_rule));

        if (seats_history(r, registration->id, message, actor, what, detail, err) < 0 ||
            review_after(r, registration, unsure, err) < 0)
                return -1;
        return reload(r, registration, err);
}

int person_register(struct registrar *r, const struct event *event, struct store_registration *registration,
    const struct claim *claim, const struct str_list *unsure, struct err *err)
{
        unsigned char random[2 * REF_TOKEN_LENGTH];

        if (new_ref(r, event, &registration->ref, err) < 0)
                return -1;
        io_random(random, sizeof random);
        registration->token = ref_token(random, sizeof random);
        registration->created_at = r->now;
        registration->first_counted_at = registration->counted_at;
        registration->undeliverable_since = ZONE_NO_TIME;
        if (judge(r, event, registration, claim, unsure, err) < 0 ||
            flag_duplicates(r, registration, err) < 0 ||
            store_registration_add(r->store, registration, err) < 0)
                return -1;
        return finish(r, registration, unsure,
            registration->channel == CHANNEL_EMAIL ? "mail" : "coordinator", "registered",
            registration->message, err);
}

int person_judge_again(struct registrar *r, const struct event *event,
    struct store_registration *registration, const struct claim *claim, const struct str_list *unsure,
    const char *actor, int64_t message, struct err *err)
{
        /* Its own place must not stand in its way. */
        registration->place = PLACE_NONE;
        if (store_registration_update(r->store, registration, err) < 0 ||
            judge(r, event, registration, claim, unsure, err) < 0 ||
            store_review_resolve_of(
                r->store, registration->id, REVIEW_QUESTION, r->now, "judged again", err) < 0 ||
            store_registration_update(r->store, registration, err) < 0)
                return -1;
        return finish(r, registration, unsure, actor, "judged", message, err);
}
