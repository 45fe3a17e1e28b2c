/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <assert.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/zone.h"
#include "store/internal.h"

/* The position is counted when it is read: nobody else's row changes when a place in the line frees. */
#define SELECT                                                                                               \
        "SELECT r.id, r.ref, r.token, r.event, r.status, r.place, r.channel, r.rule, r.place_rule,"          \
        " r.counted_at, r.first_counted_at, r.created_at, r.on_time, r.sender, r.name_key,"                  \
        " r.organisation_key, r.message, m.message_id, r.flags, r.undeliverable_since, r.told,"              \
        " CASE r.place WHEN 'waiting' THEN (SELECT count(*) FROM registration w WHERE w.event = r.event"     \
        " AND w.place = 'waiting' AND (w.counted_at, w.id) <= (r.counted_at, r.id)) ELSE 0 END"              \
        " FROM registration r LEFT JOIN message m ON m.id = r.message "

static const char *const rule_words[] = {
        [RULE_AFTER_END] = "after-end",
        [RULE_LATE] = "late",
        [RULE_LATE_WAITS] = "late-waits",
        [RULE_CLOCK_CONFLICT] = "clock-conflict",
        [RULE_UNREADABLE] = "unreadable",
        [RULE_BLANK] = "blank",
        [RULE_PROTECTED] = "protected",
        [RULE_DAMAGED] = "damaged",
        [RULE_UNCONFIRMED] = "unconfirmed",
        [RULE_UNSURE] = "unsure",
        [RULE_MISSING] = "missing",
        [RULE_CONSENT_REFUSED] = "consent-refused",
        [RULE_SEAT_FREE] = "seat-free",
        [RULE_ROOM_FULL] = "room-full",
        [RULE_QUOTA_FULL] = "quota-full",
        [RULE_ORGANISATION_FULL] = "organisation-full",
        [RULE_HELD_BOUND] = "held-bound",
        [RULE_COORDINATOR] = "coordinator",
        [RULE_PROMOTED] = "promoted",
        [RULE_CANCELLED] = "cancelled",
        [RULE_PROMOTION_OVER] = "promotion-over",
};
static_assert(sizeof rule_words / sizeof rule_words[0] == RULE_COUNT, "one word a rule");

static int rule_parse(const char *word, enum decide_rule *ret_rule)
{
        for (int i = 0; i < RULE_COUNT; i++)
                if (str_equal(word, rule_words[i])) {
                        *ret_rule = (enum decide_rule)i;
                        return 0;
                }
        return -1;
}

void store_registration_free(struct store_registration *registration)
{
        free(registration->ref);
        free(registration->token);
        free(registration->event);
        free(registration->sender);
        free(registration->name_key);
        free(registration->organisation_key);
        free(registration->message_id);
        str_list_free(&registration->flags);
        for (size_t i = 0; i < registration->value_count; i++) {
                free(registration->values[i].key);
                free(registration->values[i].value);
                free(registration->values[i].where);
        }
        free(registration->values);
        *registration = (struct store_registration){ 0 };
}

void store_registration_list_free(struct store_registration_list *list)
{
        for (size_t i = 0; i < list->count; i++)
                store_registration_free(&list->items[i]);
        free(list->items);
        *list = (struct store_registration_list){ 0 };
}

/* ---- reading */
static int read_words(struct query *query, struct store_registration *r, struct err *err)
{
        int result = status_parse(get_borrowed(query), &r->status);

        result |= place_parse(get_borrowed(query), &r->place);
        result |= channel_parse(get_borrowed(query), &r->channel);
        result |= rule_parse(get_borrowed(query), &r->rule);
        result |= rule_parse(get_borrowed(query), &r->place_rule);
        if (result)
                return err_set(err, ERR_BUG, "store: registration %s has an unknown word", r->ref);
        return 0;
}

static int read_values(struct store *store, struct store_registration *r, struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store,
                "SELECT key, value, confidence, found FROM registration_value WHERE registration = ?1"
                " ORDER BY seq",
                BINDS(bind_int(r->id)), err) < 0)
                return -1;
        while ((found = query_next(&query, err)) > 0) {
                struct store_value *value;

                r->values = list_grow(r->values, r->value_count, sizeof *r->values);
                value = &r->values[r->value_count++];
                value->key = get_words(&query);
                value->value = get_words(&query);
                value->confidence = get_real(&query);
                value->where = get_words(&query);
        }
        query_end(&query);
        return found;
}

