/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/zone.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/keep.h"
#include "ctl/letter_text.h"
#include "ctl/outbox.h"
#include "ctl/row.h"
#include "ctl/story.h"
#include "ctl/text.h"

static void line(struct ctl *ctl, const char *title, const char *text)
{
        CLEANUP_FREE char *clean = text_line(text ? text : "");

        if (*clean)
                buf_printf(&ctl->out, "%-14s %s\n", title, clean);
}

static void line_take(struct ctl *ctl, const char *title, char *text)
{
        line(ctl, title, text);
        free(text);
}

static void say_flags(struct ctl *ctl, const struct str_list *flags)
{
        for (size_t i = 0; i < flags->count; i++)
                line(ctl, "flag", flags->items[i]);
}

static void say_fields(struct ctl *ctl, const struct store_registration *r)
{
        buf_puts(&ctl->out, r->value_count ? "\nfields\n" : "\nno fields could be read\n");
        for (size_t i = 0; i < r->value_count; i++) {
                const struct store_value *value = &r->values[i];
                CLEANUP_FREE char *text = text_line(value->value);
                CLEANUP_FREE char *where = text_line(value->where);

                buf_printf(&ctl->out, "  %-12s %s   (%.0f %%%s%s)\n", value->key, text,
                    value->confidence * 100, *where ? ", " : "", where);
        }
}

static void say_letters(struct ctl *ctl, const struct story *story, const char *zone)
{
        if (story->letters.count)
                buf_puts(&ctl->out, "\nletters\n");
        for (size_t i = 0; i < story->letters.count; i++) {
                const struct store_letter *letter = &story->letters.items[i];
                CLEANUP_FREE char *queued = ctl_time(letter->queued_at, zone);
                CLEANUP_FREE char *to = text_line(letter->to);
                CLEANUP_FREE char *trouble = outbox_trouble(ctl, letter);
                CLEANUP_FREE char *why = text_line(trouble);

                buf_printf(&ctl->out, "  %lld  %s  %s to %s: %s%s%s\n", (long long)letter->id, queued,
                    letter_kind_name(letter->kind), to, outbox_state(letter), *why ? ", " : "", why);
        }
}

static void say_mail(struct ctl *ctl, const struct store_message *mail)
{
        CLEANUP_FREE char *reason = text_line(mail->reason ? mail->reason : "");

        buf_printf(&ctl->out, "  uid %lu: %s, %s%s%s\n", (unsigned long)mail->uid, class_name(mail->class),
            mail->decided ? outcome_name(mail->outcome) : "in progress", *reason ? ": " : "", reason);
}

static void say_undeliverable(struct ctl *ctl, const struct store_registration *r, const char *zone)
{
        CLEANUP_FREE char *since = ctl_time(r->undeliverable_since, zone);
        const char *phone = row_value(ctl, r, FIELD_PHONE);

        if (r->undeliverable_since != ZONE_NO_TIME)
                line_take(ctl, "undeliverable",
                    xasprintf("since %s; telephone %s", since, phone ? phone : "not given in the form"));
}

static void say_text(struct ctl *ctl, const struct story *story)
{
        const struct store_registration *r = &story->registration;
        const struct event *event = registrar_event(&ctl->registrar, r->event);
        const char *zone = ctl_zone(ctl, r->event);
        CLEANUP_FREE char *counted = ctl_time(r->counted_at, zone);

        buf_printf(&ctl->out, "%s\n", r->ref);
        line_take(ctl, "event", xasprintf("%s (%s)", event ? event->title : "no longer loaded", r->event));
        line_take(ctl, "status", row_standing(r));
        line_take(ctl, "counted at", xasprintf("%s, %s", counted, r->on_time ? "on time" : "late"));
        line(ctl, "channel", channel_name(r->channel));
        line(ctl, "sender", r->sender);
        say_undeliverable(ctl, r, zone);
        say_flags(ctl, &r->flags);
        say_fields(ctl, r);
        for (size_t i = 0; i < story->mails.count; i++) {
                const struct store_message *mail = &story->mails.items[i];

                if (i == 0)
                        buf_puts(&ctl->out, "\nmails\n");
                say_mail(ctl, mail);
        }
        say_letters(ctl, story, zone);
        for (size_t i = 0; i < story->reviews.count; i++)
                buf_printf(&ctl->out, "%s  %lld: %s\n", i ? "" : "\nto review\n",
                    (long long)story->reviews.items[i].id, story->reviews.items[i].reason);
        buf_printf(&ctl->out, "\nzapisyctl why %s tells its history.\n", r->ref);
}

