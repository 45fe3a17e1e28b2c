/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What happened, and what needs a person. */
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "store/internal.h"

/* ---- history */
int store_history_add(struct store *store, const struct store_history *history, struct err *err)
{
        return query_run(store,
            "INSERT INTO history (at, registration, message, actor, what, detail)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            BINDS(bind_int(history->at), bind_id(history->registration), bind_id(history->message),
                bind_words(history->actor), bind_words(history->what), bind_words(history->detail)),
            err);
}

int store_history_of(
    struct store *store, int64_t registration, struct store_history_list *ret_list, struct err *err)
{
        struct store_history_list list = { 0 };
        struct query query;
        int found;

        if (query_start(&query, store,
                "SELECT id, at, registration, message, actor, what, detail FROM history"
                " WHERE registration = ?1 ORDER BY id",
                BINDS(bind_int(registration)), err) < 0)
                return -1;
        while ((found = query_next(&query, err)) > 0) {
                struct store_history *item;

                list.items = list_grow(list.items, list.count, sizeof *list.items);
                item = &list.items[list.count++];
                item->id = get_int(&query);
                item->at = get_int(&query);
                item->registration = get_int(&query);
                item->message = get_int(&query);
                item->actor = get_words(&query);
                item->what = get_words(&query);
                item->detail = get_words(&query);
        }
        query_end(&query);
        if (found < 0) {
                store_history_list_free(&list);
                return -1;
        }
        *ret_list = list;
        return 0;
}

void store_history_list_free(struct store_history_list *list)
{
        for (size_t i = 0; i < list->count; i++) {
                free(list->items[i].actor);
                free(list->items[i].what);
                free(list->items[i].detail);
        }
        free(list->items);
        *list = (struct store_history_list){ 0 };
}

/* ---- review */
#define SELECT                                                                                               \
        "SELECT v.id, v.created_at, v.registration, v.message, v.event, v.kind, v.reason, r.ref,"            \
        " coalesce(r.sender, m.sender), v.resolved_at IS NULL FROM review v"                                 \
        " LEFT JOIN registration r ON r.id = v.registration LEFT JOIN message m ON m.id = v.message "

int store_review_add(struct store *store, const struct store_review *review, int64_t *ret_id, struct err *err)
{
        if (query_run(store,
                "INSERT INTO review (created_at, registration, message, event, kind, reason)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                BINDS(bind_int(review->created_at), bind_id(review->registration), bind_id(review->message),
                    bind_text(review->event), bind_words(review->kind), bind_words(review->reason)),
                err) < 0)
                return -1;
        if (ret_id)
                *ret_id = sqlite3_last_insert_rowid(store->db);
        return 0;
}

static void read_row(struct query *query, struct store_review *ret_review, bool *ret_open)
{
        struct store_review review;

        review.id = get_int(query);
        review.created_at = get_int(query);
        review.registration = get_int(query);
        review.message = get_int(query);
        review.event = get_text(query);
        review.kind = get_words(query);
        review.reason = get_words(query);
        review.ref = get_text(query);
        review.sender = get_text(query);
        *ret_open = get_bool(query);
        *ret_review = review;
}

int store_review_open(struct store *store, struct store_review_list *ret_list, struct err *err)
{
        struct store_review_list list = { 0 };
        struct query query;
        bool open;
        int found;

        if (query_start(
                &query, store, SELECT "WHERE v.resolved_at IS NULL ORDER BY v.id", BIND_NOTHING, err) < 0)
                return -1;
        while ((found = query_next(&query, err)) > 0) {
                list.items = list_grow(list.items, list.count, sizeof *list.items);
                read_row(&query, &list.items[list.count++], &open);
        }
        query_end(&query);
        if (found < 0) {
                store_review_list_free(&list);
                return -1;
        }
        *ret_list = list;
        return 0;
}

int store_review_get(
    struct store *store, int64_t id, struct store_review *ret_review, bool *ret_open, struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store, SELECT "WHERE v.id = ?1", BINDS(bind_int(id)), err) < 0)
                return -1;
        found = query_next(&query, err);
        if (found > 0)
                read_row(&query, ret_review, ret_open);
        query_end(&query);
        return found;
}

int store_review_resolve(struct store *store, int64_t id, int64_t at, const char *resolution, struct err *err)
{
        return query_run(store,
            "UPDATE review SET resolved_at = ?2, resolution = ?3 WHERE id = ?1 AND resolved_at IS NULL",
            BINDS(bind_int(id), bind_int(at), bind_words(resolution)), err);
}

int store_review_resolve_of(struct store *store, int64_t registration, const char *but_kind, int64_t at,
    const char *resolution, struct err *err)
{
        return query_run(store,
            "UPDATE review SET resolved_at = ?2, resolution = ?3"
            " WHERE registration = ?1 AND resolved_at IS NULL AND kind IS NOT ?4",
            BINDS(bind_int(registration), bind_int(at), bind_words(resolution), bind_text(but_kind)), err);
}

int store_review_resolve_reason(struct store *store, const char *kind, const char *reason, int64_t at,
    const char *resolution, struct err *err)
{
        return query_run(store,
            "UPDATE review SET resolved_at = ?3, resolution = ?4"
            " WHERE resolved_at IS NULL AND kind = ?1 AND reason = ?2",
            BINDS(bind_words(kind), bind_words(reason), bind_int(at), bind_words(resolution)), err);
}

void store_review_free(struct store_review *review)
{
        free(review->event);
        free(review->kind);
        free(review->reason);
        free(review->ref);
        free(review->sender);
        *review = (struct store_review){ 0 };
}

void store_review_list_free(struct store_review_list *list)
{
        for (size_t i = 0; i < list->count; i++)
                store_review_free(&list->items[i]);
        free(list->items);
        *list = (struct store_review_list){ 0 };
}
