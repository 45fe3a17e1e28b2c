/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "POTWIERDZAM": who received our letter says that the form was theirs (PRODUCT.md 5, dmarc=fail). */
#include <stdlib.h>

#include "base/mem.h"
#include "config/config.h"
#include "core/event.h"
#include "core/zone.h"
#include "registrar/desk.h"

bool confirm_awaited(const struct store_registration *registration)
{
        return registration->status == STATUS_HELD && registration->rule == RULE_UNCONFIRMED;
}

/* It counts from when its form came. */
static int judge(
    struct registrar *r, const struct mail_case *c, struct person_result *result, struct err *err)
{
        struct store_registration *registration = &result->registration;
        struct person person;
        struct claim claim;

        registrar_person(c->event, registration, &person);
        decide_claim(c->event, &person, r->config->limits.confidence, registration->counted_at, &claim,
            &result->missing, &result->unsure);
        claim.unreadable = registration->value_count == 0;
        claim.why = RULE_UNREADABLE;
        claim.clock_conflict = ZONE_NO_TIME;
        person_free(&person, c->event->form.count);
        result->with_proof = true;
        result->outcome = OUTCOME_CONFIRMED;
        if (person_judge_again(
                r, c->event, registration, &claim, &result->unsure, "mail", c->message->id, err) < 0)
                return -1;
        result->kind = person_letter_kind(registration->status);
        result->letter = registration->rule != RULE_AFTER_END;
        return 0;
}

/* The request to confirm was for all people of its mail. */
static int judge_all(struct registrar *r, const struct mail_case *c, struct store_registration_list *list,
    struct person_result *results, size_t *ret_count, struct err *err)
{
        int status = 0;

        for (size_t i = 0; i < list->count && status == 0; i++) {
                if (!confirm_awaited(&list->items[i]))
                        continue;
                results[*ret_count].registration = list->items[i];
                list->items[i] = (struct store_registration){ 0 };
                status = judge(r, c, &results[(*ret_count)++], err);
        }
        return status;
}

int confirm_admit(struct registrar *r, const struct mail_case *c, struct err *err)
{
        struct store_registration registration;
        struct store_registration_list list = { 0 };
        struct person_result *results = NULL;
        size_t count = 0;
        int status = store_registration_get(r->store, c->assessment->registration, &registration, err);

        if (status <= 0)
                return status;
        status = store_registration_of_message(r->store, registration.message, &list, err);
        store_registration_free(&registration);
        if (status == 0) {
                results = xcalloc(list.count + 1, sizeof *results);
                status = judge_all(r, c, &list, results, &count, err);
        }
        for (size_t i = 0; i < count && status == 0; i++)
                str_list_add(&c->message->refs, results[i].registration.ref);
        if (status == 0)
                status = answer_write(r, c, results, count, err);
        for (size_t i = 0; i < count; i++)
                person_result_free(&results[i]);
        free(results);
        store_registration_list_free(&list);
        return status;
}
