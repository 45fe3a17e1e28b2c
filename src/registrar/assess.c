/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/config.h"
#include "core/address.h"
#include "core/document.h"
#include "core/event.h"
#include "core/fold.h"
#include "core/ref.h"
#include "core/zone.h"
#include "registrar/desk.h"
#include "registrar/verp.h"

void assessment_free(struct assessment *assessment)
{
        free(assessment->token_ref);
        free(assessment->letter_to);
        *assessment = (struct assessment){ 0 };
}

/* A token mark in a text is proof when the registration of that ref has that very token. */
static int check_token(struct registrar *r, const char *text, struct assessment *a, struct err *err)
{
        CLEANUP_FREE char *ref = NULL;
        CLEANUP_FREE char *token = NULL;
        struct store_registration registration;
        int found;

        if (!text || ref_find_token(text, &ref, &token) < 0)
                return 0;
        found = store_registration_by_ref(r->store, ref, &registration, err);
        if (found <= 0)
                return found;
        if (strcmp(registration.token, token) == 0) {
                a->facts.proof = true;
                a->registration = registration.id;
                free(a->token_ref);
                a->token_ref = xstrdup(ref);
        }
        store_registration_free(&registration);
        return a->token_ref ? 1 : 0;
}

static int check_plus_addresses(
    struct registrar *r, const struct mail *mail, struct assessment *a, struct err *err)
{
        for (size_t i = 0; i < mail->recipients.count; i++) {
                CLEANUP_FREE char *tag =
                    address_plus_tag(mail->recipients.items[i], r->config->smtp.from_address);

                if (check_token(r, tag, a, err) < 0)
                        return -1;
        }
        return 0;
}

/* An answer to a letter of ours: the letter leads to its registration, a digest's only the coordinator may
 * answer. */
static int check_references(
    struct registrar *r, const struct mail *mail, struct assessment *a, struct err *err)
{
        struct store_letter letter;
        int found = store_letter_by_message_id(r->store, &mail->references, &letter, err);

        if (found <= 0)
                return found;
        if (letter.kind == LETTER_DIGEST) {
                a->facts.digest_token = address_equal(mail->from, r->config->coordinator_email);
        } else {
                a->facts.proof = true;
                a->letter_message = letter.message;
                free(a->letter_to);
                a->letter_to = xstrdup(letter.to);
                if (!a->registration)
                        a->registration = letter.registration;
        }
        store_letter_free(&letter);
        return 0;
}

/* A letter of ours that came back to the mailbox, as a copy to ourselves. */
static int check_own(struct registrar *r, const struct mail *mail, struct assessment *a, struct err *err)
{
        const char *ref = mail_header(mail, "x-zapisy-ref");
        struct str_list ids = { 0 };
        struct store_letter letter;
        struct store_registration registration;
        int found = 0;

        if (mail->message_id) {
                str_list_add(&ids, mail->message_id);
                found = store_letter_by_message_id(r->store, &ids, &letter, err);
                str_list_free(&ids);
                if (found > 0)
                        store_letter_free(&letter);
        }
        if (found == 0 && ref && address_equal(mail->from, r->config->smtp.from_address)) {
                found = store_registration_by_ref(r->store, ref, &registration, err);
                if (found > 0)
                        store_registration_free(&registration);
        }
        a->facts.own = found > 0;
        return found < 0 ? -1 : 0;
}

static bool person_has_values(const struct person *person, size_t field_count)
{
        for (size_t i = 0; i < field_count; i++)
                if (person->values[i].value)
                        return true;
        return false;
}

/* Their name, and one answer more: "NIE" to the consent too. */
static bool person_is_partial(const struct form *form, const struct person *person)
{
        bool named = false;
        size_t values = 0;

        for (size_t i = 0; i < form->count; i++) {
                if (!person->values[i].value)
                        continue;
                values++;
                named = named || form->fields[i].type == FIELD_NAME;
        }
        return named && values > 1;
}

static bool is_told(const struct intake *intake, const char *problem)
{
        return str_list_has(&intake->problems, problem) || str_list_has(&intake->mail->problems, problem);
}

