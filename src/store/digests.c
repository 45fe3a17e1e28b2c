/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/mem.h"
#include "store/internal.h"

int store_digest_last(struct store *store, char **ret_date, int64_t *ret_at, struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store, "SELECT date, at FROM digest ORDER BY date DESC LIMIT 1", BIND_NOTHING,
                err) < 0)
                return -1;
        found = query_next(&query, err);
        if (found > 0) {
                *ret_date = get_words(&query);
                *ret_at = get_int(&query);
        }
        query_end(&query);
        return found;
}

int store_digest_add(struct store *store, const char *date, int64_t at, int64_t letter, struct err *err)
{
        return query_run(store, "INSERT INTO digest VALUES (?1, ?2, ?3)",
            BINDS(bind_text(date), bind_int(at), bind_id(letter)), err);
}

int store_alarm_add(struct store *store, int64_t at, const char *text, struct err *err)
{
        return query_run(store,
            "INSERT INTO alarm (at, text) SELECT ?1, ?2 WHERE NOT EXISTS (SELECT 1 FROM alarm"
            " WHERE at >= coalesce((SELECT max(at) FROM digest), ?3) AND text = ?2)",
            BINDS(bind_int(at), bind_text(text), bind_int(INT64_MIN)), err);
}

static int alarms(
    struct store *store, const char *sql, int64_t from, struct store_alarm_list *ret_list, struct err *err)
{
        struct store_alarm_list list = { 0 };
        struct query query;
        int found;

        if (query_start(&query, store, sql, BINDS(bind_int(from)), err) < 0)
                return -1;
        while ((found = query_next(&query, err)) > 0) {
                list.items = list_grow(list.items, list.count, sizeof *list.items);
                list.items[list.count].id = get_int(&query);
                list.items[list.count].at = get_int(&query);
                list.items[list.count++].text = get_words(&query);
        }
        query_end(&query);
        if (found < 0) {
                store_alarm_list_free(&list);
                return -1;
        }
        *ret_list = list;
        return 0;
}

int store_alarm_list(struct store *store, int64_t since, struct store_alarm_list *ret_list, struct err *err)
{
        return alarms(
            store, "SELECT id, at, text FROM alarm WHERE at >= ?1 ORDER BY id", since, ret_list, err);
}

int store_alarm_after(struct store *store, int64_t id, struct store_alarm_list *ret_list, struct err *err)
{
        return alarms(store, "SELECT id, at, text FROM alarm WHERE id > ?1 ORDER BY id", id, ret_list, err);
}

void store_alarm_list_free(struct store_alarm_list *list)
{
        for (size_t i = 0; i < list->count; i++)
                free(list->items[i].text);
        free(list->items);
        *list = (struct store_alarm_list){ 0 };
}
