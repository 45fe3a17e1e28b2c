/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/zone.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/outbox.h"
#include "ctl/pause.h"
#include "ctl/table.h"

static const char *action_of(const struct args *args)
{
        return args->operand_count > 1 ? args->operands[1] : "list";
}

static bool wants_id(const char *action)
{
        return strcmp(action, "retry") == 0 || strcmp(action, "drop") == 0;
}

static bool writes(const struct args *args)
{
        return strcmp(action_of(args), "list") != 0;
}

static int check(const struct args *args, struct err *err)
{
        const char *action = action_of(args);
        int64_t id;

        if (!wants_id(action) && strcmp(action, "list") != 0 && strcmp(action, "pause") != 0 &&
            strcmp(action, "resume") != 0)
                return err_set(err, ERR_INPUT,
                    "outbox can list, retry ID, drop ID, pause and resume, not %.60s", action);
        if (!wants_id(action))
                return args->operand_count > 2 ? err_set(err, ERR_INPUT, "outbox %s takes no operand", action)
                                               : 0;
        if (args->operand_count != 3 || str_to_int(args->operands[2], 1, INT64_MAX, &id) < 0)
                return err_set(
                    err, ERR_INPUT, "outbox %s wants the number of a letter, as outbox shows it", action);
        return 0;
}

/* ---- showing */
const char *outbox_state(const struct store_letter *letter)
{
        return store_letter_state_name(letter->state == LETTER_DROPPED ? LETTER_FAILED : letter->state);
}

const char *outbox_error(const struct store_letter *letter)
{
        return letter->state == LETTER_DROPPED ? "dropped by the coordinator" : letter->last_error;
}

/* Of the next attempt; ZONE_NO_TIME when it does not leave by itself. */
static int64_t next_at(const struct store_letter *letter)
{
        bool goes = letter->state == LETTER_QUEUED || (letter->state == LETTER_UNCERTAIN && !letter->again);

        return goes ? letter->next_at : ZONE_NO_TIME;
}

/* Whether a copy lies in the folder of sent mail; null when none was wanted, or not yet. */
static json_t *copy_json(const struct ctl *ctl, const struct store_letter *letter)
{
        struct store_copy copy;

        if (store_copy_get(ctl->store, letter->id, &copy, NULL) <= 0)
                return json_null();
        return json_string(store_copy_state_name(copy.state));
}

/* What our own server refused stands in last_error. 1 found, 0 not. */
static int came_back(const struct ctl *ctl, const struct store_letter *letter, struct store_bounce *ret)
{
        return store_bounce_of(ctl->store, letter->id, ret, NULL) > 0 && ret->evidence != EVIDENCE_SERVER;
}

char *outbox_trouble(const struct ctl *ctl, const struct store_letter *letter)
{
        struct store_bounce bounce;

        if (!came_back(ctl, letter, &bounce))
                return xstrdup(outbox_error(letter));
        return xasprintf("%scame back: %s%s%s", bounce.evidence == EVIDENCE_RECIPIENT ? "perhaps " : "",
            bounce_kind_name(bounce.kind), *bounce.status ? ", " : "", bounce.status);
}

static json_t *bounced_json(const struct ctl *ctl, const struct store_letter *letter, const char *zone)
{
        struct store_bounce bounce;

        if (!came_back(ctl, letter, &bounce))
                return json_null();
        return json_pack("{s:s, s:o, s:o, s:s}", "kind", bounce_kind_name(bounce.kind), "status",
            ctl_json_text(*bounce.status ? bounce.status : NULL), "at", ctl_json_time(bounce.at, zone),
            "evidence", store_evidence_name(bounce.evidence));
}

