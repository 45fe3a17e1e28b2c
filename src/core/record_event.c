/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event as JSON: for the reader, and for the store, where zapisyctl finds it as the keeper last loaded it.
 */
#include <stdlib.h>

#include "base/limits.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/pick.h"
#include "core/record.h"
#include "core/zone.h"

enum { WORD = 255, TEXT = 4 * 1024, NOTICE = 32 * 1024, LABEL = 1000, ITEMS = 200, MANY = 1000000 };

static void put_words(json_t *json, const char *key, const struct str_list *list)
{
        put_list(json, key, list, ITEMS, LABEL, LIMIT_RECORD);
}

static json_t *options_json(const struct field *field)
{
        json_t *options = json_array();

        for (size_t i = 0; i < field->option_count; i++) {
                json_t *option = json_object();

                put_text(option, "value", field->options[i].value, LABEL);
                put_words(option, "labels", &field->options[i].labels);
                json_array_append_new(options, option);
        }
        return options;
}

static json_t *form_json(const struct form *form)
{
        json_t *fields = json_array();

        for (size_t i = 0; i < form->count; i++) {
                const struct field *field = &form->fields[i];
                json_t *json = json_object();

                put_text(json, "key", field->key, WORD);
                put_text(json, "type", field_type_name(field->type), WORD);
                json_object_set_new(json, "required", json_boolean(field->required));
                put_words(json, "labels", &field->labels);
                json_object_set_new(json, "options", options_json(field));
                json_array_append_new(fields, json);
        }
        return fields;
}

static json_t *quotas_json(const struct event *event)
{
        json_t *quotas = json_array();

        for (size_t i = 0; i < event->quota_count; i++) {
                json_t *quota = json_object();

                put_text(quota, "field", event->quotas[i].field, WORD);
                put_text(quota, "value", event->quotas[i].value, LABEL);
                json_object_set_new(quota, "seats", json_integer(event->quotas[i].seats));
                json_array_append_new(quotas, quota);
        }
        return quotas;
}

json_t *record_event(const struct event *event)
{
        json_t *json = json_object();

        put_text(json, "id", event->id, WORD);
        put_text(json, "ref_prefix", event->ref_prefix, WORD);
        put_text(json, "title", event->title, TEXT);
        put_text(json, "language", event->language, WORD);
        put_text(json, "timezone", event->timezone, WORD);
        put_text(json, "place", event->place, TEXT);
        put_words(json, "provides", &event->provides);
        put_instant(json, "starts", event->starts);
        put_instant(json, "ends", event->ends);
        put_instant(json, "deadline", event->deadline);
        put_instant(json, "promote_until", event->promote_until);
        json_object_set_new(json, "seats", json_integer(event->seats));
        json_object_set_new(json, "waitlist", json_integer(event->waitlist));
        json_object_set_new(json, "late_waitlist", json_boolean(event->late_waitlist));
        json_object_set_new(json, "incomplete_keeps_time", json_boolean(event->incomplete_keeps_time));
        json_object_set_new(json, "per_organisation", json_integer(event->per_organisation));
        json_object_set_new(json, "quotas", quotas_json(event));
        put_text(json, "quota_release", event->quota_release, WORD);
        put_text(json, "promotion", event->promotion, WORD);
        json_object_set_new(json, "offer_hours", json_integer(event->offer_hours));
        json_object_set_new(json, "together", json_boolean(event->together));
        json_object_set_new(json, "substitution", json_boolean(event->substitution));
        put_words(json, "reminders", &event->reminders);
        json_object_set_new(json, "requests_answer", json_boolean(event->requests_answer));
        put_words(json, "match_subject", &event->match_subject);
        put_text(json, "match_address", event->match_address, LIMIT_ADDRESS);
        put_text(json, "blank_form", event->blank_form, TEXT);
        put_text(json, "privacy_notice", event->privacy_notice, NOTICE);
        json_object_set_new(json, "retain_days", json_integer(event->retain_days));
        json_object_set_new(json, "form", form_json(&event->form));
        return json;
}

/* ---- */

static void take_options(struct pick *pick, struct field *field)
{
        const json_t *array = pick_array(pick, "options", ITEMS), *json;
        size_t i;

        field->options = xcalloc(json_array_size(array) + 1, sizeof *field->options);
        json_array_foreach(array, i, json)
        {
                struct pick below = pick_below(pick, json);

                field->option_count = i + 1;
                field->options[i].value = pick_text(&below, "value", LABEL);
                pick_list(&below, "labels", ITEMS, LABEL, &field->options[i].labels);
                pick_close(pick, &below);
        }
}

