/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registrar/pending.h"

#include <jansson.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "core/event.h"
#include "core/mail.h"
#include "core/record.h"
#include "registrar/registrar.h"

static json_t *problems_json(const struct str_list *problems)
{
        json_t *json = json_array();

        for (size_t i = 0; i < problems->count; i++)
                json_array_append_new(json, json_string(problems->items[i]));
        return json;
}

char *pending_json(const struct registrar *r, const struct intake *intake)
{
        json_t *json = json_pack("{s:b, s:s?, s:o}", "whole", intake->whole, "failure", intake->failure,
            "mail", intake->mail ? record_mail(intake->mail) : json_null());
        json_t *readings = json_array();
        char *text;

        for (size_t i = 0; i < intake->reading_count; i++) {
                const struct event *event = &r->events[intake->readings[i].event];

                json_array_append_new(
                    readings, json_pack("{s:s, s:o, s:b}", "event", event->id, "reading",
                                  record_reading(&event->form, &intake->readings[i].reading), "mentions",
                                  intake->readings[i].mentions));
        }
        json_object_set_new(json, "readings", readings);
        json_object_set_new(json, "problems", problems_json(&intake->problems));
        text = json_dumps(json, JSON_COMPACT);
        json_decref(json);
        if (!text)
                mem_die("out of memory");
        return text;
}

static int parse_reading(
    const struct registrar *r, const json_t *item, struct intake *intake, struct err *err)
{
        const struct event *event = registrar_event(r, json_string_value(json_object_get(item, "event")));
        struct reading reading;
        bool mentions;

        if (!event)
                return 0;
        if (wire_bool(item, "mentions", &mentions, err) < 0 ||
            record_reading_from_json(json_object_get(item, "reading"), &event->form, &reading, err) < 0)
                return -1;
        intake_add_reading(intake, (size_t)(event - r->events), &reading, mentions);
        return 0;
}

int pending_parse(const struct registrar *r, const char *text, struct intake *ret_intake, struct err *err)
{
        struct intake intake = { 0 };
        json_t *json = json_loads(text, 0, NULL), *mail = json_object_get(json, "mail"), *item;
        const char *failure = json_string_value(json_object_get(json, "failure"));
        size_t i;

        if (wire_bool(json, "whole", &intake.whole, err) < 0)
                goto fail;
        intake.failure = xstrdup(failure);
        if (json_is_object(mail)) {
                intake.mail = xcalloc(1, sizeof *intake.mail);
                if (record_mail_from_json(mail, intake.mail, err) < 0)
                        goto fail;
        }
        json_array_foreach(json_object_get(json, "readings"), i,
            item) if (parse_reading(r, item, &intake, err) < 0) goto fail;
        json_array_foreach(json_object_get(json, "problems"), i, item) if (json_is_string(item))
            str_list_add(&intake.problems, json_string_value(item));
        json_decref(json);
        *ret_intake = intake;
        return 0;
fail:
        json_decref(json);
        intake_free(&intake);
        return -1;
}
