/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"
#include "base/mem.h"
#include "core/event.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/table.h"

/* Every row tells why it came out as it did. */
static const char *reason_of(const struct store_message *message)
{
        if (!message->decided)
                return "waits for its decision";
        if (!str_is_empty(message->reason))
                return message->reason;
        return outcome_name(message->outcome);
}

static json_t *message_json(const struct ctl *ctl, const struct store_message *message)
{
        json_t *json = json_object(), *refs = json_array();
        const bool ours = message->class != CLASS_OTHER;

        for (size_t i = 0; ours && i < message->refs.count; i++)
                json_array_append_new(refs, json_string(message->refs.items[i]));
        json_object_set_new(json, "uid", json_integer(message->uid));
        json_object_set_new(json, "uidvalidity", json_integer(message->uidvalidity));
        json_object_set_new(json, "message_id", ctl_json_id(message->message_id));
        json_object_set_new(json, "class", json_string(class_name(message->class)));
        json_object_set_new(
            json, "outcome", ctl_json_text(message->decided ? outcome_name(message->outcome) : NULL));
        json_object_set_new(
            json, "ref", json_incref(json_array_size(refs) ? json_array_get(refs, 0) : json_null()));
        json_object_set_new(json, "refs", refs);
        json_object_set_new(
            json, "counted_at", ctl_json_time(message->counted_at, ctl_zone(ctl, message->event)));
        json_object_set_new(json, "reason", json_string(reason_of(message)));
        json_object_set_new(json, "event", ctl_json_text(message->event));
        return json;
}

static void say_json(struct ctl *ctl, const struct store_message_list *list)
{
        json_t *json = json_array();

        for (size_t i = 0; i < list->count; i++)
                if (ctl_shows(ctl, list->items[i].event))
                        json_array_append_new(json, message_json(ctl, &list->items[i]));
        ctl_json_take(ctl, json);
}

static void say_table(struct ctl *ctl, const struct store_message_list *list)
{
        struct table table = { 0 };

        table_column_right(&table, "UID");
        table_column(&table, "COUNTED AT");
        table_column(&table, "CLASS");
        table_column(&table, "OUTCOME");
        table_column(&table, "REF");
        table_column_elastic(&table, "REASON");
        for (size_t i = 0; i < list->count; i++) {
                const struct store_message *message = &list->items[i];

                if (!ctl_shows(ctl, message->event))
                        continue;
                table_number(&table, message->uid);
                table_cell_take(&table, ctl_time(message->counted_at, ctl_zone(ctl, message->event)));
                table_cell(&table, class_name(message->class));
                table_cell(&table, message->decided ? outcome_name(message->outcome) : "in progress");
                table_cell_take(
                    &table, message->refs.count > 1
                                ? xasprintf("%s +%zu", message->refs.items[0], message->refs.count - 1)
                                : xstrdup(message->refs.count ? message->refs.items[0] : ""));
                table_cell(&table, reason_of(message));
        }
        ctl_table(ctl, &table);
}

static int run(struct ctl *ctl, struct err *err)
{
        struct store_message_list list = { 0 };
        const struct event *event;

        if (ctl_chosen_event(ctl, &event, err) < 0 || store_message_all(ctl->store, &list, err) < 0)
                return -1;
        if (ctl->args->json)
                say_json(ctl, &list);
        else if (list.count)
                say_table(ctl, &list);
        else
                buf_puts(&ctl->out, "no mail has been seen yet\n");
        store_message_list_free(&list);
        return 0;
}

const struct command command_mail = {
        .name = "mail",
        .operands = "",
        .summary = "every mail that was seen: its class, what became of it, and why",
        .help = "Of mail that is no registration only its number in the mailbox and its class are known.\n",
        .need = NEED_READ,
        .run = run,
};