static int read_row(struct query *query, struct store_registration *ret, struct err *err)
{
        struct store_registration r = { 0 };

        r.id = get_int(query);
        r.ref = get_words(query);
        r.token = get_words(query);
        r.event = get_words(query);
        if (read_words(query, &r, err) < 0)
                goto fail;
        r.counted_at = get_int(query);
        r.first_counted_at = get_int(query);
        r.created_at = get_int(query);
        r.on_time = get_bool(query);
        r.sender = get_text(query);
        r.name_key = get_words(query);
        r.organisation_key = get_words(query);
        r.message = get_int(query);
        r.message_id = get_text(query);
        list_split(get_borrowed(query), &r.flags);
        r.undeliverable_since = get_time(query);
        r.told = get_bool(query);
        r.position = (int)get_int(query);
        if (read_values(query->store, &r, err) < 0)
                goto fail;
        *ret = r;
        return 0;
fail:
        store_registration_free(&r);
        return -1;
}

static int read_one(
    struct store *store, const char *sql, struct bind which, struct store_registration *ret, struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store, sql, &which, 1, err) < 0)
                return -1;
        found = query_next(&query, err);
        if (found > 0 && read_row(&query, ret, err) < 0)
                found = -1;
        query_end(&query);
        return found;
}

static int read_list(struct store *store, const char *sql, const struct bind *binds, size_t bind_count,
    struct store_registration_list *ret_list, struct err *err)
{
        struct store_registration_list list = { 0 };
        struct query query;
        int found;

        if (query_start(&query, store, sql, binds, bind_count, err) < 0)
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
                store_registration_list_free(&list);
                return -1;
        }
        *ret_list = list;
        return 0;
}

int store_registration_get(struct store *store, int64_t id, struct store_registration *ret, struct err *err)
{
        return read_one(store, SELECT "WHERE r.id = ?1", bind_int(id), ret, err);
}

int store_registration_by_ref(
    struct store *store, const char *ref, struct store_registration *ret, struct err *err)
{
        return read_one(store, SELECT "WHERE r.ref = ?1", bind_text(ref), ret, err);
}

int store_registration_same(struct store *store, const char *event, const char *name_key, const char *sender,
    struct store_registration_list *ret_list, struct err *err)
{
        return read_list(store,
            SELECT "WHERE r.event = ?1 AND r.name_key = ?2 AND r.sender = ?3 ORDER BY r.id DESC",
            BINDS(bind_text(event), bind_text(name_key), bind_text(sender)), ret_list, err);
}

int store_registration_named(struct store *store, const char *event, const char *name_key,
    struct store_registration_list *ret_list, struct err *err)
{
        return read_list(store, SELECT "WHERE r.event = ?1 AND r.name_key = ?2 ORDER BY r.id DESC",
            BINDS(bind_text(event), bind_text(name_key)), ret_list, err);
}

int store_registration_at(
    struct store *store, const char *sender, struct store_registration_list *ret_list, struct err *err)
{
        return read_list(
            store, SELECT "WHERE r.sender = ?1 ORDER BY r.id", BINDS(bind_text(sender)), ret_list, err);
}

int store_registration_of_message(
    struct store *store, int64_t message, struct store_registration_list *ret_list, struct err *err)
{
        return read_list(
            store, SELECT "WHERE r.message = ?1 ORDER BY r.id", BINDS(bind_int(message)), ret_list, err);
}

int store_registration_list(struct store *store, const char *event, int status,
    struct store_registration_list *ret_list, struct err *err)
{
        return read_list(store,
            SELECT "WHERE (?1 IS NULL OR r.event = ?1) AND (?2 IS NULL OR r.status = ?2)"
                   " ORDER BY r.event, r.counted_at, r.id",
            BINDS(bind_text(event), bind_text(status < 0 ? NULL : status_name((enum status)status))),
            ret_list, err);
}

int store_registration_waiting(
    struct store *store, const char *event, struct store_registration_list *ret_list, struct err *err)
{
        return read_list(store,
            SELECT "WHERE r.event = ?1 AND r.place = 'waiting' ORDER BY r.counted_at, r.id",
            BINDS(bind_text(event)), ret_list, err);
}

