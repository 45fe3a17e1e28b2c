/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The figures of the daily letter, gathered from the store. The words are core/digest's. */
#include "core/digest.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/event.h"
#include "core/notice.h"
#include "core/record.h"
#include "core/schedule.h"
#include "core/zone.h"
#include "registrar/bounce.h"
#include "registrar/desk.h"

/* Lines whose texts it owns. */
struct lines {
        struct digest_line *items;
        size_t count;
        struct str_list texts;
};

static const char *keep(struct lines *lines, char *text_take)
{
        str_list_add_take(&lines->texts, text_take);
        return text_take;
}

static void add_line(
    struct lines *lines, const char *event, const char *ref, char *text_take, char *note_take, int64_t at)
{
        struct digest_line line = {
                .event_id = keep(lines, xstrdup(event ? event : "")),
                .ref = keep(lines, xstrdup(ref ? ref : "")),
                .text = keep(lines, text_take),
                .note = keep(lines, note_take),
                .at = at,
        };

        lines->items = xreallocarray(lines->items, lines->count + 1, sizeof *lines->items);
        lines->items[lines->count++] = line;
}

static void free_lines(struct lines *lines)
{
        free(lines->items);
        str_list_free(&lines->texts);
        *lines = (struct lines){ 0 };
}

static const char *value_of_type(
    const struct event *event, const struct store_registration *registration, enum field_type type)
{
        for (size_t i = 0; i < registration->value_count; i++) {
                const struct field *field =
                    event ? form_field(&event->form, registration->values[i].key) : NULL;

                if (field && field->type == type)
                        return registration->values[i].value;
        }
        return NULL;
}

/* "Jan Kowalski, Urząd Gminy, tel. +48..." */
static char *describe(const struct registrar *r, const struct store_registration *registration, bool phone)
{
        const struct event *event = registrar_event(r, registration->event);
        const char *name = value_of_type(event, registration, FIELD_NAME);
        const char *organisation = value_of_type(event, registration, FIELD_ORGANISATION);
        const char *number = phone ? value_of_type(event, registration, FIELD_PHONE) : NULL;

        return xasprintf("%s%s%s%s%s",
            name                   ? name
            : registration->sender ? registration->sender
                                   : "?",
            organisation ? ", " : "", organisation ? organisation : "", number ? ", tel. " : "",
            number ? number : "");
}

static int add_doubt(struct registrar *r, const struct store_bounce *bounce, const char *language,
    struct lines *lines, struct err *err)
{
        struct store_registration_list list = { 0 };
        struct store_letter letter;
        int found = store_letter_get(r->store, bounce->letter, &letter, err);

        if (found <= 0)
                return found;
        if (bounce_concerned(r, &letter, bounce->evidence == EVIDENCE_RECIPIENT, &list, err) < 0) {
                store_letter_free(&letter);
                return -1;
        }
        for (size_t i = 0; i < list.count; i++)
                if (list.items[i].undeliverable_since == ZONE_NO_TIME)
                        add_line(lines, list.items[i].event, list.items[i].ref,
                            describe(r, &list.items[i], true), xstrdup(notice_doubt(bounce->kind, language)),
                            bounce->at);
        store_registration_list_free(&list);
        store_letter_free(&letter);
        return 0;
}

struct gathered {
        struct digest_event *events;
        struct lines fresh, waiting, review, undeliverable, on_hold, alarms;
};

static void free_gathered(struct gathered *g)
{
        free(g->events);
        free_lines(&g->fresh);
        free_lines(&g->waiting);
        free_lines(&g->review);
        free_lines(&g->undeliverable);
        free_lines(&g->on_hold);
        free_lines(&g->alarms);
}

static int gather_registrations(struct registrar *r, int64_t since, struct gathered *g, struct err *err)
{
        struct store_registration_list all = { 0 };

        if (store_registration_list(r->store, NULL, -1, &all, err) < 0)
                return -1;
        for (size_t i = 0; i < all.count; i++) {
                const struct store_registration *one = &all.items[i];

                if (since == ZONE_NO_TIME || one->created_at >= since)
                        add_line(&g->fresh, one->event, one->ref, describe(r, one, false),
                            xstrdup(status_name(one->status)), one->counted_at);
                if (one->place == PLACE_WAITING)
                        add_line(&g->waiting, one->event, one->ref, describe(r, one, false),
                            xasprintf("%d", one->position), one->counted_at);
                if (one->undeliverable_since != ZONE_NO_TIME)
                        add_line(&g->undeliverable, one->event, one->ref, describe(r, one, true), xstrdup(""),
                            one->undeliverable_since);
        }
        store_registration_list_free(&all);
        return 0;
}

