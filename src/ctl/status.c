/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/event.h"
#include "core/zone.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/table.h"
#include "ctl/text.h"

struct figures {
        struct store_balance balance;
        int letters[LETTER_STATE_COUNT];
        size_t reviews;
        json_t *mailbox, *smtp, *token, *keeper; /* owned objects */
        bool paused;
};

static void figures_free(struct figures *f)
{
        json_decref(f->mailbox);
        json_decref(f->smtp);
        json_decref(f->token);
        json_decref(f->keeper);
}

/* What the keeper wrote about itself; an empty object when it has not, or not understandably. */
static int read_note(struct ctl *ctl, const char *key, json_t **ret_json, struct err *err)
{
        CLEANUP_FREE char *text = NULL;
        json_t *json;

        if (store_meta_get(ctl->store, key, &text, err) < 0)
                return -1;
        json = text ? json_loads(text, 0, NULL) : NULL;
        if (!json_is_object(json)) {
                json_decref(json);
                json = json_object();
        }
        *ret_json = json;
        return 0;
}

static bool adds_up(const struct store_balance *balance)
{
        int64_t sum = balance->in_progress;

        for (size_t i = 0; i < OUTCOME_COUNT; i++)
                sum += balance->outcomes[i];
        return sum == balance->fetched;
}

static int gather(struct ctl *ctl, struct figures *f, struct err *err)
{
        struct store_review_list review = { 0 };
        CLEANUP_FREE char *paused = NULL;

        if (store_balance(ctl->store, &f->balance, err) < 0 ||
            store_letter_states(ctl->store, f->letters, err) < 0 ||
            store_review_open(ctl->store, &review, err) < 0)
                return -1;
        for (size_t i = 0; i < review.count; i++)
                f->reviews += ctl_shows(ctl, review.items[i].event);
        store_review_list_free(&review);
        /* A dropped letter is shown as failed everywhere. */
        f->letters[LETTER_FAILED] += f->letters[LETTER_DROPPED];
        if (read_note(ctl, "mailbox", &f->mailbox, err) < 0 || read_note(ctl, "smtp", &f->smtp, err) < 0 ||
            read_note(ctl, "keeper", &f->keeper, err) < 0 || read_note(ctl, "token", &f->token, err) < 0 ||
            store_meta_get(ctl->store, "paused", &paused, err) < 0)
                return -1;
        f->paused = paused != NULL;
        if (!json_object_get(f->mailbox, "state"))
                json_object_set_new(f->mailbox, "state", json_string("unknown"));
        json_object_set_new(f->mailbox, "folder", json_string(ctl->config->mailbox.folder));
        json_object_set_new(f->mailbox, "since", ctl_json_time(ctl->registrar.since, ctl->config->timezone));
        return 0;
}

static bool uses_tokens(const struct ctl *ctl)
{
        return config_uses_token(&ctl->config->mailbox.server) ||
               config_uses_token(&ctl->config->smtp.server);
}

/* ---- for machines */
static json_t *event_json(const struct event *event, const int *counts)
{
        json_t *json = json_object();

        json_object_set_new(json, "id", json_string(event->id));
        json_object_set_new(json, "title", json_string(event->title));
        json_object_set_new(json, "seats", json_integer(event->seats));
        for (int i = 0; i < STATUS_COUNT; i++)
                json_object_set_new(json, status_name((enum status)i), json_integer(counts[i]));
        json_object_set_new(json, "deadline", ctl_json_time(event->deadline, event->timezone));
        return json;
}

static json_t *events_json(const struct ctl *ctl, struct err *err)
{
        json_t *json = json_array();

        for (size_t i = 0; i < ctl->event_count; i++) {
                int counts[STATUS_COUNT];

                if (!ctl_shows(ctl, ctl->events[i].id))
                        continue;
                if (store_counts(ctl->store, ctl->events[i].id, counts, err) < 0) {
                        json_decref(json);
                        return NULL;
                }
                json_array_append_new(json, event_json(&ctl->events[i], counts));
        }
        return json;
}

static json_t *balance_json(const struct store_balance *balance)
{
        json_t *json = json_object();

        json_object_set_new(json, "fetched", json_integer(balance->fetched));
        for (int i = 0; i < OUTCOME_COUNT; i++)
                json_object_set_new(json, outcome_name((enum outcome)i), json_integer(balance->outcomes[i]));
        json_object_set_new(json, "in_progress", json_integer(balance->in_progress));
        json_object_set_new(json, "balanced", json_boolean(adds_up(balance)));
        return json;
}

static json_t *outbox_json(const struct figures *f)
{
        json_t *json = json_object();

        for (int i = 0; i < LETTER_STATE_COUNT; i++)
                if (i != LETTER_DROPPED)
                        json_object_set_new(
                            json, store_letter_state_name((enum letter_state)i), json_integer(f->letters[i]));
        json_object_set_new(json, "paused", json_boolean(f->paused));
        return json;
}

static int say_json(struct ctl *ctl, const struct figures *f, struct err *err)
{
        json_t *json = json_object(), *events = events_json(ctl, err);

        if (!events) {
                json_decref(json);
                return -1;
        }
        json_object_set_new(json, "events", events);
        json_object_set_new(json, "review", json_integer((json_int_t)f->reviews));
        json_object_set_new(json, "balance", balance_json(&f->balance));
        json_object_set(json, "mailbox", f->mailbox);
        json_object_set(json, "smtp", f->smtp);
        if (uses_tokens(ctl))
                json_object_set(json, "token", f->token);
        json_object_set_new(json, "outbox", outbox_json(f));
        json_object_set(json, "keeper", f->keeper);
        ctl_json_take(ctl, json);
        return 0;
}

