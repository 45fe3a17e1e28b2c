/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/zone.h"
#include "store/internal.h"

#define COLUMNS                                                                                              \
        "l.id, l.kind, l.recipient, l.message_id, l.registration, l.message, l.ref, l.event, l.state,"       \
        " l.counted, l.first_new, l.attempts, l.again, l.queued_at, l.next_at, l.sent_at, l.last_error,"     \
        " l.refusals, l.tried_at"

/* In the store "dropped" is a word of its own. */
static const char *const state_words[] = {
        [LETTER_QUEUED] = "queued",
        [LETTER_SENDING] = "sending",
        [LETTER_SENT] = "sent",
        [LETTER_FAILED] = "failed",
        [LETTER_UNCERTAIN] = "uncertain",
        [LETTER_ON_HOLD] = "on-hold",
        [LETTER_DROPPED] = "dropped",
};
static_assert(sizeof state_words / sizeof state_words[0] == LETTER_STATE_COUNT, "one word a state");

const char *store_letter_state_name(enum letter_state state)
{
        return state_words[state == LETTER_DROPPED ? LETTER_FAILED : state];
}

static int state_parse(const char *word, enum letter_state *ret_state)
{
        for (int i = 0; i < LETTER_STATE_COUNT; i++)
                if (str_equal(word, state_words[i])) {
                        *ret_state = (enum letter_state)i;
                        return 0;
                }
        return -1;
}

void store_letter_free(struct store_letter *letter)
{
        free(letter->to);
        free(letter->message_id);
        free(letter->ref);
        free(letter->event);
        free(letter->last_error);
        free(letter->bytes);
        *letter = (struct store_letter){ 0 };
}

void store_letter_list_free(struct store_letter_list *list)
{
        for (size_t i = 0; i < list->count; i++)
                store_letter_free(&list->items[i]);
        free(list->items);
        *list = (struct store_letter_list){ 0 };
}

/* ---- reading */
static int read_row(struct query *query, bool with_bytes, struct store_letter *ret_letter, struct err *err)
{
        struct store_letter letter = { .id = get_int(query) };
        int result = letter_kind_parse(get_borrowed(query), &letter.kind);

        letter.to = get_words(query);
        letter.message_id = get_words(query);
        letter.registration = get_int(query);
        letter.message = get_int(query);
        letter.ref = get_text(query);
        letter.event = get_text(query);
        result |= state_parse(get_borrowed(query), &letter.state);
        letter.counted = get_bool(query);
        letter.first_new = get_bool(query);
        letter.attempts = (int)get_int(query);
        letter.again = get_bool(query);
        letter.queued_at = get_int(query);
        letter.next_at = get_int(query);
        letter.sent_at = get_time(query);
        letter.last_error = get_words(query);
        letter.refusals = (int)get_int(query);
        letter.tried_at = get_time(query);
        if (with_bytes)
                letter.bytes = get_bytes(query, &letter.size);
        if (result) {
                err_set(err, ERR_BUG, "store: letter %lld has an unknown word", (long long)letter.id);
                store_letter_free(&letter);
                return -1;
        }
        *ret_letter = letter;
        return 0;
}

static int read_one(struct store *store, const char *sql, struct bind which, bool with_bytes,
    struct store_letter *ret_letter, struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store, sql, &which, 1, err) < 0)
                return -1;
        found = query_next(&query, err);
        if (found > 0 && read_row(&query, with_bytes, ret_letter, err) < 0)
                found = -1;
        query_end(&query);
        return found;
}

static int read_list(struct store *store, const char *sql, const struct bind *binds, size_t bind_count,
    bool with_bytes, struct store_letter_list *ret_list, struct err *err)
{
        struct store_letter_list list = { 0 };
        struct query query;
        int found;

        if (query_start(&query, store, sql, binds, bind_count, err) < 0)
                return -1;
        while ((found = query_next(&query, err)) > 0) {
                list.items = list_grow(list.items, list.count, sizeof *list.items);
                if (read_row(&query, with_bytes, &list.items[list.count], err) < 0) {
                        found = -1;
                        break;
                }
                list.count++;
        }
        query_end(&query);
        if (found < 0) {
                store_letter_list_free(&list);
                return -1;
        }
        *ret_list = list;
        return 0;
}

int store_letter_get(struct store *store, int64_t id, struct store_letter *ret_letter, struct err *err)
{
        return read_one(store,
            "SELECT " COLUMNS
            ", b.bytes FROM letter l JOIN letter_bytes b ON b.letter = l.id WHERE l.id = ?1",
            bind_int(id), true, ret_letter, err);
}