/* What came back without settling whether the address is good. */
static int gather_doubts(
    struct registrar *r, int64_t since, const char *language, struct gathered *g, struct err *err)
{
        struct store_bounce_list bounces = { 0 };
        int status = 0;

        if (store_bounce_list(r->store, since == ZONE_NO_TIME ? 0 : since, &bounces, err) < 0)
                return -1;
        for (size_t i = 0; i < bounces.count && status == 0; i++)
                if (bounce_is_doubtful(&bounces.items[i]))
                        status = add_doubt(r, &bounces.items[i], language, &g->undeliverable, err);
        store_bounce_list_free(&bounces);
        return status;
}

/* "undeliverable MW-7K3M" and "undelivered MW-7K3M" also say whom to telephone. */
static char *alarm_text(struct registrar *r, const char *alarm, const char *language)
{
        CLEANUP_FREE char *text = notice_alarm(alarm, language);
        CLEANUP_FREE char *who = NULL;
        struct store_registration registration;

        if ((!str_starts(alarm, "undeliverable ") && !str_starts(alarm, "undelivered ")) ||
            store_registration_by_ref(r->store, strchr(alarm, ' ') + 1, &registration, NULL) <= 0)
                return xstrdup(text);
        who = describe(r, &registration, true);
        store_registration_free(&registration);
        return xasprintf("%s: %s", text, who);
}

static int gather_rest(
    struct registrar *r, int64_t since, const char *language, struct gathered *g, struct err *err)
{
        struct store_review_list review = { 0 };
        struct store_letter_list held = { 0 };
        struct store_alarm_list alarms = { 0 };
        int status = -1;

        if (store_review_open(r->store, &review, err) < 0 || store_letter_on_hold(r->store, &held, err) < 0 ||
            store_alarm_list(r->store, since == ZONE_NO_TIME ? 0 : since, &alarms, err) < 0)
                goto out;
        for (size_t i = 0; i < review.count; i++)
                add_line(&g->review, review.items[i].event, review.items[i].ref,
                    xasprintf("[%lld] %s", (long long)review.items[i].id,
                        notice_review(review.items[i].kind, review.items[i].reason, language)),
                    xstrdup(review.items[i].sender ? review.items[i].sender : ""),
                    review.items[i].created_at);
        for (size_t i = 0; i < held.count; i++)
                add_line(&g->on_hold, held.items[i].event, held.items[i].ref,
                    xstrdup(letter_kind_name(held.items[i].kind)), xstrdup(held.items[i].to),
                    held.items[i].queued_at);
        for (size_t i = 0; i < alarms.count; i++)
                add_line(&g->alarms, NULL, NULL, alarm_text(r, alarms.items[i].text, language), xstrdup(""),
                    alarms.items[i].at);
        status = 0;
out:
        store_review_list_free(&review);
        store_letter_list_free(&held);
        store_alarm_list_free(&alarms);
        return status;
}

static int gather_events(struct registrar *r, struct gathered *g, struct err *err)
{
        g->events = xcalloc(r->event_count, sizeof *g->events);
        for (size_t i = 0; i < r->event_count; i++) {
                struct standing standing;

                g->events[i].event = &r->events[i];
                if (store_counts(r->store, r->events[i].id, g->events[i].count, err) < 0 ||
                    store_standing(r->store, r->events[i].id, NULL, NULL, NULL, NULL, &standing, err) < 0)
                        return -1;
                g->events[i].seats_taken = standing.seats_taken;
                g->events[i].waiting = standing.waiting;
        }
        return 0;
}

static void write_words(
    struct registrar *r, const struct digest_data *data, char **ret_subject, char **ret_body)
{
        char *values[LP_COUNT] = { NULL };

