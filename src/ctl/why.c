/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/zone.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/outbox.h"
#include "ctl/row.h"
#include "ctl/story.h"
#include "ctl/text.h"

static void say_time(struct ctl *ctl, const char *title, int64_t instant, const char *zone, const char *note)
{
        CLEANUP_FREE char *time = ctl_time(instant, zone);

        buf_printf(&ctl->out, "  %-13s %-19s  %s\n", title, *time ? time : "not known", note);
}

static void say_mail(struct ctl *ctl, const struct store_message *mail, const char *zone)
{
        CLEANUP_FREE char *reason = text_line(mail->reason ? mail->reason : "");
        const bool by_server = mail->counted_at == mail->internaldate;

        buf_printf(&ctl->out, "\nMail uid %lu (class %s): %s%s%s.\n", (unsigned long)mail->uid,
            class_name(mail->class), mail->decided ? outcome_name(mail->outcome) : "in progress",
            *reason ? ", " : "", reason);
        say_time(ctl, "Date", mail->date, zone, "what the sender's computer says; it never counts");
        say_time(ctl, "Received", mail->received_at, zone, "the last server on its way");
        say_time(ctl, "INTERNALDATE", mail->internaldate, zone, "when it was put into the mailbox");
        say_time(ctl, "fetched", mail->fetched_at, zone, "when zapisyd saw it; it never counts");
        say_time(ctl, "counted", mail->counted_at, zone,
            by_server ? "by INTERNALDATE" : "by the Received lines of trusted_received_by");
}

static void say_decision(struct ctl *ctl, const struct store_registration *r, const char *zone)
{
        static const char *const came[] = {
                [CHANNEL_EMAIL] = "by mail", [CHANNEL_FAX] = "by fax", [CHANNEL_IN_PERSON] = "in person"
        };
        const struct event *event = registrar_event(&ctl->registrar, r->event);
        CLEANUP_FREE char *standing = row_standing(r);
        CLEANUP_FREE char *counted = ctl_time(r->counted_at, zone);
        CLEANUP_FREE char *deadline = event ? ctl_time(event->deadline, zone) : NULL;
        const char *waiting = registrar_why_waiting(&ctl->registrar, r);

        buf_printf(&ctl->out, "%s is %s.\n", r->ref, standing);
        buf_printf(&ctl->out, "  Its status: %s.\n", rule_text(r->rule));
        if (r->place_rule != r->rule)
                buf_printf(&ctl->out, "  Its place: %s.\n", rule_text(r->place_rule));
        buf_printf(&ctl->out, "  It came %s and counts from %s, %s%s%s.\n", came[r->channel], counted,
            r->on_time ? "on time" : "late", deadline ? ": the deadline is " : "", deadline ? deadline : "");
        if (r->first_counted_at != r->counted_at) {
                CLEANUP_FREE char *first = ctl_time(r->first_counted_at, zone);

                buf_printf(&ctl->out, "  The first form, not complete, counted from %s.\n", first);
        }
        if (*waiting)
                buf_printf(&ctl->out, "  It has not moved up: %s.\n", waiting);
}

static void say_history(struct ctl *ctl, const struct store_history_list *list, const char *zone)
{
        buf_puts(&ctl->out, "\nHistory\n");
        for (size_t i = 0; i < list->count; i++) {
                CLEANUP_FREE char *at = ctl_time(list->items[i].at, zone);
                CLEANUP_FREE char *detail = text_line(list->items[i].detail ? list->items[i].detail : "");

                buf_printf(&ctl->out, "  %s  %s: %s%s%s\n", at, list->items[i].actor, list->items[i].what,
                    *detail ? ": " : "", detail);
        }
}