/* ---- writing */
static int write_values(struct store *store, const struct store_registration *r, struct err *err)
{
        for (size_t i = 0; i < r->value_count; i++) {
                const struct store_value *value = &r->values[i];

                if (query_run(store, "INSERT INTO registration_value VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                        BINDS(bind_int(r->id), bind_int((int64_t)i), bind_text(value->key),
                            bind_text(value->value), bind_real(value->confidence), bind_words(value->where)),
                        err) < 0)
                        return -1;
        }
        return 0;
}

int store_registration_add(struct store *store, struct store_registration *r, struct err *err)
{
        CLEANUP_FREE char *flags = list_join(&r->flags);

        if (query_run(store,
                "INSERT INTO registration (ref, token, event, status, place, channel, rule, place_rule,"
                " counted_at, first_counted_at, created_at, on_time, sender, name_key, organisation_key,"
                " message, flags, undeliverable_since, told) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9,"
                " ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)",
                BINDS(bind_text(r->ref), bind_words(r->token), bind_text(r->event),
                    bind_text(status_name(r->status)), bind_text(place_name(r->place)),
                    bind_text(channel_name(r->channel)), bind_text(rule_words[r->rule]),
                    bind_text(rule_words[r->place_rule]), bind_int(r->counted_at),
                    bind_int(r->first_counted_at), bind_int(r->created_at), bind_int(r->on_time),
                    bind_text(r->sender), bind_words(r->name_key), bind_words(r->organisation_key),
                    bind_id(r->message), bind_text(flags), bind_time(r->undeliverable_since),
                    bind_int(r->told)),
                err) < 0)
                return -1;
        r->id = sqlite3_last_insert_rowid(store->db);
        if (write_values(store, r, err) < 0)
                return -1;
        return counters_apply(store, r->event, r->status, r->place, +1, err);
}

/* Takes the row as it was out of the counters. */
static int uncount(struct store *store, int64_t id, struct err *err)
{
        CLEANUP_FREE char *event = NULL;
        enum status status;
        enum place place;
        struct query query;
        int found;

        if (query_start(&query, store, "SELECT event, status, place FROM registration WHERE id = ?1",
                BINDS(bind_int(id)), err) < 0)
                return -1;
        found = query_next(&query, err);
        if (found == 0)
                found = err_set(err, ERR_BUG, "store: no such registration");
        if (found > 0) {
                event = get_words(&query);
                if (status_parse(get_borrowed(&query), &status) < 0 ||
                    place_parse(get_borrowed(&query), &place) < 0)
                        found = err_set(err, ERR_BUG, "store: a registration has an unknown word");
        }
        query_end(&query);
        return found < 0 ? -1 : counters_apply(store, event, status, place, -1, err);
}

int store_registration_update(struct store *store, const struct store_registration *r, struct err *err)
{
        CLEANUP_FREE char *flags = list_join(&r->flags);

        if (uncount(store, r->id, err) < 0 ||
            query_run(store,
                "UPDATE registration SET token = ?2, event = ?3, status = ?4, place = ?5, channel = ?6,"
                " rule = ?7, place_rule = ?8, counted_at = ?9, first_counted_at = ?10, created_at = ?11,"
                " on_time = ?12, sender = ?13, name_key = ?14, organisation_key = ?15, message = ?16,"
                " flags = ?17, undeliverable_since = ?18, told = ?19 WHERE id = ?1",
                BINDS(bind_int(r->id), bind_words(r->token), bind_text(r->event),
                    bind_text(status_name(r->status)), bind_text(place_name(r->place)),
                    bind_text(channel_name(r->channel)), bind_text(rule_words[r->rule]),
                    bind_text(rule_words[r->place_rule]), bind_int(r->counted_at),
                    bind_int(r->first_counted_at), bind_int(r->created_at), bind_int(r->on_time),
                    bind_text(r->sender), bind_words(r->name_key), bind_words(r->organisation_key),
                    bind_id(r->message), bind_text(flags), bind_time(r->undeliverable_since),
                    bind_int(r->told)),
                err) < 0 ||
            query_run(store, "DELETE FROM registration_value WHERE registration = ?1", BINDS(bind_int(r->id)),
                err) < 0 ||
            write_values(store, r, err) < 0)
                return -1;
        return counters_apply(store, r->event, r->status, r->place, +1, err);
}
