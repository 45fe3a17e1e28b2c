/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/row.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/event.h"
#include "ctl/csv.h"
#include "ctl/ctl.h"
#include "ctl/table.h"

static json_t *list_json(const struct str_list *list)
{
        json_t *json = json_array();

        for (size_t i = 0; i < list->count; i++)
                json_array_append_new(json, json_string(list->items[i]));
        return json;
}

static json_t *fields_json(const struct store_registration *registration)
{
        json_t *json = json_object();

        for (size_t i = 0; i < registration->value_count; i++)
                json_object_set_new(
                    json, registration->values[i].key, json_string(registration->values[i].value));
        return json;
}

json_t *row_json(const struct ctl *ctl, const struct store_registration *r)
{
        json_t *json = json_object();

        json_object_set_new(json, "ref", json_string(r->ref));
        json_object_set_new(json, "event", json_string(r->event));
        json_object_set_new(json, "status", json_string(status_name(r->status)));
        json_object_set_new(json, "place", json_string(place_name(r->place)));
        json_object_set_new(json, "position",
            r->place == PLACE_WAITING && r->position ? json_integer(r->position) : json_null());
        json_object_set_new(json, "channel", json_string(channel_name(r->channel)));
        json_object_set_new(json, "counted_at", ctl_json_time(r->counted_at, ctl_zone(ctl, r->event)));
        json_object_set_new(json, "on_time", json_boolean(r->on_time));
        json_object_set_new(json, "sender", ctl_json_text(r->sender));
        json_object_set_new(json, "fields", fields_json(r));
        json_object_set_new(json, "message_id", ctl_json_id(r->message_id));
        json_object_set_new(json, "flags", list_json(&r->flags));
        return json;
}

const char *row_value(const struct ctl *ctl, const struct store_registration *r, enum field_type type)
{
        const struct event *event = registrar_event(&ctl->registrar, r->event);

        for (size_t i = 0; event && i < r->value_count; i++) {
                const struct field *field = form_field(&event->form, r->values[i].key);

                if (field && field->type == type)
                        return r->values[i].value;
        }
        return NULL;
}

int row_find(const struct ctl *ctl, const char *typed, struct store_registration *ret, struct err *err)
{
        CLEANUP_FREE char *ref = ctl_ref(typed);
        int found = store_registration_by_ref(ctl->store, ref, ret, err);

        if (found < 0)
                return -1;
        if (!found)
                return err_set(
                    err, ERR_INPUT, "no registration %.100s; \"zapisyctl list\" shows them all", ref);
        return 0;
}

char *row_standing(const struct store_registration *r)
{
        static const char *const places[] = {
                [PLACE_NONE] = "no place", [PLACE_SEAT] = "a seat", [PLACE_WAITING] = "waiting"
        };

        if (r->place == PLACE_WAITING && r->position)
                return xasprintf("%s, number %d on the waiting list", status_name(r->status), r->position);
        return xasprintf("%s, %s", status_name(r->status), places[r->place]);
}

int row_say(struct ctl *ctl, const char *ref, struct err *err)
{
        struct store_registration registration;

        if (row_find(ctl, ref, &registration, err) < 0)
                return -1;
        if (ctl->args->json) {
                ctl_json_take(ctl, row_json(ctl, &registration));
        } else {
                CLEANUP_FREE char *standing = row_standing(&registration);

                buf_printf(&ctl->out, "%s: %s\n", registration.ref, standing);
        }
        store_registration_free(&registration);
        return 0;
}

/* ---- many */
static char *joined(const struct str_list *list)
{
        struct buf out = BUF_INIT(64 * 1024);

        buf_puts(&out, "");
        for (size_t i = 0; i < list->count; i++)
                buf_printf(&out, "%s%s", i ? " " : "", list->items[i]);
        return buf_detach(&out, NULL);
}

static bool several_events(const struct store_registration_list *list)
{
        for (size_t i = 1; i < list->count; i++)
                if (!str_equal(list->items[i].event, list->items[0].event))
                        return true;
        return false;
}