int store_letter_list(struct store *store, struct store_letter_list *ret_list, struct err *err)
{
        return read_list(
            store, "SELECT " COLUMNS " FROM letter l ORDER BY l.id", BIND_NOTHING, false, ret_list, err);
}

int store_letter_on_hold(struct store *store, struct store_letter_list *ret_list, struct err *err)
{
        return read_list(store, "SELECT " COLUMNS " FROM letter l WHERE l.state = 'on-hold' ORDER BY l.id",
            BIND_NOTHING, false, ret_list, err);
}

int store_letter_sending(struct store *store, struct store_letter_list *ret_list, struct err *err)
{
        return read_list(store, "SELECT " COLUMNS " FROM letter l WHERE l.state = 'sending' ORDER BY l.id",
            BIND_NOTHING, false, ret_list, err);
}

/* What leaves by itself; the index letter_going answers it without touching other letters. */
#define GOING "state IN ('queued', 'uncertain') AND (state = 'queued' OR again = 0)"

int store_letter_due(
    struct store *store, int64_t now, size_t max, struct store_letter_list *ret_list, struct err *err)
{
        return read_list(store,
            "SELECT " COLUMNS ", b.bytes FROM letter l JOIN letter_bytes b ON b.letter = l.id"
            " WHERE l.id IN (SELECT id FROM letter WHERE " GOING " AND next_at <= ?1"
            " ORDER BY next_at, id LIMIT ?2) ORDER BY l.next_at, l.id",
            BINDS(bind_int(now), bind_int((int64_t)max)), true, ret_list, err);
}

int store_letter_next_at(struct store *store, int64_t *ret_at, struct err *err)
{
        return query_number(store, "SELECT min(next_at) FROM letter WHERE " GOING, BIND_NOTHING, ret_at, err);
}

int store_letter_by_message_id(
    struct store *store, const struct str_list *ids, struct store_letter *ret_letter, struct err *err)
{
        int found = 0;

        for (size_t i = 0; i < ids->count && found == 0; i++)
                found = read_one(store, "SELECT " COLUMNS " FROM letter l WHERE l.message_id = ?1",
                    bind_text(ids->items[i]), false, ret_letter, err);
        return found;
}

int store_letter_sent_to(
    struct store *store, const char *to, int64_t since, struct store_letter *ret_letter, struct err *err)
{
        struct store_letter_list list = { 0 };

        if (read_list(store,
                "SELECT " COLUMNS " FROM letter l WHERE l.recipient = ?1 AND l.sent_at >= ?2"
                " ORDER BY l.id DESC LIMIT 1",
                BINDS(bind_text(to), bind_int(since)), false, &list, err) < 0)
                return -1;
        if (!list.count)
                return 0;
        *ret_letter = list.items[0];
        free(list.items);
        return 1;
}

int store_letter_of_message(
    struct store *store, int64_t message, struct store_letter *ret_letter, struct err *err)
{
        return read_one(store,
            "SELECT " COLUMNS " FROM letter l WHERE l.message = ?1 ORDER BY l.id DESC LIMIT 1",
            bind_int(message), false, ret_letter, err);
}

int store_letter_newest_about(
    struct store *store, int64_t registration, struct store_letter *ret_letter, struct err *err)
{
        return read_one(store,
            "SELECT " COLUMNS " FROM letter l WHERE l.registration = ?1 AND l.state <> 'dropped'"
            " ORDER BY l.id DESC LIMIT 1",
            bind_int(registration), false, ret_letter, err);
}

/* ---- writing */
int store_letter_add(struct store *store, struct store_letter *letter, struct err *err)
{
        if (query_run(store,
                "INSERT INTO letter (kind, recipient, message_id, registration, message, ref, event, state,"
                " counted, first_new, attempts, again, queued_at, next_at, sent_at, last_error, refusals,"
                " tried_at) VALUES"
                " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
                BINDS(bind_text(letter_kind_name(letter->kind)), bind_text(letter->to),
                    bind_text(letter->message_id), bind_id(letter->registration), bind_id(letter->message),
                    bind_text(letter->ref), bind_text(letter->event), bind_text(state_words[letter->state]),
                    bind_int(letter->counted), bind_int(letter->first_new), bind_int(letter->attempts),
                    bind_int(letter->again), bind_int(letter->queued_at), bind_int(letter->next_at),
                    bind_time(letter->sent_at), bind_words(letter->last_error), bind_int(letter->refusals),
                    bind_time(letter->tried_at)),
                err) < 0)
                return -1;
        letter->id = sqlite3_last_insert_rowid(store->db);
        return query_run(store, "INSERT INTO letter_bytes VALUES (?1, ?2)",
            BINDS(bind_int(letter->id), bind_blob(letter->bytes ? letter->bytes : "", letter->size)), err);
}

