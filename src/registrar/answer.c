/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The answer to a mail: one letter to each registered address that it is about. What a registration holds is
 * told to its own address only, whoever wrote. */
#include <stdlib.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/address.h"
#include "core/event.h"
#include "registrar/desk.h"

static const char *address_of(const struct mail_case *c, const struct person_result *result)
{
        return result->registration.sender ? result->registration.sender : c->sender;
}

static int letter_for_one(
    struct registrar *r, const struct mail_case *c, struct person_result *result, struct err *err)
{
        const struct letter_order order = {
                .kind = result->kind,
                .event = c->event,
                .registration = &result->registration,
                .before = result->before.values ? &result->before : NULL,
                .missing = &result->missing,
                .unsure = &result->unsure,
                .answers = c->intake->mail,
                .message = c->message->id,
                .to = address_of(c, result),
                .free = (result->fresh || result->with_proof) && result->kind != LETTER_CONFIRM,
        };

        return letters_queue(r, &order, err);
}

static void add_line(
    struct registrar *r, const struct mail_case *c, struct person_result *result, struct buf *lines)
{
        struct letter_about about;
        struct person person;
        CLEANUP_FREE char *line = NULL;

        registrar_person(c->event, &result->registration, &person);
        letters_about(r, c->event, &result->registration, &person, &about);
        about.missing = &result->missing;
        about.unsure = &result->unsure;
        line = letter_person_line(&about);
        buf_printf(lines, "%s%s", lines->size ? "\n" : "", line);
        person_free(&person, c->event->form.count);
}

/* Several people at one address: one letter with a line each. */
static int letter_for_group(struct registrar *r, const struct mail_case *c, struct person_result **results,
    size_t count, struct err *err)
{
        struct buf lines = BUF_INIT(LIMIT_LETTER / 4);
        struct letter_order order = { .kind = LETTER_GROUP,
                .event = c->event,
                .answers = c->intake->mail,
                .message = c->message->id,
                .to = address_of(c, results[0]),
                .counted_at = c->message->counted_at };
        int status = 0;

        for (size_t i = 0; i < count && status == 0; i++) {
                add_line(r, c, results[i], &lines);
                order.free = order.free || results[i]->fresh || results[i]->with_proof;
                if (!results[i]->registration.told) {
                        results[i]->registration.told = true;
                        status = store_registration_update(r->store, &results[i]->registration, err);
                }
        }
        order.people = buf_text(&lines);
        if (status == 0)
                status = letters_queue(r, &order, err);
        buf_free(&lines);
        return status;
}

/* Where the sender is not confirmed nothing is told but one request to confirm, whoever the form names. */
static void keep_quiet(const struct mail_case *c, struct person_result *results, size_t count)
{
        bool asked = false;

        for (size_t i = 0; c->assessment->facts.dmarc_failed && i < count; i++) {
                if (results[i].with_proof || !results[i].letter)
                        continue;
                results[i].letter = results[i].kind == LETTER_CONFIRM && !asked;
                asked = asked || results[i].letter;
        }
}

/* The letter to the address of the first of them; they are taken off the list. */
static int write_first(struct registrar *r, const struct mail_case *c, struct person_result **waiting,
    size_t *count, struct err *err)
{
        struct person_result **there = xcalloc(*count, sizeof *there);
        const char *address = address_of(c, waiting[0]);
        size_t n = 0, left = 0;
        int status;

        for (size_t i = 0; i < *count; i++) {
                if (address_equal(address, address_of(c, waiting[i])))
                        there[n++] = waiting[i];
                else
                        waiting[left++] = waiting[i];
        }
        *count = left;
        status = n == 1 ? letter_for_one(r, c, there[0], err) : letter_for_group(r, c, there, n, err);
        free(there);
        return status;
}

int answer_write(struct registrar *r, const struct mail_case *c, struct person_result *results, size_t count,
    struct err *err)
{
        struct person_result **waiting = xcalloc(count + 1, sizeof *waiting);
        size_t left = 0;
        int status = 0;

        keep_quiet(c, results, count);
        for (size_t i = 0; i < count && c->assessment->triage.may_answer; i++)
                if (results[i].letter && address_of(c, &results[i]))
                        waiting[left++] = &results[i];
        while (left && status == 0)
                status = write_first(r, c, waiting, &left, err);
        free(waiting);
        return status;
}
