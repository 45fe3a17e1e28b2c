/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/read_say.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/document.h"
#include "core/event.h"
#include "core/model.h"
#include "ctl/ctl.h"
#include "ctl/model_text.h"
#include "ctl/text.h"

static const struct event *event_of(const struct ctl *ctl, const struct attempt *a)
{
        return a->glance.event >= 0 ? &ctl->config->events[a->glance.event] : NULL;
}

/* Where the label of the event's field stands in any part of what was read; NULL: nowhere. */
static const char *label_at(const struct attempt *a, size_t event, size_t field)
{
        for (size_t i = 0; i < a->answer.reading_count; i++) {
                const struct intake_reading *source = &a->answer.readings[i];

                if (source->event == event && source->reading.labels && source->reading.labels[field])
                        return source->reading.labels[field];
        }
        return NULL;
}

/* ---- JSON */
static json_t *person_json(const struct form *form, const struct person *person)
{
        json_t *fields = json_object(), *missing = json_array(), *why = json_object();

        for (size_t i = 0; i < form->count; i++) {
                const struct reading_value *value = &person->values[i];

                if (value->value)
                        json_object_set_new(fields, form->fields[i].key,
                            json_pack("{s:s, s:f, s:s}", "value", value->value, "confidence",
                                value->confidence, "where", value->where ? value->where : ""));
                else if (form->fields[i].required)
                        json_array_append_new(missing, json_string(form->fields[i].key));
                if (value->why)
                        json_object_set_new(why, form->fields[i].key, json_string(value->why));
        }
        return json_pack("{s:o, s:o, s:o}", "fields", fields, "missing", missing, "why", why);
}

static json_t *labels_json(const struct attempt *a, const struct event *event)
{
        json_t *json = json_object();

        for (size_t i = 0; event && i < event->form.count; i++)
                json_object_set_new(
                    json, event->form.fields[i].key, ctl_json_text(label_at(a, (size_t)a->glance.event, i)));
        return json;
}

void read_say_json(struct ctl *ctl, const struct attempt *a)
{
        const struct event *event = event_of(ctl, a);
        json_t *people = json_array(), *problems = json_array(), *json;
        CLEANUP_FREE char *readable = text_line(a->file); /* a name need not be UTF-8 */
        char *text;

        for (size_t i = 0; event && i < a->glance.people_count; i++)
                json_array_append_new(people, person_json(&event->form, a->glance.people[i]));
        for (size_t i = 0; i < a->problems.count; i++)
                json_array_append_new(problems, json_string(a->problems.items[i]));
        json = json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "file",
            str_is_utf8(a->file, strlen(a->file)) ? a->file : readable, "class", class_name(a->glance.class),
            "event", ctl_json_text(event ? event->id : NULL), "people", people, "problems", problems,
            "labels", labels_json(a, event));
        if (a->models)
                json_object_set(json, "model", a->models);
        text = json_dumps(json, JSON_COMPACT | JSON_REAL_PRECISION(6));
        buf_printf(&ctl->out, "%s\n", text ? text : "{}");
        free(text);
        json_decref(json);
}

/* ---- for a person */
static void say_models(struct ctl *ctl, const struct attempt *a)
{
        const json_t *model;
        size_t i;

        json_array_foreach(a->models, i, model)
        {
                struct document doc;
                struct err err = { 0 };

                if (model_from_json(model, &doc, &err) < 0) {
                        buf_printf(&ctl->out, "  model: %s\n", err.text);
                        continue;
                }
                CLEANUP_FREE char *name = text_line(*doc.name ? doc.name : "mail text");

                buf_printf(&ctl->out, "%s %s%s\n", ctl->terminal ? "\033[1m" : "", name,
                    ctl->terminal ? "\033[0m" : "");
                model_text(&doc, ctl->width, ctl->terminal, &ctl->out);
                document_free(&doc);
        }
}

static void say_why(struct ctl *ctl, const struct reading_value *value, int width)
{
        CLEANUP_FREE char *why = text_line(value->why ? value->why : "");

        if (*why && value->value)
                buf_printf(&ctl->out, "\n  %-*s  why: %s", width, "", why);
        else if (*why)
                buf_printf(&ctl->out, ": %s", why);
}