json_t *outbox_json(const struct ctl *ctl, const struct store_letter *letter)
{
        const char *zone = ctl_zone(ctl, letter->event), *why = outbox_error(letter);
        json_t *json = json_object();

        json_object_set_new(json, "id", json_integer(letter->id));
        json_object_set_new(json, "kind", json_string(letter_kind_name(letter->kind)));
        json_object_set_new(json, "to", json_string(letter->to));
        json_object_set_new(json, "ref", ctl_json_text(letter->ref));
        json_object_set_new(json, "outcome", json_string(letter_outcome(letter->kind)));
        json_object_set_new(json, "state", json_string(outbox_state(letter)));
        json_object_set_new(json, "attempts", json_integer(letter->attempts));
        json_object_set_new(json, "last_error", ctl_json_text(str_is_empty(why) ? NULL : why));
        json_object_set_new(json, "message_id", ctl_json_id(letter->message_id));
        json_object_set_new(json, "event", ctl_json_text(letter->event));
        json_object_set_new(json, "queued_at", ctl_json_time(letter->queued_at, zone));
        json_object_set_new(json, "next_at", ctl_json_time(next_at(letter), zone));
        json_object_set_new(json, "sent_at", ctl_json_time(letter->sent_at, zone));
        json_object_set_new(json, "copy", copy_json(ctl, letter));
        json_object_set_new(json, "bounced", bounced_json(ctl, letter, zone));
        return json;
}

static void say_json(struct ctl *ctl, const struct store_letter_list *list)
{
        json_t *json = json_array();

        for (size_t i = 0; i < list->count; i++)
                if (ctl_shows(ctl, list->items[i].event))
                        json_array_append_new(json, outbox_json(ctl, &list->items[i]));
        ctl_json_take(ctl, json);
}

static void say_table(struct ctl *ctl, const struct store_letter_list *list)
{
        struct table table = { 0 };

        table_column_right(&table, "ID");
        table_column(&table, "STATE");
        table_column(&table, "KIND");
        table_column_elastic(&table, "TO");
        table_column(&table, "REF");
        table_column(&table, "QUEUED");
        table_column_right(&table, "TRIES");
        table_column(&table, "NEXT");
        table_column_elastic(&table, "LAST ERROR");
        for (size_t i = 0; i < list->count; i++) {
                const struct store_letter *letter = &list->items[i];

                if (!ctl_shows(ctl, letter->event))
                        continue;
                table_number(&table, letter->id);
                table_cell(&table, outbox_state(letter));
                table_cell(&table, letter_kind_name(letter->kind));
                table_cell(&table, letter->to);
                table_cell(&table, letter->ref);
                table_cell_take(&table, ctl_time(letter->queued_at, ctl_zone(ctl, letter->event)));
                table_number(&table, letter->attempts);
                table_cell_take(&table, ctl_time(next_at(letter), ctl_zone(ctl, letter->event)));
                table_cell_take(&table, outbox_trouble(ctl, letter));
        }
        ctl_table(ctl, &table);
}

/* What the words in the table want of her. */
static void say_advice(struct ctl *ctl, const struct store_letter_list *list, bool paused)
{
        bool failed = false, unsure = false, held = false;

        for (size_t i = 0; i < list->count; i++) {
                const struct store_letter *letter = &list->items[i];

                failed |= letter->state == LETTER_FAILED;
                unsure |= letter->state == LETTER_UNCERTAIN;
                held |= letter->state == LETTER_ON_HOLD;
        }
        if (failed || unsure || held || paused)
                buf_putc(&ctl->out, '\n');
        if (failed)
                buf_puts(&ctl->out,
                    "failed: it was not delivered. Telephone, or send it anew with \"outbox retry ID\".\n");
        if (unsure)
                buf_puts(&ctl->out,
                    "uncertain: it left, but the mail server did not say that it took it. It goes once more "
                    "by itself\n"
                    "  (NEXT); after that ask the person, then \"outbox retry ID\" or \"outbox drop ID\".\n");
        if (held)
                buf_puts(&ctl->out,
                    "on-hold: a cap holds it back; it leaves when the cap allows, or with \"outbox retry "
                    "ID\".\n");
        if (paused)
                buf_puts(&ctl->out, "paused: \"zapisyctl resume\" lets letters leave\n");
}

static int list_all(struct ctl *ctl, struct err *err)
{
        struct store_letter_list list = { 0 };
        CLEANUP_FREE char *paused = NULL;
        const struct event *event;

        if (ctl_chosen_event(ctl, &event, err) < 0 ||
            store_meta_get(ctl->store, "paused", &paused, err) < 0 ||
            store_letter_list(ctl->store, &list, err) < 0)
                return -1;
        if (ctl->args->json)
                say_json(ctl, &list);
        else if (list.count)
                say_table(ctl, &list);
        else
                buf_puts(&ctl->out, "no letters yet\n");
        if (!ctl->args->json)
                say_advice(ctl, &list, paused != NULL);
        store_letter_list_free(&list);
        return 0;
}

