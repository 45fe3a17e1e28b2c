/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"
#include "core/event.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/table.h"

static json_t *item_json(const struct ctl *ctl, const struct store_review *item)
{
        json_t *json = json_object();

        json_object_set_new(json, "id", json_integer(item->id));
        json_object_set_new(json, "ref", ctl_json_text(item->ref));
        json_object_set_new(json, "event", ctl_json_text(item->event));
        json_object_set_new(json, "kind", json_string(item->kind));
        json_object_set_new(json, "reason", json_string(item->reason));
        json_object_set_new(json, "sender", ctl_json_text(item->sender));
        json_object_set_new(json, "created_at", ctl_json_time(item->created_at, ctl_zone(ctl, item->event)));
        return json;
}

static void say_json(struct ctl *ctl, const struct store_review_list *list)
{
        json_t *json = json_array();

        for (size_t i = 0; i < list->count; i++)
                if (ctl_shows(ctl, list->items[i].event))
                        json_array_append_new(json, item_json(ctl, &list->items[i]));
        ctl_json_take(ctl, json);
}

static void say_table(struct ctl *ctl, const struct store_review_list *list)
{
        const bool events = ctl->event_count > 1;
        struct table table = { 0 };

        table_column_right(&table, "ID");
        table_column(&table, "SINCE");
        if (events)
                table_column_elastic(&table, "EVENT");
        table_column(&table, "KIND");
        table_column(&table, "REF");
        table_column_elastic(&table, "REASON");
        table_column_spare(&table, "SENDER");
        for (size_t i = 0; i < list->count; i++) {
                const struct store_review *item = &list->items[i];

                if (!ctl_shows(ctl, item->event))
                        continue;
                table_number(&table, item->id);
                table_cell_take(&table, ctl_time(item->created_at, ctl_zone(ctl, item->event)));
                if (events)
                        table_cell(&table, item->event ? item->event : "not known");
                table_cell(&table, item->kind);
                table_cell(&table, item->ref);
                table_cell(&table, item->reason);
                table_cell(&table, item->sender);
        }
        ctl_table(ctl, &table);
}

static int run(struct ctl *ctl, struct err *err)
{
        struct store_review_list list = { 0 };
        const struct event *event;

        if (ctl_chosen_event(ctl, &event, err) < 0 || store_review_open(ctl->store, &list, err) < 0)
                return -1;
        if (ctl->args->json)
                say_json(ctl, &list);
        else if (list.count)
                say_table(ctl, &list);
        else
                buf_puts(&ctl->out, "nothing needs a person\n");
        store_review_list_free(&list);
        return 0;
}

const struct command command_review = {
        .name = "review",
        .operands = "",
        .summary = "what needs a person",
        .help = "zapisyctl resolve ID ... settles an item; zapisyctl show REF --raw FILE gives the mail.\n",
        .need = NEED_READ,
        .run = run,
};
