/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/loaded.h"

#include <ctype.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/event.h"
#include "core/record.h"
#include "ctl/ctl.h"

void loaded_free(struct ctl *ctl)
{
        for (size_t i = 0; i < ctl->event_count; i++)
                event_free(&ctl->events[i]);
        free(ctl->events);
        ctl->events = NULL;
        ctl->event_count = ctl->current = 0;
}

/* The same file is reached by many paths: a relative -c, a linked folder. */
static json_t *without_folder_take(json_t *json)
{
        const char *path = json_string_value(json_object_get(json, "blank_form"));
        const char *slash = path ? strrchr(path, '/') : NULL;

        if (slash)
                json_object_set_new(json, "blank_form", json_string(slash + 1));
        return json;
}

static bool differs(const struct event *configured, json_t *loaded)
{
        json_t *ours = without_folder_take(record_event(configured));
        json_t *theirs = without_folder_take(json_copy(loaded));
        bool result = !json_equal(ours, theirs);

        json_decref(ours);
        json_decref(theirs);
        return result;
}

static int parse_one(const char *text, const struct config *config, bool warn, struct event *ret_event,
    bool *ret_current, struct err *err)
{
        json_t *json = json_loads(text, 0, NULL);
        int result = record_event_from_json(json, ret_event, err);
        const struct event *configured = result == 0 ? config_event(config, ret_event->id) : NULL;

        *ret_current = configured != NULL;
        if (configured && warn && differs(configured, json))
                fprintf(stderr,
                    "zapisyctl: warning: the file of %s says something else than what zapisyd has loaded; "
                    "what is loaded counts until \"systemctl reload zapisyd\"\n",
                    ret_event->id);
        json_decref(json);
        return result < 0 ? err_prefix(err, "an event in the register") : 0;
}

static void warn_unloaded(const struct config *config, const struct str_list *ids)
{
        for (size_t i = 0; i < config->event_count; i++)
                if (!str_list_has(ids, config->events[i].id))
                        fprintf(stderr,
                            "zapisyctl: warning: %s is configured but not loaded yet: \"systemctl reload "
                            "zapisyd\"\n",
                            config->events[i].id);
}

static void swap(struct event *a, struct event *b)
{
        struct event kept = *a;

        *a = *b;
        *b = kept;
}

int loaded_read(struct ctl *ctl, bool warn, struct err *err)
{
        struct str_list ids = { 0 }, texts = { 0 };
        int result = -1;

        if (store_event_list(ctl->store, &ids, &texts, err) < 0)
                return -1;
        ctl->events = xcalloc(ids.count + 1, sizeof *ctl->events);
        for (size_t i = 0; i < ids.count; i++) {
                bool current;

                if (parse_one(texts.items[i], ctl->config, warn, &ctl->events[i], &current, err) < 0)
                        goto out;
                ctl->event_count = i + 1;
                if (current)
                        swap(&ctl->events[i], &ctl->events[ctl->current++]);
        }
        if (warn)
                warn_unloaded(ctl->config, &ids);
        result = 0;
out:
        str_list_free(&ids);
        str_list_free(&texts);
        return result;
}

/* ---- what -e means */
static const struct event *find_event(const struct ctl *ctl, const char *id)
{
        for (size_t i = 0; id && i < ctl->event_count; i++)
                if (str_equal(ctl->events[i].id, id))
                        return &ctl->events[i];
        return NULL;
}

int ctl_chosen_event(const struct ctl *ctl, const struct event **ret_event, struct err *err)
{
        struct buf known = BUF_INIT(256);
        const struct event *event = find_event(ctl, ctl->args->event);

        if (event || !ctl->args->event) {
                *ret_event = event;
                return 0;
        }
        for (size_t i = 0; i < ctl->current; i++)
                buf_printf(&known, "%s%s", i ? ", " : "", ctl->events[i].id);
        err_set(err, ERR_INPUT, "no event %.100s; there is: %s", ctl->args->event, buf_text(&known));
        buf_free(&known);
        return -1;
}

bool ctl_shows(const struct ctl *ctl, const char *event)
{
        return !ctl->args->event || str_equal(ctl->args->event, event);
}

const char *ctl_zone(const struct ctl *ctl, const char *event)
{
        const struct event *found = find_event(ctl, event);

        return found ? found->timezone : ctl->config->timezone;
}

char *ctl_ref(const char *typed)
{
        char *ref = xstrdup(typed);

        for (char *p = ref; *p; p++)
                *p = (char)toupper((unsigned char)*p);
        return ref;
}