/* What the sender can mend: a document that nobody can open. */
static enum decide_rule why_unread(const struct intake *intake)
{
        if (is_told(intake, DOCUMENT_PROTECTED) || is_told(intake, DOCUMENT_ARCHIVE_PROTECTED))
                return RULE_PROTECTED;
        return is_told(intake, DOCUMENT_DAMAGED) ? RULE_DAMAGED : RULE_UNREADABLE;
}

static void look_at_readings(const struct registrar *r, const struct intake *intake, struct assessment *a)
{
        a->unread = why_unread(intake);
        for (size_t i = 0; i < intake->reading_count; i++) {
                const struct reading *reading = &intake->readings[i].reading;

                if (str_list_has(&reading->problems, READING_QUOTED)) {
                        a->facts.quoted_form = true;
                        continue;
                }
                a->facts.form = a->facts.form || reading->form;
                if (reading->blank)
                        a->unread = RULE_BLANK;
                for (size_t p = 0; p < reading->people_count; p++) {
                        a->facts.partial =
                            a->facts.partial || person_is_partial(&r->events[intake->readings[i].event].form,
                                                    &reading->people[p]);
                        if (person_has_values(&reading->people[p], reading->field_count))
                                a->facts.fields = true;
                }
        }
}

static bool subject_matches(const struct registrar *r, const struct mail *mail)
{
        bool mentions[LIMIT_EVENTS] = { false }, open[LIMIT_EVENTS] = { false };

        /* Nothing but the subject and addresses may answer here: no event is open and none is mentioned. */
        return triage_event(mail, r->events, r->event_count, -1, mentions, open) != -1;
}

/* PRODUCT.md 2 "Which event". A form that some event's labels fit better than any other's says nothing by
 * itself. */
static int choose_event(struct registrar *r, const struct intake *intake, int64_t counted_at,
    struct assessment *a, struct err *err)
{
        bool mentions[LIMIT_EVENTS] = { false }, open[LIMIT_EVENTS] = { false };
        struct store_registration registration;
        int known = -1, found;

        if (a->registration) {
                found = store_registration_get(r->store, a->registration, &registration, err);
                if (found < 0)
                        return -1;
                for (size_t i = 0; found && i < r->event_count; i++)
                        if (str_equal(r->events[i].id, registration.event))
                                known = (int)i;
                a->facts.awaited = found && a->facts.proof && confirm_awaited(&registration);
                if (found)
                        store_registration_free(&registration);
        }
        for (size_t i = 0; i < intake->reading_count; i++)
                if (intake->readings[i].mentions)
                        mentions[intake->readings[i].event] = true;
        for (size_t i = 0; i < r->event_count; i++)
                open[i] = counted_at <= r->events[i].ends;
        a->event = triage_event(intake->mail, r->events, r->event_count, known, mentions, open);
        return 0;
}

/* Somebody who is registered writes that they do not come, without any proof. Nothing may change by that, but
 * a person should hear of it (PRODUCT.md 2 "Cancelling by mail"). Only then is the register searched for the
 * sender. */
static bool names_ref(const struct registrar *r, const char *subject, const char *ref)
{
        for (size_t i = 0; i < r->event_count; i++) {
                CLEANUP_FREE char *found = ref_find(subject, r->events[i].ref_prefix);
                if (found && str_equal(found, ref))
                        return true;
        }
        return false;
}

static int check_sender(struct registrar *r, const struct mail *mail, struct assessment *a, struct err *err)
{
        CLEANUP_FREE char *sender = address_registered(mail->from, mail->reply_to);
        struct store_registration_list list = { 0 };

        if (a->facts.proof || !sender ||
            (!triage_cancel_words(mail->subject) && !triage_cancel_words(mail->text)))
                return 0;
        if (store_registration_list(r->store, NULL, -1, &list, err) < 0)
                return -1;
        for (size_t i = 0; i < list.count && !a->facts.registered; i++)
                if (list.items[i].place != PLACE_NONE &&
                    (address_equal(list.items[i].sender, sender) ||
                        names_ref(r, mail->subject, list.items[i].ref))) {
                        a->facts.registered = true;
                        a->registration = list.items[i].id;
                }
        store_registration_list_free(&list);
        return 0;
}