static int key_width(const struct event *event)
{
        size_t width = 0;

        for (size_t i = 0; i < event->form.count; i++)
                if (strlen(event->form.fields[i].key) > width)
                        width = strlen(event->form.fields[i].key);
        return (int)width;
}

static void say_value(
    struct ctl *ctl, const struct field *field, const struct reading_value *value, int width)
{
        const bool sure = value->confidence >= ctl->config->limits.confidence;
        CLEANUP_FREE char *text = value->value ? text_line(value->value) : NULL;
        CLEANUP_FREE char *where = text_line(value->where ? value->where : "");

        if (text)
                buf_printf(&ctl->out, "  %-*s  %s   (%.0f %%%s%s%s)", width, field->key, text,
                    value->confidence * 100, sure ? "" : ", NOT SURE", *where ? ", " : "", where);
        else
                buf_printf(
                    &ctl->out, "  %-*s  %s", width, field->key, field->required ? "MISSING" : "not there");
        say_why(ctl, value, width);
        buf_puts(&ctl->out, "\n");
}

static bool looked_for_labels(const struct attempt *a)
{
        for (size_t i = 0; i < a->answer.reading_count; i++)
                if (a->answer.readings[i].reading.labels)
                        return true;
        return false;
}

static size_t labels_found(const struct attempt *a, const struct event *event, size_t index)
{
        size_t count = 0;

        for (size_t i = 0; i < event->form.count; i++)
                count += label_at(a, index, i) != NULL;
        return count;
}

/* A blank form, or what was taken for none: which of the event's labels stand in it. */
static void say_labels(struct ctl *ctl, const struct attempt *a, const struct event *event, size_t index)
{
        const size_t found = labels_found(a, event, index);
        const int width = key_width(event);

        for (size_t i = 0; i < event->form.count; i++) {
                const struct field *field = &event->form.fields[i];
                CLEANUP_FREE char *first = text_line(field->labels.count ? field->labels.items[0] : "");
                CLEANUP_FREE char *place = NULL;

                if (label_at(a, index, i)) {
                        place = text_line(label_at(a, index, i));
                        buf_printf(&ctl->out, "  %-*s  label at %s\n", width, field->key, place);
                } else {
                        buf_printf(&ctl->out, "  %-*s  NO LABEL like \"%s\"%s was found\n", width, field->key,
                            first, field->labels.count > 1 ? " or the others" : "");
                }
        }
        if (found == event->form.count)
                buf_puts(&ctl->out, "  every label of the event was found\n");
        else
                buf_printf(
                    &ctl->out, "  %zu of the event's %zu labels were found\n", found, event->form.count);
}

/* What was read but is no form: how near it came to one of the only event. */
static void say_near(struct ctl *ctl, const struct attempt *a)
{
        const struct config *config = ctl->config;

        if (config->event_count != 1 || !labels_found(a, &config->events[0], 0))
                return;
        buf_printf(&ctl->out, "  not a form of %s:\n", config->events[0].id);
        say_labels(ctl, a, &config->events[0], 0);
}

void read_say_text(struct ctl *ctl, const struct attempt *a)
{
        const struct event *event = event_of(ctl, a);
        CLEANUP_FREE char *file = text_line(a->file);

        buf_printf(&ctl->out, "%s: %s%s%s\n", file, class_name(a->glance.class), event ? ", " : "",
            event ? event->id : "");
        if (a->models)
                say_models(ctl, a);
        for (size_t p = 0; event && p < a->glance.people_count; p++) {
                if (a->glance.people_count > 1)
                        buf_printf(&ctl->out, " person %zu\n", p + 1);
                for (size_t i = 0; i < event->form.count; i++)
                        say_value(
                            ctl, &event->form.fields[i], &a->glance.people[p]->values[i], key_width(event));
        }
        if (event && !a->glance.people_count && looked_for_labels(a))
                say_labels(ctl, a, event, (size_t)a->glance.event);
        else if (!event)
                say_near(ctl, a);
        for (size_t i = 0; i < a->problems.count; i++) {
                CLEANUP_FREE char *text = text_line(a->problems.items[i]);

                buf_printf(&ctl->out, "  problem: %s\n", text);
        }
}