int store_letter_settle(struct store *store, const struct store_letter *letter, struct err *err)
{
        if (query_run(store,
                "UPDATE letter SET state = ?2, attempts = ?3, again = ?4, queued_at = ?5, next_at = ?6,"
                " sent_at = ?7, last_error = ?8, refusals = ?9, tried_at = ?10 WHERE id = ?1",
                BINDS(bind_int(letter->id), bind_text(state_words[letter->state]), bind_int(letter->attempts),
                    bind_int(letter->again), bind_int(letter->queued_at), bind_int(letter->next_at),
                    bind_time(letter->sent_at), bind_words(letter->last_error), bind_int(letter->refusals),
                    bind_time(letter->tried_at)),
                err) < 0)
                return -1;
        if (sqlite3_changes(store->db) != 1)
                return err_set(err, ERR_BUG, "store: no such letter");
        return 0;
}

/* ---- counting */
static int count(struct store *store, const char *sql, const struct bind *binds, size_t bind_count,
    int *ret_count, struct err *err)
{
        int64_t number = 0;

        if (query_number(store, sql, binds, bind_count, &number, err) < 0)
                return -1;
        *ret_count = (int)number;
        return 0;
}

int store_letter_counted(struct store *store, const char *to, int64_t since, int *ret_count, struct err *err)
{
        if (!to)
                return count(store,
                    "SELECT count(*) FROM letter WHERE counted = 1 AND queued_at >= ?1"
                    " AND state NOT IN ('dropped', 'on-hold')",
                    BINDS(bind_int(since)), ret_count, err);
        return count(store,
            "SELECT count(*) FROM letter WHERE recipient = ?1 AND queued_at >= ?2 AND +counted = 1"
            " AND state NOT IN ('dropped', 'on-hold')",
            BINDS(bind_text(to), bind_int(since)), ret_count, err);
}

int store_letter_first_new(struct store *store, int64_t since, int *ret_count, struct err *err)
{
        return count(store,
            "SELECT count(*) FROM letter WHERE first_new = 1 AND queued_at >= ?1"
            " AND state NOT IN ('dropped', 'on-hold')",
            BINDS(bind_int(since)), ret_count, err);
}

int store_letter_kind_since(struct store *store, const char *to, enum letter_kind kind, int64_t since,
    int *ret_count, struct err *err)
{
        return count(store,
            "SELECT count(*) FROM letter WHERE recipient = ?1 AND queued_at >= ?2 AND kind = ?3"
            " AND state <> 'dropped'",
            BINDS(bind_text(to), bind_int(since), bind_text(letter_kind_name(kind))), ret_count, err);
}

int store_letter_kind_about(
    struct store *store, int64_t registration, enum letter_kind kind, int *ret_count, struct err *err)
{
        return count(store,
            "SELECT count(*) FROM letter WHERE registration = ?1 AND kind = ?2 AND state <> 'dropped'",
            BINDS(bind_int(registration), bind_text(letter_kind_name(kind))), ret_count, err);
}

int store_letter_answers_about(
    struct store *store, int64_t registration, int64_t since, int *ret_count, struct err *err)
{
        return count(store,
            "SELECT count(*) FROM letter WHERE registration = ?1 AND message IS NOT NULL AND queued_at >= ?2"
            " AND state NOT IN ('dropped', 'on-hold')",
            BINDS(bind_int(registration), bind_int(since)), ret_count, err);
}

int store_letter_states(struct store *store, int ret_counts[LETTER_STATE_COUNT], struct err *err)
{
        struct query query;
        enum letter_state state;
        int found;

        if (query_start(
                &query, store, "SELECT state, count(*) FROM letter GROUP BY state", BIND_NOTHING, err) < 0)
                return -1;
        for (int i = 0; i < LETTER_STATE_COUNT; i++)
                ret_counts[i] = 0;
        while ((found = query_next(&query, err)) > 0)
                if (state_parse(get_borrowed(&query), &state) == 0)
                        ret_counts[state] = (int)get_int(&query);
        query_end(&query);
        return found < 0 ? -1 : 0;
}
