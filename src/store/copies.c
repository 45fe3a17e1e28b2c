/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>

#include "base/err.h"
#include "base/str.h"
#include "store/internal.h"

static const char *const state_words[] = {
        [COPY_DUE] = "due", [COPY_DONE] = "done", [COPY_FAILED] = "failed"
};
static_assert(sizeof state_words / sizeof state_words[0] == COPY_STATE_COUNT, "one word a state");

const char *store_copy_state_name(enum copy_state state)
{
        return state_words[state];
}

#define COLUMNS "id, letter, state, tries, at, next_at"

static int read_row(struct query *query, struct store_copy *ret_copy, struct err *err)
{
        struct store_copy copy = { .id = get_int(query) };
        const char *word;

        copy.letter = get_int(query);
        word = get_borrowed(query);
        while (copy.state < COPY_STATE_COUNT && !str_equal(word, state_words[copy.state]))
                copy.state++;
        if (copy.state == COPY_STATE_COUNT)
                return err_set(
                    err, ERR_BUG, "store: copy of letter %lld has an unknown word", (long long)copy.letter);
        copy.tries = (int)get_int(query);
        copy.at = get_int(query);
        copy.next_at = get_int(query);
        *ret_copy = copy;
        return 0;
}

int store_copy_add(struct store *store, int64_t letter, int64_t at, struct err *err)
{
        return query_run(store,
            "INSERT INTO letter_copy (letter, state, tries, at, next_at) VALUES (?1, 'due', 0, ?2, ?2)"
            " ON CONFLICT (letter) DO NOTHING",
            BINDS(bind_int(letter), bind_int(at)), err);
}

int store_copy_due(struct store *store, int64_t now, size_t max, struct store_copy *ret_copies,
    size_t *ret_count, struct err *err)
{
        struct query query;
        size_t count = 0;
        int found;

        if (query_start(&query, store,
                "SELECT " COLUMNS " FROM letter_copy WHERE state = 'due' AND next_at <= ?1"
                " ORDER BY tries, id LIMIT ?2",
                BINDS(bind_int(now), bind_int((int64_t)max)), err) < 0)
                return -1;
        while (count < max && (found = query_next(&query, err)) != 0) {
                if (found < 0 || read_row(&query, &ret_copies[count], err) < 0) {
                        query_end(&query);
                        return -1;
                }
                count++;
        }
        query_end(&query);
        *ret_count = count;
        return 0;
}

int store_copy_next_at(struct store *store, int64_t *ret_at, struct err *err)
{
        return query_number(
            store, "SELECT min(next_at) FROM letter_copy WHERE state = 'due'", BIND_NOTHING, ret_at, err);
}

int store_copy_last(struct store *store, int64_t *ret_id, struct err *err)
{
        *ret_id = 0;
        return query_number(store, "SELECT max(id) FROM letter_copy", BIND_NOTHING, ret_id, err) < 0 ? -1 : 0;
}

int store_copy_settle(struct store *store, const struct store_copy *copy, struct err *err)
{
        return query_run(store,
            "UPDATE letter_copy SET state = ?2, tries = ?3, next_at = ?4 WHERE letter = ?1",
            BINDS(bind_int(copy->letter), bind_text(state_words[copy->state]), bind_int(copy->tries),
                bind_int(copy->next_at)),
            err);
}

int store_copy_give_up(struct store *store, int64_t before, int *ret_count, struct err *err)
{
        if (query_run(store, "UPDATE letter_copy SET state = 'failed' WHERE state = 'due' AND at < ?1",
                BINDS(bind_int(before)), err) < 0)
                return -1;
        *ret_count = sqlite3_changes(store->db);
        return 0;
}

int store_copy_get(struct store *store, int64_t letter, struct store_copy *ret_copy, struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store, "SELECT " COLUMNS " FROM letter_copy WHERE letter = ?1",
                BINDS(bind_int(letter)), err) < 0)
                return -1;
        found = query_next(&query, err);
        if (found > 0 && read_row(&query, ret_copy, err) < 0)
                found = -1;
        query_end(&query);
        return found;
}