/* The row of list, and how each field was read. */
static json_t *show_json(const struct ctl *ctl, const struct story *story)
{
        const struct store_registration *r = &story->registration;
        const char *zone = ctl_zone(ctl, r->event);
        json_t *json = row_json(ctl, r), *values = json_object(), *letters = json_array(),
               *reviews = json_array();

        for (size_t i = 0; i < r->value_count; i++)
                json_object_set_new(values, r->values[i].key,
                    json_pack("{s:s, s:f, s:s}", "value", r->values[i].value, "confidence",
                        r->values[i].confidence, "where", r->values[i].where));
        for (size_t i = 0; i < story->letters.count; i++)
                json_array_append_new(letters, outbox_json(ctl, &story->letters.items[i]));
        for (size_t i = 0; i < story->reviews.count; i++)
                json_array_append_new(reviews, json_integer(story->reviews.items[i].id));
        json_object_set_new(json, "created_at", ctl_json_time(r->created_at, zone));
        json_object_set_new(json, "first_counted_at", ctl_json_time(r->first_counted_at, zone));
        json_object_set_new(json, "undeliverable_since", ctl_json_time(r->undeliverable_since, zone));
        json_object_set_new(json, "values", values);
        json_object_set_new(json, "letters", letters);
        json_object_set_new(json, "review", reviews);
        return json;
}

/* The newest letter about it, as it was written. */
static int say_letter(struct ctl *ctl, const struct story *story, struct err *err)
{
        struct store_letter letter;
        int found = 0, result;

        if (!story->letters.count)
                return err_set(
                    err, ERR_INPUT, "no letter has been written about %s", story->registration.ref);
        found = store_letter_get(ctl->store, story->letters.items[story->letters.count - 1].id, &letter, err);
        if (found <= 0)
                return found < 0 ? -1 : err_set(err, ERR_BUG, "a letter is not where it was put");
        result = letter_text(letter.bytes, letter.size, &ctl->out, err);
        store_letter_free(&letter);
        return result;
}

static int run(struct ctl *ctl, struct err *err)
{
        const struct args *args = ctl->args;
        struct story story;
        int result = 0;

        if (story_read(ctl, args->operands[1], &story, err) < 0)
                return -1;
        if (args->raw)
                result = keep_write(ctl, &story, args->raw, err);
        if (result == 0 && args->used & OPTION_LETTER)
                result = say_letter(ctl, &story, err);
        if (!args->raw && !(args->used & OPTION_LETTER)) {
                if (args->json)
                        ctl_json_take(ctl, show_json(ctl, &story));
                else
                        say_text(ctl, &story);
        }
        story_free(&story);
        return result;
}

const struct command command_show = {
        .name = "show",
        .operands = "REF [--raw FILE] [--letter]",
        .summary = "one registration with all its fields, and how surely each was read",
        .help = "  --raw FILE           writes the mail that made it, as it came; -: standard output. Of a "
                "scan also\n"
                "                       its pages as FILE-1.png, ... and FILE.html, which shows them beside "
                "what was read\n"
                "  --letter             the newest letter about it, as it was written\n",
        .options = OPTION_RAW | OPTION_LETTER,
        .least = 1,
        .most = 1,
        .need = NEED_READ,
        .run = run,
};