/* "Re: ... (MW-7K3M)" with a document and without proof, from the address that we wrote to: about that one, not
 * about somebody new. */
static int check_ref_of_sender(
    struct registrar *r, const struct mail *mail, struct assessment *a, struct err *err)
{
        CLEANUP_FREE char *sender = address_registered(mail->from, mail->reply_to);
        struct store_registration_list list = { 0 };

        if (!a->facts.meant || a->facts.proof || !sender)
                return 0;
        if (store_registration_at(r->store, sender, &list, err) < 0)
                return -1;
        for (size_t i = 0; i < list.count; i++)
                if (names_ref(r, mail->subject, list.items[i].ref))
                        a->registration = list.items[i].id;
        store_registration_list_free(&list);
        return 0;
}

/* Our own words, or those of another zapisyd with the same letters. */
static bool has_our_sentences(const struct registrar *r, const char *text)
{
        CLEANUP_FREE char *folded = fold_key(text);

        for (size_t language = 0; language < 2; language++)
                for (size_t kind = 0; kind < LETTER_COUNT; kind++)
                        if (r->config->letters[language][kind] &&
                            letter_sentences_in(r->config->letters[language][kind], folded) >=
                                LETTER_SENT_BACK)
                                return true;
        return false;
}

/* Whether what was read comes from a letter of ours: what machines and some people send back whole. */
static int check_sent_back(
    struct registrar *r, const struct mail *mail, struct assessment *a, struct err *err)
{
        struct store_letter letter;
        int found;

        if (!a->facts.form && !a->facts.fields)
                return 0;
        found = store_letter_by_message_id(r->store, &mail->returned_ids, &letter, err);
        if (found < 0)
                return -1;
        if (found > 0)
                store_letter_free(&letter);
        if (!found && !has_our_sentences(r, mail->text ? mail->text : ""))
                return 0;
        a->facts.sent_back = true;
        a->facts.form = a->facts.fields = a->facts.partial = false;
        return 0;
}

static int check_envelope(struct registrar *r, const struct mail *mail, struct assessment *a, struct err *err)
{
        struct store_letter letter;
        int found = verp_find(r, mail, &letter, err);

        a->facts.envelope = found > 0;
        if (found > 0)
                store_letter_free(&letter);
        return found < 0 ? -1 : 0;
}

int assess(struct registrar *r, const struct intake *intake, int64_t counted_at, struct assessment *ret,
    struct err *err)
{
        struct assessment a = { .event = -1 };
        const struct mail *mail = intake->mail;
        bool attached_unread;

        a.facts.old = intake->internaldate < r->since;
        a.facts.broken = !mail;
        if (mail) {
                a.facts.coordinator_forward =
                    mail->forward_count && address_equal(mail->from, r->config->coordinator_email);
                a.facts.dmarc_failed = robot_dmarc_failed(mail, r->config->mailbox.authserv_id);
                if (check_token(r, mail->subject, &a, err) < 0)
                        goto fail;
                a.facts.cancel_token = a.token_ref && triage_cancel_words(mail->subject);
                if (check_plus_addresses(r, mail, &a, err) < 0 || check_references(r, mail, &a, err) < 0 ||
                    check_envelope(r, mail, &a, err) < 0 || check_own(r, mail, &a, err) < 0 ||
                    check_sender(r, mail, &a, err) < 0)
                        goto fail;
                a.facts.subject_matches = subject_matches(r, mail);
                look_at_readings(r, intake, &a);
                if (check_sent_back(r, mail, &a, err) < 0)
                        goto fail;
                attached_unread = !intake->whole && (a.facts.proof || a.facts.subject_matches);
                a.facts.meant =
                    !a.facts.form && !a.facts.old && !a.facts.sent_back &&
                    (attached_unread || triage_meant(mail, r->events, r->event_count, a.facts.proof));
                if (check_ref_of_sender(r, mail, &a, err) < 0)
                        goto fail;
                if (choose_event(r, intake, counted_at, &a, err) < 0)
                        goto fail;
        }
        triage(mail, &a.facts, &a.triage);
        *ret = a;
        return 0;
fail:
        assessment_free(&a);
        return -1;
}
