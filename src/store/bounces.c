/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/str.h"
#include "store/internal.h"

#define SELECT "SELECT id, letter, message, at, kind, status, evidence FROM bounce "

static const char *const evidence_words[] = {
        [EVIDENCE_VERP] = "verp",
        [EVIDENCE_RETURNED] = "message-id",
        [EVIDENCE_REFERENCE] = "reference",
        [EVIDENCE_SERVER] = "server",
        [EVIDENCE_RECIPIENT] = "recipient",
};
static_assert(sizeof evidence_words / sizeof evidence_words[0] == EVIDENCE_COUNT, "one word an evidence");

const char *store_evidence_name(enum store_evidence evidence)
{
        return evidence_words[evidence];
}

static int read_words(struct query *query, struct store_bounce *bounce)
{
        const char *kind = get_borrowed(query), *status = get_borrowed(query),
                   *evidence = get_borrowed(query);
        int k = 0, e = 0;

        while (k < BOUNCE_KIND_COUNT && !str_equal(kind, bounce_kind_name((enum bounce_kind)k)))
                k++;
        while (e < EVIDENCE_COUNT && !str_equal(evidence, evidence_words[e]))
                e++;
        if (k == BOUNCE_KIND_COUNT || e == EVIDENCE_COUNT)
                return -1;
        bounce->kind = (enum bounce_kind)k;
        bounce->evidence = (enum store_evidence)e;
        snprintf(bounce->status, sizeof bounce->status, "%s", status);
        return 0;
}

static int read_row(struct query *query, struct store_bounce *ret_bounce, struct err *err)
{
        struct store_bounce bounce = { .id = get_int(query) };

        bounce.letter = get_int(query);
        bounce.message = get_int(query);
        bounce.at = get_int(query);
        if (read_words(query, &bounce) < 0)
                return err_set(err, ERR_BUG, "store: a bounce has an unknown word");
        *ret_bounce = bounce;
        return 0;
}

int store_bounce_add(struct store *store, const struct store_bounce *bounce, struct err *err)
{
        return query_run(store,
            "INSERT INTO bounce (letter, message, at, kind, status, evidence)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            BINDS(bind_int(bounce->letter), bind_id(bounce->message), bind_int(bounce->at),
                bind_text(bounce_kind_name(bounce->kind)), bind_text(bounce->status),
                bind_text(evidence_words[bounce->evidence])),
            err);
}

int store_bounce_forget(struct store *store, int64_t letter, struct err *err)
{
        return query_run(store, "DELETE FROM bounce WHERE letter = ?1", BINDS(bind_int(letter)), err);
}

int store_bounce_of(struct store *store, int64_t letter, struct store_bounce *ret_bounce, struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store,
                SELECT "WHERE letter = ?1 ORDER BY kind = 'permanent' DESC, id DESC LIMIT 1",
                BINDS(bind_int(letter)), err) < 0)
                return -1;
        found = query_next(&query, err);
        if (found > 0 && read_row(&query, ret_bounce, err) < 0)
                found = -1;
        query_end(&query);
        return found;
}

int store_bounce_list(struct store *store, int64_t since, struct store_bounce_list *ret_list, struct err *err)
{
        struct store_bounce_list list = { 0 };
        struct query query;
        int found;

        if (query_start(&query, store, SELECT "WHERE at >= ?1 ORDER BY id", BINDS(bind_int(since)), err) < 0)
                return -1;
        while ((found = query_next(&query, err)) > 0) {
                list.items = list_grow(list.items, list.count, sizeof *list.items);
                if (read_row(&query, &list.items[list.count], err) < 0) {
                        found = -1;
                        break;
                }
                list.count++;
        }
        query_end(&query);
        if (found < 0) {
                store_bounce_list_free(&list);
                return -1;
        }
        *ret_list = list;
        return 0;
}

void store_bounce_list_free(struct store_bounce_list *list)
{
        free(list->items);
        *list = (struct store_bounce_list){ 0 };
}
