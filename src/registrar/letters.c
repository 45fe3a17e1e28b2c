/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"
#include "compose/calendar.h"
#include "compose/compose.h"
#include "config/config.h"
#include "core/address.h"
#include "core/event.h"
#include "core/schedule.h"
#include "core/zone.h"
#include "registrar/desk.h"

enum { HOUR = 3600, DAY = 24 * HOUR, LOOP_A_DAY = 10 };

void letters_about(struct registrar *r, const struct event *event,
    const struct store_registration *registration, const struct person *person,
    struct letter_about *ret_about)
{
        *ret_about = (struct letter_about){
                .event = event,
                .coordinator_name = r->config->smtp.from_name,
                .coordinator_email = r->config->coordinator_email,
                .mailbox = r->config->smtp.from_address,
                .now = r->now,
                .person = person,
        };
        if (!registration)
                return;
        ret_about->ref = registration->ref;
        ret_about->token = registration->token;
        ret_about->status = registration->status;
        ret_about->rule = registration->rule;
        ret_about->counted_at = registration->counted_at;
        ret_about->first = !registration->told;
        ret_about->position = registration->position;
        ret_about->people_ahead = registration->position > 0 ? registration->position - 1 : 0;
}

/* Answers with proof are free, but nobody changes one registration so often in a day by hand. */
static int stop_loop(struct registrar *r, struct store_letter *letter, struct err *err)
{
        CLEANUP_FREE char *alarm = NULL;
        int today = 0;

        if (!letter->registration || !letter->message || letter->state == LETTER_ON_HOLD)
                return 0;
        if (store_letter_answers_about(r->store, letter->registration, r->now - DAY, &today, err) < 0)
                return -1;
        if (today < LOOP_A_DAY)
                return 0;
        letter->state = LETTER_ON_HOLD;
        alarm = xasprintf("loop %s", letter->ref);
        return store_alarm_add(r->store, r->now, alarm, err);
}

/* PRODUCT.md 5 "Caps". */
static int apply_caps(struct registrar *r, struct store_letter *letter, struct err *err)
{
        const struct config_limits *limits = &r->config->limits;
        int day = 0, hour = 0, fresh = 0;

        if (letter->counted) {
                if (store_letter_counted(r->store, letter->to, r->now - DAY, &day, err) < 0 ||
                    store_letter_counted(r->store, NULL, r->now - HOUR, &hour, err) < 0)
                        return -1;
                if (day >= limits->answers_per_address_day || hour >= limits->answers_per_hour)
                        letter->state = LETTER_ON_HOLD;
                return 0;
        }
        if (!letter->first_new)
                return 0;
        if (store_letter_first_new(r->store, r->now - HOUR, &fresh, err) < 0)
                return -1;
        if (fresh < limits->new_per_hour)
                return stop_loop(r, letter, err);
        letter->state = LETTER_ON_HOLD;
        return store_alarm_add(r->store, r->now, "flood", err);
}

static int calendar_for(
    struct registrar *r, const struct letter_order *order, bool cancelled, char **ret_text, struct err *err)
{
        const struct event *event = order->event;
        const struct calendar_event entry = {
                .ref = order->registration->ref,
                .event_id = event->id,
                .organiser = r->config->smtp.from,
                .summary = event->title,
                .location = event->place,
                .starts = event->starts,
                .ends = event->ends,
                .stamp = r->now,
                .sequence = cancelled ? 1 : 0,
                .cancelled = cancelled,
        };

        return calendar_text(&entry, ret_text, err);
}

/* The METHOD of the calendar entry that goes with the letter, or NULL. */
static const char *method_for(const struct letter_order *order)
{
        if (!order->registration)
                return NULL;
        if (order->kind == LETTER_CANCELLED)
                return order->with_calendar_cancel ? "CANCEL" : NULL;
        if (order->kind == LETTER_ACCEPTED || order->kind == LETTER_PROMOTED)
                return "PUBLISH";
        return NULL;
}

static int load_blank(const struct letter_order *order, struct buf *file,
    struct compose_attachment *ret_attachment, struct err *err)
{
        const char *path, *slash;

        if (order->kind != LETTER_REQUEST || str_is_empty(order->event->blank_form))
                return 0;
        path = order->event->blank_form;
        slash = strrchr(path, '/');
        if (io_read_file(path, file, err) < 0)
                return -1;
        *ret_attachment = (struct compose_attachment){
                .name = slash ? slash + 1 : path,
                .type = "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
                .data = buf_text(file),
                .size = file->size,
        };
        return 1;
}

/* RFC 5322 3.6.4: the parent's references, then the parent. In a mail's facts what it answers stands first.
 */
static void add_references(const struct str_list *parents, struct str_list *out)
{
        for (size_t i = 1; i <= parents->count; i++) {
                const char *id = parents->items[i % parents->count];

                if (!str_list_has(out, id))
                        str_list_add(out, id);
        }
}