        digest_fill(data, values);
        letter_render(r->config->letters[config_language(data->language)][LETTER_DIGEST],
            (const char *const *)values, ret_subject, ret_body);
        letter_values_free(values);
}

/* New is what came since yesterday began, or since the last digest where that is longer ago. */
static int new_since(struct registrar *r, int64_t *ret_since, struct err *err)
{
        CLEANUP_FREE char *date = NULL;
        int64_t last = ZONE_NO_TIME, yesterday = zone_at(r->now, -1, 0, 0, r->config->timezone);
        int found = store_digest_last(r->store, &date, &last, err);

        if (found < 0)
                return -1;
        *ret_since = !found ? ZONE_NO_TIME : last < yesterday ? last : yesterday;
        return 0;
}

int registrar_digest_text(struct registrar *r, char **ret_subject, char **ret_body, struct err *err)
{
        struct gathered g = { 0 };
        struct store_balance balance;
        struct digest_data data = { .now = r->now,
                .since = ZONE_NO_TIME,
                .zone = r->config->timezone,
                .coordinator_name = r->config->smtp.from_name,
                .language = r->event_count ? r->events[0].language : "pl",
                .event_count = r->event_count };
        int status = -1;

        if (new_since(r, &data.since, err) < 0 || gather_events(r, &g, err) < 0 ||
            gather_registrations(r, data.since, &g, err) < 0 ||
            gather_doubts(r, data.since, data.language, &g, err) < 0 ||
            gather_rest(r, data.since, data.language, &g, err) < 0 ||
            store_balance(r->store, &balance, err) < 0)
                goto out;
        data.events = g.events;
        data.fresh = g.fresh.items, data.fresh_count = g.fresh.count;
        data.waiting = g.waiting.items, data.waiting_count = g.waiting.count;
        data.review = g.review.items, data.review_count = g.review.count;
        data.undeliverable = g.undeliverable.items, data.undeliverable_count = g.undeliverable.count;
        data.on_hold = g.on_hold.items, data.on_hold_count = g.on_hold.count;
        data.alarms = g.alarms.items, data.alarm_count = g.alarms.count;
        data.fetched = balance.fetched;
        data.in_progress = balance.in_progress;
        memcpy(data.outcomes, balance.outcomes, sizeof data.outcomes);
        write_words(r, &data, ret_subject, ret_body);
        status = 0;
out:
        free_gathered(&g);
        return status;
}

/* What must add up is counted anew before the coordinator reads it. */
static int check_books(struct registrar *r, struct err *err)
{
        struct store_balance balance;
        int64_t sum;
        bool different = false;

        if (store_recount(r->store, &different, err) < 0 || store_balance(r->store, &balance, err) < 0)
                return -1;
        if (different && store_alarm_add(r->store, r->now, "counters", err) < 0)
                return -1;
        sum = balance.in_progress;
        for (size_t i = 0; i < OUTCOME_COUNT; i++)
                sum += balance.outcomes[i];
        if (sum != balance.fetched)
                return store_alarm_add(r->store, r->now, "balance", err);
        return 0;
}

static int queue(struct registrar *r, int64_t *ret_letter, struct err *err)
{
        CLEANUP_FREE char *subject = NULL;
        CLEANUP_FREE char *body = NULL;

        if (check_books(r, err) < 0 || registrar_digest_text(r, &subject, &body, err) < 0)
                return -1;
        return letters_queue_digest(r, subject, body, ret_letter, err);
}

int registrar_digest_if_due(struct registrar *r, bool *ret_queued, struct err *err)
{
        CLEANUP_FREE char *last = NULL;
        CLEANUP_FREE char *date = NULL;
        int64_t last_at, letter = 0;

        *ret_queued = false;
        if (store_digest_last(r->store, &last, &last_at, err) < 0)
                return -1;
        date = schedule_digest_due(
            r->now, r->config->digest_hour, r->config->digest_minute, r->config->timezone, last);
        if (!date)
                return 0;
        if (queue(r, &letter, err) < 0 || store_digest_add(r->store, date, r->now, letter, err) < 0)
                return -1;
        *ret_queued = true;
        return 0;
}

int registrar_digest_send(struct registrar *r, struct err *err)
{
        int64_t letter;

        return queue(r, &letter, err);
}