void row_table(struct ctl *ctl, const struct store_registration_list *list)
{
        const bool events = several_events(list);
        struct table table = { 0 };

        table_column(&table, "REF");
        if (events)
                table_column(&table, "EVENT");
        table_column(&table, "STATUS");
        table_column_right(&table, "POS");
        table_column_elastic(&table, "NAME");
        table_column_elastic(&table, "ORGANISATION");
        table_column(&table, "COUNTED AT");
        table_column_spare(&table, "FLAGS");
        table_column_spare(&table, "CHANNEL");
        table_column_spare(&table, "SENDER");
        for (size_t i = 0; i < list->count; i++) {
                const struct store_registration *r = &list->items[i];

                table_cell(&table, r->ref);
                if (events)
                        table_cell(&table, r->event);
                table_cell(&table, status_name(r->status));
                table_cell_take(
                    &table, r->place == PLACE_WAITING && r->position ? xasprintf("%d", r->position) : NULL);
                table_cell(&table, row_value(ctl, r, FIELD_NAME));
                table_cell(&table, row_value(ctl, r, FIELD_ORGANISATION));
                table_cell_take(&table, ctl_time(r->counted_at, ctl_zone(ctl, r->event)));
                table_cell_take(&table, joined(&r->flags));
                table_cell(&table, channel_name(r->channel));
                table_cell(&table, r->sender);
        }
        ctl_table(ctl, &table);
}

/* The columns of all forms that occur, in the forms' order. */
static void collect_keys(
    const struct ctl *ctl, const struct store_registration_list *list, struct str_list *keys)
{
        for (size_t i = 0; i < ctl->event_count; i++)
                for (size_t k = 0; k < ctl->events[i].form.count; k++) {
                        const char *key = ctl->events[i].form.fields[k].key;

                        if (ctl_shows(ctl, ctl->events[i].id) && !str_list_has(keys, key))
                                str_list_add(keys, key);
                }
        for (size_t i = 0; i < list->count; i++)
                for (size_t k = 0; k < list->items[i].value_count; k++)
                        if (!str_list_has(keys, list->items[i].values[k].key))
                                str_list_add(keys, list->items[i].values[k].key);
}

static const char *value_of(const struct store_registration *r, const char *key)
{
        for (size_t i = 0; i < r->value_count; i++)
                if (strcmp(r->values[i].key, key) == 0)
                        return r->values[i].value;
        return NULL;
}

static void csv_row(struct ctl *ctl, const struct store_registration *r, const struct str_list *keys)
{
        CLEANUP_FREE char *counted = ctl_time(r->counted_at, ctl_zone(ctl, r->event));
        CLEANUP_FREE char *flags = joined(&r->flags);
        CLEANUP_FREE char *position =
            r->place == PLACE_WAITING && r->position ? xasprintf("%d", r->position) : NULL;
        const char *const values[] = { r->event, status_name(r->status), place_name(r->place), position,
                channel_name(r->channel), counted, r->on_time ? "yes" : "no", r->sender, flags };

        csv_value(&ctl->out, r->ref, true);
        for (size_t i = 0; i < sizeof values / sizeof *values; i++)
                csv_value(&ctl->out, values[i], false);
        for (size_t i = 0; i < keys->count; i++)
                csv_value(&ctl->out, value_of(r, keys->items[i]), false);
        csv_end(&ctl->out);
}

void row_csv(struct ctl *ctl, const struct store_registration_list *list)
{
        static const char *const titles[] = { "ref", "event", "status", "place", "position", "channel",
                "counted_at", "on_time", "sender", "flags" };
        struct str_list keys = { 0 };

        collect_keys(ctl, list, &keys);
        for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
                csv_value(&ctl->out, titles[i], i == 0);
        for (size_t i = 0; i < keys.count; i++)
                csv_value(&ctl->out, keys.items[i], false);
        csv_end(&ctl->out);
        for (size_t i = 0; i < list->count; i++)
                csv_row(ctl, &list->items[i], &keys);
        str_list_free(&keys);
}