static int compose(struct registrar *r, const struct letter_order *order, const char *subject,
    const char *body, const char *message_id, struct buf *out, struct err *err)
{
        const char *method = method_for(order);
        CLEANUP_FREE char *calendar = NULL;
        struct buf file = BUF_INIT(LIMIT_LETTER / 2);
        struct compose_attachment attachment;
        struct compose_letter letter = {
                .from = r->config->smtp.from,
                .to = order->to,
                .subject = subject,
                .body = body,
                .message_id = message_id,
                .date = r->now,
                .zone = order->event ? order->event->timezone : r->config->timezone,
                .auto_submitted = letter_is_generated(order->kind) ? "auto-generated" : "auto-replied",
                .ref = order->registration ? order->registration->ref : NULL,
                .outcome = letter_outcome(order->kind),
                .calendar_method = method,
        };
        int has_file = load_blank(order, &file, &attachment, err), result;

        if (has_file < 0)
                return -1;
        if (has_file)
                letter.attachment = &attachment;
        if (method && calendar_for(r, order, str_equal(method, "CANCEL"), &calendar, err) < 0) {
                buf_free(&file);
                return -1;
        }
        letter.calendar = calendar;
        if (order->answers && order->answers->message_id) {
                letter.in_reply_to = order->answers->message_id;
                add_references(&order->answers->references, &letter.references);
                str_list_add(&letter.references, order->answers->message_id);
        }
        result = compose_letter(&letter, out, err);
        str_list_free(&letter.references);
        buf_free(&file);
        return result;
}

static int add_letter(struct registrar *r, const struct letter_order *order, const char *subject,
    const char *body, int64_t *ret_id, struct err *err)
{
        unsigned char random[16];
        struct buf bytes = BUF_INIT(LIMIT_LETTER);
        CLEANUP_FREE char *message_id = NULL;
        struct store_letter letter = {
                .kind = order->kind,
                .to = (char *)(uintptr_t)order->to,
                .registration = order->registration ? order->registration->id : 0,
                .message = order->message,
                .ref = order->registration ? order->registration->ref : NULL,
                .event = order->event ? order->event->id : NULL,
                .state = LETTER_QUEUED,
                .counted = !order->free,
                .first_new = order->free && order->kind != LETTER_DIGEST,
                .queued_at = r->now,
                .next_at = r->now,
                .sent_at = ZONE_NO_TIME,
                .tried_at = ZONE_NO_TIME,
                .last_error = (char *)(uintptr_t) "",
        };
        int result = -1;

        io_random(random, sizeof random);
        message_id = compose_message_id(random, r->config->smtp.from);
        letter.message_id = message_id;
        if (compose(r, order, subject, body, message_id, &bytes, err) < 0 || apply_caps(r, &letter, err) < 0)
                goto out;
        letter.bytes = bytes.data;
        letter.size = bytes.size;
        result = store_letter_add(r->store, &letter, err);
        if (result == 0 && ret_id)
                *ret_id = letter.id;
out:
        buf_free(&bytes);
        return result;
}

/* The first letter to a person gives the privacy notice; it is remembered so that no second one does. */
static int remember_told(struct registrar *r, struct store_registration *registration, struct err *err)
{
        if (registration->told)
                return 0;
        registration->told = true;
        return store_registration_update(r->store, registration, err);
}

int letters_queue(struct registrar *r, const struct letter_order *order, struct err *err)
{
        struct letter_about about;
        struct person person = { 0 };
        char *values[LP_COUNT] = { NULL };
        CLEANUP_FREE char *subject = NULL;
        CLEANUP_FREE char *body = NULL;
        const struct letter_template *template =
            r->config->letters[config_language(order->event->language)][order->kind];

        if (!address_is_valid(order->to))
                return 0; /* paper without an e-mail: nobody to write to */
        if (order->registration) {
                registrar_person(order->event, order->registration, &person);
                letters_about(r, order->event, order->registration, &person, &about);
        } else {
                letters_about(r, order->event, NULL, NULL, &about);
                about.first = true;
                about.counted_at = order->counted_at;
        }
        about.before = order->before;
        about.missing = order->missing;
        about.unsure = order->unsure;
        about.people = order->people;
        letter_fill(&about, values);
        letter_render(template, (const char *const *)values, &subject, &body);
        letter_values_free(values);
        person_free(&person, order->event->form.count);
        if (add_letter(r, order, subject, body, NULL, err) < 0)
                return -1;
        if (!order->registration)
                return 0;
        if (seats_history(r, order->registration->id, order->message, "keeper", "letter queued",
                letter_kind_name(order->kind), err) < 0)
                return -1;
        return remember_told(r, order->registration, err);
}

int letters_queue_digest(
    struct registrar *r, const char *subject, const char *body, int64_t *ret_letter, struct err *err)
{
        const struct letter_order order = {
                .kind = LETTER_DIGEST, .to = r->config->coordinator_email, .free = true
        };

        return add_letter(r, &order, subject, body, ret_letter, err);
}

/* ---- what waits on hold */
int registrar_release(struct registrar *r, int64_t *ret_next, struct err *err)
{
        struct store_letter_list held = { 0 };
        int result = -1;

        *ret_next = ZONE_NO_TIME;
        if (store_letter_on_hold(r->store, &held, err) < 0)
                return -1;
        for (size_t i = 0; i < held.count; i++) {
                struct store_letter *letter = &held.items[i];

                letter->state = LETTER_QUEUED;
                if (apply_caps(r, letter, err) < 0)
                        goto out;
                if (letter->state == LETTER_ON_HOLD) {
                        *ret_next = r->now + HOUR / 4;
                        continue;
                }
                letter->next_at = letter->queued_at = r->now; /* it counts in the window it leaves in */
                if (store_letter_settle(r->store, letter, err) < 0)
                        goto out;
        }
        result = 0;
out:
        store_letter_list_free(&held);
        return result;
}