/* ---- changing one letter's fate */
static int settle(struct ctl *ctl, struct store_letter *letter, const char *what, struct err *err)
{
        const struct store_history history = {
                .at = ctl->now,
                .registration = letter->registration,
                .message = letter->message,
                .actor = (char *)(uintptr_t) "coordinator",
                .what = (char *)(uintptr_t)what,
                .detail = (char *)(uintptr_t)letter_kind_name(letter->kind),
        };

        if (store_letter_settle(ctl->store, letter, err) < 0 ||
            registrar_letter_taken(&ctl->registrar, letter, what, err) < 0 ||
            (letter->registration && store_history_add(ctl->store, &history, err) < 0))
                return -1;
        if (ctl->args->json)
                ctl_json_take(ctl, outbox_json(ctl, letter));
        else
                buf_printf(&ctl->out, "%lld: %s\n", (long long)letter->id, what);
        return 0;
}

/* Sent and being sent: too late for either. */
static int still_ours(const struct store_letter *letter, struct err *err)
{
        if (letter->state == LETTER_SENT)
                return err_set(err, ERR_INPUT, "letter %lld has been sent already", (long long)letter->id);
        if (letter->state == LETTER_SENDING)
                return err_set(err, ERR_INPUT, "letter %lld is being sent right now: look again in a minute",
                    (long long)letter->id);
        return 0;
}

/* One that came back may be tried again: the mailbox was full, or is there after all. */
static int retry(struct ctl *ctl, struct store_letter *letter, struct err *err)
{
        struct store_bounce bounce;

        if (!(letter->state == LETTER_SENT && came_back(ctl, letter, &bounce)) && still_ours(letter, err) < 0)
                return -1;
        letter->state = LETTER_QUEUED;
        letter->queued_at = letter->next_at = ctl->now;
        letter->tried_at = ZONE_NO_TIME; /* five more days to try, the first waits short */
        letter->refusals = 0;
        return settle(ctl, letter, "letter queued again", err);
}

static int drop(struct ctl *ctl, struct store_letter *letter, struct err *err)
{
        if (still_ours(letter, err) < 0)
                return -1;
        letter->state = LETTER_DROPPED;
        return settle(ctl, letter, "letter dropped", err);
}

static int change_one(struct ctl *ctl, struct err *err)
{
        struct store_letter letter;
        int64_t id = 0;
        int found, result;

        (void)str_to_int(ctl->args->operands[2], 1, INT64_MAX, &id);
        found = store_letter_get(ctl->store, id, &letter, err);
        if (found < 0)
                return -1;
        if (!found)
                return err_set(
                    err, ERR_INPUT, "no letter %lld; \"zapisyctl outbox\" shows them all", (long long)id);
        result =
            strcmp(action_of(ctl->args), "drop") == 0 ? drop(ctl, &letter, err) : retry(ctl, &letter, err);
        store_letter_free(&letter);
        return result;
}

static int run(struct ctl *ctl, struct err *err)
{
        const char *action = action_of(ctl->args);

        if (strcmp(action, "pause") == 0)
                return pause_letters(ctl, err);
        if (strcmp(action, "resume") == 0)
                return pause_resume(ctl, err);
        return wants_id(action) ? change_one(ctl, err) : list_all(ctl, err);
}

const struct command command_outbox = {
        .name = "outbox",
        .operands = "[list | retry ID | drop ID | pause | resume]",
        .summary = "letters and their fate",
        .help = "  list                 all letters (also without any word)\n"
                "  retry ID             let this one go now: one that failed, came back, is on hold\n"
                "                       or uncertain\n"
                "  drop ID              never send this one\n"
                "  pause, resume        hold all letters, let them go\n",
        .most = 2,
        .need = NEED_READ,
        .check = check,
        .writes = writes,
        .run = run,
};
