/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Events as the keeper loads them: kept in the store, so that zapisyctl decides by the same. */
#include <jansson.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/record.h"
#include "registrar/desk.h"

int registrar_load_events(struct registrar *r, struct err *err)
{
        bool different = false;

        for (size_t i = 0; i < r->event_count; i++) {
                json_t *json = record_event(&r->events[i]);
                char *text = json_dumps(json, JSON_COMPACT | JSON_SORT_KEYS);
                int status = text ? store_event_put(r->store, r->events[i].id, text, r->now, err) : -1;

                json_decref(json);
                free(text);
                if (status < 0)
                        return -1;
        }
        if (store_recount(r->store, &different, err) < 0)
                return -1;
        if (different && store_alarm_add(r->store, r->now, "counters", err) < 0)
                return -1;
        /* More seats than before: those who wait move up. */
        for (size_t i = 0; i < r->event_count; i++)
                if (registrar_promote(r, &r->events[i], err) < 0)
                        return -1;
        return 0;
}