/* ---- for people */
static int say_events(struct ctl *ctl, struct err *err)
{
        static const char *const titles[STATUS_COUNT] = {
                [STATUS_ACCEPTED] = "ACCEPTED",
                [STATUS_WAITLISTED] = "WAITLISTED",
                [STATUS_OFFERED] = "OFFERED",
                [STATUS_HELD] = "HELD",
                [STATUS_INCOMPLETE] = "INCOMPLETE",
                [STATUS_LATE] = "LATE",
                [STATUS_REFUSED] = "REFUSED",
                [STATUS_CANCELLED] = "CANCELLED",
        };
        struct table table = { 0 };

        table_column_elastic(&table, "EVENT");
        table_column_right(&table, "SEATS");
        table_column_right(&table, "FREE");
        for (int i = 0; i < STATUS_COUNT; i++)
                table_column_right(&table, titles[i]);
        table_column(&table, "DEADLINE");
        for (size_t i = 0; i < ctl->event_count; i++) {
                const struct event *event = &ctl->events[i];
                int counts[STATUS_COUNT], free_seats;
                struct standing standing;

                if (!ctl_shows(ctl, event->id))
                        continue;
                if (store_counts(ctl->store, event->id, counts, err) < 0 ||
                    store_standing(ctl->store, event->id, NULL, NULL, NULL, NULL, &standing, err) < 0) {
                        table_free(&table);
                        return -1;
                }
                free_seats = event->seats - standing.seats_taken;
                table_cell(&table, event->id);
                table_number(&table, event->seats);
                table_number(&table, free_seats > 0 ? free_seats : 0);
                for (int k = 0; k < STATUS_COUNT; k++)
                        table_number(&table, counts[k]);
                table_cell_take(&table, ctl_time(event->deadline, event->timezone));
        }
        ctl_table(ctl, &table);
        return 0;
}

static void say_note(struct ctl *ctl, const char *title, const json_t *note)
{
        const char *state = json_string_value(json_object_get(note, "state"));
        const char *detail = json_string_value(json_object_get(note, "detail"));
        const char *at = json_string_value(json_object_get(note, "at"));
        CLEANUP_FREE char *text =
            xasprintf("%s%s%s%s%s", state ? state : "unknown", str_is_empty(detail) ? "" : ": ",
                str_is_empty(detail) ? "" : detail, at ? " since " : "", at ? at : "");
        CLEANUP_FREE char *line = text_line(text);

        buf_printf(&ctl->out, "%-9s %s\n", title, line);
}

static void say_balance(struct ctl *ctl, const struct store_balance *balance)
{
        const char *sign = "=";

        buf_printf(&ctl->out, "%-9s %lld mails", "balance", (long long)balance->fetched);
        for (int i = 0; i < OUTCOME_COUNT; i++)
                if (balance->outcomes[i]) {
                        buf_printf(&ctl->out, " %s %lld %s", sign, (long long)balance->outcomes[i],
                            outcome_name((enum outcome)i));
                        sign = "+";
                }
        if (balance->in_progress)
                buf_printf(&ctl->out, " %s %lld in progress", sign, (long long)balance->in_progress);
        buf_puts(&ctl->out, adds_up(balance) ? "\n" : ": THIS DOES NOT ADD UP\n");
}

static int say_text(struct ctl *ctl, const struct figures *f, struct err *err)
{
        if (!ctl->event_count)
                buf_puts(&ctl->out, "no training is loaded\n");
        else if (say_events(ctl, err) < 0)
                return -1;
        buf_printf(&ctl->out, "\n%-9s %zu %s\n", "review", f->reviews,
            f->reviews ? "to look at: zapisyctl review" : "to look at");
        buf_printf(&ctl->out, "%-9s", "outbox");
        for (int i = 0; i < LETTER_STATE_COUNT; i++)
                if (i != LETTER_DROPPED)
                        buf_printf(&ctl->out, "%s %d %s", i ? "," : "", f->letters[i],
                            store_letter_state_name((enum letter_state)i));
        buf_puts(&ctl->out, f->paused ? "; PAUSED: \"zapisyctl resume\" lets letters go\n" : "\n");
        say_note(ctl, "mailbox", f->mailbox);
        if (json_object_size(f->smtp))
                say_note(ctl, "smtp", f->smtp);
        if (uses_tokens(ctl) && json_object_size(f->token))
                say_note(ctl, "token", f->token);
        say_balance(ctl, &f->balance);
        return 0;
}

static int run(struct ctl *ctl, struct err *err)
{
        struct figures f = { .reviews = 0 };
        const struct event *event;
        int result = -1;

        if (ctl_chosen_event(ctl, &event, err) == 0 && gather(ctl, &f, err) == 0)
                result = ctl->args->json ? say_json(ctl, &f, err) : say_text(ctl, &f, err);
        figures_free(&f);
        return result;
}

const struct command command_status = {
        .name = "status",
        .operands = "",
        .summary = "seats, waiting list, review, outbox, mailbox and the balance of mails",
        .need = NEED_READ,
        .run = run,
};