static void take_field(struct pick *parent, const json_t *json, struct field *field)
{
        struct pick pick = pick_below(parent, json);
        CLEANUP_FREE char *type = NULL;

        field->key = pick_text(&pick, "key", WORD);
        type = pick_text(&pick, "type", WORD);
        if (type && field_type_parse(type, &field->type) < 0)
                pick_fail(&pick, "type");
        field->required = pick_bool(&pick, "required");
        pick_list(&pick, "labels", ITEMS, LABEL, &field->labels);
        take_options(&pick, field);
        pick_close(parent, &pick);
}

static void take_form(struct pick *pick, struct form *form)
{
        const json_t *array = pick_array(pick, "form", LIMIT_FIELDS), *json;
        size_t i;

        form->fields = xcalloc(json_array_size(array) + 1, sizeof *form->fields);
        json_array_foreach(array, i, json)
        {
                form->count = i + 1;
                take_field(pick, json, &form->fields[i]);
                for (size_t k = 0; !pick->failed && k < i; k++)
                        if (str_equal(form->fields[k].key, form->fields[i].key))
                                pick_fail(pick, "form");
        }
}

static void take_quotas(struct pick *pick, struct event *event)
{
        const json_t *array = pick_array(pick, "quotas", ITEMS), *json;
        size_t i;

        event->quotas = xcalloc(json_array_size(array) + 1, sizeof *event->quotas);
        json_array_foreach(array, i, json)
        {
                struct pick below = pick_below(pick, json);

                event->quota_count = i + 1;
                event->quotas[i].field = pick_text(&below, "field", WORD);
                event->quotas[i].value = pick_text(&below, "value", LABEL);
                event->quotas[i].seats = (int)pick_integer(&below, "seats", 0, MANY);
                pick_close(pick, &below);
        }
}

static void take_facts(struct pick *pick, struct event *event)
{
        event->id = pick_text(pick, "id", WORD);
        event->ref_prefix = pick_text(pick, "ref_prefix", WORD);
        event->title = pick_text(pick, "title", TEXT);
        event->language = pick_text(pick, "language", WORD);
        event->timezone = pick_text(pick, "timezone", WORD);
        if (!pick->failed && !zone_exists(event->timezone))
                pick_fail(pick, "timezone");
        event->place = pick_text(pick, "place", TEXT);
        pick_list(pick, "provides", ITEMS, LABEL, &event->provides);
        event->starts = pick_instant(pick, "starts");
        event->ends = pick_instant(pick, "ends");
        event->deadline = pick_instant(pick, "deadline");
        event->promote_until = pick_instant(pick, "promote_until");
        event->privacy_notice = pick_text_or_null(pick, "privacy_notice", NOTICE);
}

static void take_rules(struct pick *pick, struct event *event)
{
        event->seats = (int)pick_integer(pick, "seats", 0, MANY);
        event->waitlist = (int)pick_integer(pick, "waitlist", -1, MANY);
        event->late_waitlist = pick_bool(pick, "late_waitlist");
        event->incomplete_keeps_time = pick_bool(pick, "incomplete_keeps_time");
        event->per_organisation = (int)pick_integer(pick, "per_organisation", 0, MANY);
        take_quotas(pick, event);
        event->quota_release = pick_text_or_null(pick, "quota_release", WORD);
        event->promotion = pick_text_or_null(pick, "promotion", WORD);
        event->offer_hours = (int)pick_integer(pick, "offer_hours", 0, MANY);
        event->together = pick_bool(pick, "together");
        event->substitution = pick_bool(pick, "substitution");
        pick_list(pick, "reminders", ITEMS, LABEL, &event->reminders);
        event->requests_answer = pick_bool(pick, "requests_answer");
        pick_list(pick, "match_subject", ITEMS, LABEL, &event->match_subject);
        event->match_address = pick_text_or_null(pick, "match_address", LIMIT_ADDRESS);
        event->blank_form = pick_text_or_null(pick, "blank_form", TEXT);
        event->retain_days = (int)pick_integer(pick, "retain_days", 0, MANY);
}

int record_event_from_json(const json_t *json, struct event *ret_event, struct err *err)
{
        struct pick pick = pick_open(json, err);
        struct event event = { 0 };

        take_facts(&pick, &event);
        take_rules(&pick, &event);
        take_form(&pick, &event.form);
        if (pick.failed) {
                event_free(&event);
                return -1;
        }
        *ret_event = event;
        return 0;
}