static void say_letters(struct ctl *ctl, const struct store_letter_list *list, const char *zone)
{
        if (list->count)
                buf_puts(&ctl->out, "\nLetters\n");
        for (size_t i = 0; i < list->count; i++) {
                const struct store_letter *letter = &list->items[i];
                CLEANUP_FREE char *queued = ctl_time(letter->queued_at, zone);
                CLEANUP_FREE char *sent = ctl_time(letter->sent_at, zone);
                CLEANUP_FREE char *trouble = outbox_trouble(ctl, letter);
                CLEANUP_FREE char *why = text_line(trouble);

                buf_printf(&ctl->out, "  %s  %s (letter %lld): %s%s%s%s%s\n", queued,
                    letter_kind_name(letter->kind), (long long)letter->id, outbox_state(letter),
                    *sent ? " at " : "", sent, *why ? ": " : "", why);
        }
}

static void say_text(struct ctl *ctl, const struct story *story)
{
        const char *zone = ctl_zone(ctl, story->registration.event);

        say_decision(ctl, &story->registration, zone);
        for (size_t i = 0; i < story->mails.count; i++)
                say_mail(ctl, &story->mails.items[i], zone);
        say_history(ctl, &story->history, zone);
        say_letters(ctl, &story->letters, zone);
        for (size_t i = 0; i < story->reviews.count; i++)
                buf_printf(&ctl->out, "%s  %lld: %s\n", i ? "" : "\nWaits for a person (zapisyctl review)\n",
                    (long long)story->reviews.items[i].id, story->reviews.items[i].reason);
}

/* ---- for machines */
static json_t *mail_json(const struct store_message *mail, const char *zone)
{
        json_t *json = json_object();

        json_object_set_new(json, "uid", json_integer(mail->uid));
        json_object_set_new(json, "message_id", ctl_json_id(mail->message_id));
        json_object_set_new(json, "class", json_string(class_name(mail->class)));
        json_object_set_new(
            json, "outcome", ctl_json_text(mail->decided ? outcome_name(mail->outcome) : NULL));
        json_object_set_new(json, "date", ctl_json_time(mail->date, zone));
        json_object_set_new(json, "received_at", ctl_json_time(mail->received_at, zone));
        json_object_set_new(json, "internaldate", ctl_json_time(mail->internaldate, zone));
        json_object_set_new(json, "fetched_at", ctl_json_time(mail->fetched_at, zone));
        json_object_set_new(json, "counted_at", ctl_json_time(mail->counted_at, zone));
        return json;
}

static json_t *why_json(struct ctl *ctl, const struct story *story)
{
        const struct store_registration *r = &story->registration;
        const char *zone = ctl_zone(ctl, r->event), *waiting = registrar_why_waiting(&ctl->registrar, r);
        json_t *json = row_json(ctl, r), *mails = json_array(), *history = json_array(),
               *letters = json_array();

        for (size_t i = 0; i < story->mails.count; i++)
                json_array_append_new(mails, mail_json(&story->mails.items[i], zone));
        for (size_t i = 0; i < story->history.count; i++) {
                const struct store_history *item = &story->history.items[i];

                json_array_append_new(
                    history, json_pack("{s:o, s:s, s:s, s:s}", "at", ctl_json_time(item->at, zone), "actor",
                                 item->actor, "what", item->what, "detail", item->detail));
        }
        for (size_t i = 0; i < story->letters.count; i++)
                json_array_append_new(letters, outbox_json(ctl, &story->letters.items[i]));
        json_object_set_new(json, "rule", json_string(rule_text(r->rule)));
        json_object_set_new(json, "place_rule", json_string(rule_text(r->place_rule)));
        json_object_set_new(json, "waiting_because", ctl_json_text(*waiting ? waiting : NULL));
        json_object_set_new(json, "mails", mails);
        json_object_set_new(json, "history", history);
        json_object_set_new(json, "letters", letters);
        return json;
}

static int run(struct ctl *ctl, struct err *err)
{
        struct story story;

        if (story_read(ctl, ctl->args->operands[1], &story, err) < 0)
                return -1;
        if (ctl->args->json)
                ctl_json_take(ctl, why_json(ctl, &story));
        else
                say_text(ctl, &story);
        story_free(&story);
        return 0;
}

const struct command command_why = {
        .name = "why",
        .operands = "REF",
        .summary = "the whole history of a registration: every time, and the rule that decided",
        .least = 1,
        .most = 1,
        .need = NEED_READ,
        .run = run,
};
