/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/zone.h"
#include "store/internal.h"

#define COLUMNS                                                                                              \
        "m.id, m.uidvalidity, m.uid, m.key, m.sha256, m.message_id, m.class, m.outcome, m.reason,"           \
        " m.counted_at, m.internaldate, m.date, m.received_at, m.fetched_at, m.sender, m.kept, m.marked,"    \
        " m.event, (SELECT group_concat(ref, char(10)) FROM"                                                 \
        " (SELECT ref FROM message_ref WHERE message = m.id ORDER BY seq))"

void store_message_free(struct store_message *message)
{
        free(message->message_id);
        free(message->reason);
        free(message->sender);
        free(message->event);
        str_list_free(&message->refs);
        *message = (struct store_message){ 0 };
}

void store_message_list_free(struct store_message_list *list)
{
        for (size_t i = 0; i < list->count; i++)
                store_message_free(&list->items[i]);
        free(list->items);
        *list = (struct store_message_list){ 0 };
}

static int read_words(struct query *query, struct store_message *message, struct err *err)
{
        const char *class = get_borrowed(query), *outcome = get_borrowed(query);

        message->decided = *outcome != '\0';
        if (class_parse(class, &message->class) < 0 ||
            (message->decided && outcome_parse(outcome, &message->outcome) < 0))
                return err_set(err, ERR_BUG, "store: message %lld has an unknown class or outcome",
                    (long long)message->id);
        return 0;
}

static int read_row(struct query *query, struct store_message *ret_message, struct err *err)
{
        struct store_message message = { 0 };

        message.id = get_int(query);
        message.uidvalidity = (uint32_t)get_int(query);
        message.uid = (uint32_t)get_int(query);
        message.has_key = get_hash(query, message.key);
        message.has_sha = get_hash(query, message.sha256);
        message.message_id = get_text(query);
        if (read_words(query, &message, err) < 0) {
                store_message_free(&message);
                return -1;
        }
        message.reason = get_words(query);
        message.counted_at = get_time(query);
        message.internaldate = get_time(query);
        message.date = get_time(query);
        message.received_at = get_time(query);
        message.fetched_at = get_time(query);
        message.sender = get_text(query);
        message.kept = get_bool(query);
        message.marked = get_bool(query);
        message.event = get_text(query);
        list_split(get_borrowed(query), &message.refs);
        *ret_message = message;
        return 0;
}

/* Ends the query. ret_json may be NULL; else one column more is the pending JSON. */
static int read_rows(
    struct query *query, struct store_message_list *ret_list, struct str_list *ret_json, struct err *err)
{
        struct store_message_list list = { 0 };
        struct str_list json = { 0 };
        int found;

        while ((found = query_next(query, err)) > 0) {
                list.items = list_grow(list.items, list.count, sizeof *list.items);
                if (read_row(query, &list.items[list.count], err) < 0) {
                        found = -1;
                        break;
                }
                list.count++;
                if (ret_json)
                        str_list_add_take(&json, get_words(query));
        }
        query_end(query);
        if (found < 0) {
                store_message_list_free(&list);
                str_list_free(&json);
                return -1;
        }
        *ret_list = list;
        if (ret_json)
                *ret_json = json;
        return 0;
}

int store_message_find(
    struct store *store, const struct store_message *like, int64_t *ret_id, struct err *err)
{
        int found = 0;

        if (like->uid)
                found = query_number(store,
                    "SELECT message FROM message_place WHERE uidvalidity = ?1 AND uid = ?2",
                    BINDS(bind_int(like->uidvalidity), bind_int(like->uid)), ret_id, err);
        if (!found && like->has_key)
                found = query_number(store, "SELECT id FROM message WHERE key = ?1 ORDER BY id LIMIT 1",
                    BINDS(bind_blob(like->key, STORE_HASH)), ret_id, err);
        if (!found && like->has_sha)
                found = query_number(store, "SELECT id FROM message WHERE sha256 = ?1 ORDER BY id LIMIT 1",
                    BINDS(bind_blob(like->sha256, STORE_HASH)), ret_id, err);
        return found;
}

int store_message_get(struct store *store, int64_t id, struct store_message *ret_message, struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store, "SELECT " COLUMNS " FROM message m WHERE id = ?1", BINDS(bind_int(id)),
                err) < 0)
                return -1;
        found = query_next(&query, err);
        if (found > 0 && read_row(&query, ret_message, err) < 0)
                found = -1;
        query_end(&query);
        return found;
}

static int write_refs(struct store *store, const struct store_message *message, struct err *err)
{
        for (size_t i = 0; i < message->refs.count; i++)
                if (query_run(store, "INSERT INTO message_ref VALUES (?1, ?2, ?3)",
                        BINDS(bind_int(message->id), bind_int((int64_t)i), bind_text(message->refs.items[i])),
                        err) < 0)
                        return -1;
        return 0;
}

static int insert_place(struct store *store, int64_t id, uint32_t uidvalidity, uint32_t uid, struct err *err)
{
        return query_run(store, "INSERT INTO message_place VALUES (?1, ?2, ?3)",
            BINDS(bind_int(uidvalidity), bind_int(uid), bind_int(id)), err);
}

int store_message_add(struct store *store, struct store_message *message, const void *raw, size_t raw_size,
    const char *pending, struct err *err)
{
        const char *outcome = message->decided ? outcome_name(message->outcome) : NULL;

        if (query_run(store,
                "INSERT INTO message (uidvalidity, uid, key, sha256, message_id, class, outcome, reason,"
                " counted_at, internaldate, date, received_at, fetched_at, sender, kept, marked, event,"
                " pending) VALUES"
                " (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)",
                BINDS(bind_int(message->uidvalidity), bind_int(message->uid),
                    bind_blob(message->has_key ? message->key : NULL, STORE_HASH),
                    bind_blob(message->has_sha ? message->sha256 : NULL, STORE_HASH),
                    bind_text(message->message_id), bind_text(class_name(message->class)), bind_text(outcome),
                    bind_words(message->reason), bind_int(message->counted_at),
                    bind_time(message->internaldate), bind_time(message->date),
                    bind_time(message->received_at), bind_time(message->fetched_at),
                    bind_text(message->sender), bind_int(message->kept), bind_int(message->marked),
                    bind_text(message->event), bind_text(pending)),
                err) < 0)
                return -1;
        message->id = sqlite3_last_insert_rowid(store->db);
        if (insert_place(store, message->id, message->uidvalidity, message->uid, err) < 0)
                return -1;
        if (raw && query_run(store, "INSERT INTO message_raw VALUES (?1, ?2)",
                       BINDS(bind_int(message->id), bind_blob(raw, raw_size)), err) < 0)
                return -1;
        return write_refs(store, message, err);
}

int store_message_moved(struct store *store, int64_t id, uint32_t uidvalidity, uint32_t uid, struct err *err)
{
        int64_t there;
        int found =
            query_number(store, "SELECT message FROM message_place WHERE uidvalidity = ?1 AND uid = ?2",
                BINDS(bind_int(uidvalidity), bind_int(uid)), &there, err);

        if (found < 0)
                return -1;
        if (found && there != id)
                return err_set(err, ERR_BUG, "store: two messages at one place");
        if (!found && insert_place(store, id, uidvalidity, uid, err) < 0)
                return -1;
        return query_run(store,
            /* A renumbered mailbox may have lost its marks. */
            "UPDATE message SET marked = CASE WHEN kept AND uidvalidity <> ?1 THEN 0 ELSE marked END,"
            " uidvalidity = ?1, uid = ?2 WHERE id = ?3",
            BINDS(bind_int(uidvalidity), bind_int(uid), bind_int(id)), err);
}

int store_message_decide(struct store *store, const struct store_message *message, struct err *err)
{
        if (query_run(store,
                "UPDATE message SET class = ?2, outcome = ?3, reason = ?4, event = ?5, sender = ?6,"
                " message_id = ?7, date = ?8, kept = ?9, marked = ?10, pending = NULL WHERE id = ?1",
                BINDS(bind_int(message->id), bind_text(class_name(message->class)),
                    bind_text(message->decided ? outcome_name(message->outcome) : NULL),
                    bind_words(message->reason), bind_text(message->event), bind_text(message->sender),
                    bind_text(message->message_id), bind_time(message->date), bind_int(message->kept),
                    bind_int(message->marked)),
                err) < 0)
                return -1;
        if (sqlite3_changes(store->db) != 1)
                return err_set(err, ERR_BUG, "store: no such message");
        if (!message->kept && (query_run(store, "DELETE FROM message_raw WHERE message = ?1",
                                   BINDS(bind_int(message->id)), err) < 0 ||
                                  query_run(store, "DELETE FROM message_picture WHERE message = ?1",
                                      BINDS(bind_int(message->id)), err) < 0))
                return -1;
        if (query_run(
                store, "DELETE FROM message_ref WHERE message = ?1", BINDS(bind_int(message->id)), err) < 0)
                return -1;
        return write_refs(store, message, err);
}

int store_message_pending(struct store *store, size_t max, struct store_message_list *ret_list,
    struct str_list *ret_json, struct err *err)
{
        struct query query;

        if (query_start(&query, store,
                "SELECT " COLUMNS ", m.pending FROM message m WHERE m.outcome IS NULL"
                " ORDER BY m.counted_at, m.uid, m.id LIMIT ?1",
                BINDS(bind_int((int64_t)max)), err) < 0)
                return -1;
        return read_rows(&query, ret_list, ret_json, err);
}

int store_message_raw(struct store *store, int64_t id, char **ret_bytes, size_t *ret_size, struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store, "SELECT bytes FROM message_raw WHERE message = ?1",
                BINDS(bind_int(id)), err) < 0)
                return -1;
        found = query_next(&query, err);
        if (found > 0)
                *ret_bytes = get_bytes(&query, ret_size);
        query_end(&query);
        return found;
}

int store_picture_add(
    struct store *store, int64_t message, size_t number, const struct blob *picture, struct err *err)
{
        return query_run(store, "INSERT INTO message_picture VALUES (?1, ?2, ?3)",
            BINDS(bind_int(message), bind_int((int64_t)number), bind_blob(picture->bytes, picture->size)),
            err);
}

int store_picture_list(struct store *store, int64_t message, struct blobs *ret_pictures, struct err *err)
{
        struct blobs pictures = { 0 };
        struct query query;
        int found;

        if (query_start(&query, store, "SELECT png FROM message_picture WHERE message = ?1 ORDER BY number",
                BINDS(bind_int(message)), err) < 0)
                return -1;
        while ((found = query_next(&query, err)) > 0) {
                size_t size;
                CLEANUP_FREE char *bytes = get_bytes(&query, &size);

                blobs_add(&pictures, bytes, size);
        }
        query_end(&query);
        if (found < 0) {
                blobs_free(&pictures);
                return -1;
        }
        *ret_pictures = pictures;
        return 0;
}

int store_message_all(struct store *store, struct store_message_list *ret_list, struct err *err)
{
        struct query query;

        if (query_start(&query, store, "SELECT " COLUMNS " FROM message m ORDER BY m.id", BIND_NOTHING, err) <
            0)
                return -1;
        return read_rows(&query, ret_list, NULL, err);
}

/* Ends the query. */
static int read_uids(struct query *query, uint32_t **ret_uids, size_t *ret_count, struct err *err)
{
        uint32_t *uids = NULL;
        size_t count = 0;
        int found;

        while ((found = query_next(query, err)) > 0) {
                uids = list_grow(uids, count, sizeof *uids);
                uids[count++] = (uint32_t)get_int(query);
        }
        query_end(query);
        if (found < 0) {
                free(uids);
                return -1;
        }
        *ret_uids = uids;
        *ret_count = count;
        return 0;
}

int store_message_unmarked(
    struct store *store, uint32_t uidvalidity, uint32_t **ret_uids, size_t *ret_count, struct err *err)
{
        struct query query;

        if (query_start(&query, store,
                "SELECT uid FROM message WHERE uidvalidity = ?1 AND marked = 0 AND outcome IS NOT NULL"
                " ORDER BY uid",
                BINDS(bind_int(uidvalidity)), err) < 0)
                return -1;
        return read_uids(&query, ret_uids, ret_count, err);
}

int store_message_bare(struct store *store, uint32_t uidvalidity, uint32_t after, uint32_t **ret_uids,
    size_t *ret_count, struct err *err)
{
        struct query query;

        if (query_start(&query, store,
                "SELECT uid FROM message WHERE uidvalidity = ?1 AND uid > ?2 AND key IS NULL AND sha256 IS "
                "NULL"
                " ORDER BY uid",
                BINDS(bind_int(uidvalidity), bind_int(after)), err) < 0)
                return -1;
        return read_uids(&query, ret_uids, ret_count, err);
}

int store_message_set_marked(
    struct store *store, uint32_t uidvalidity, const uint32_t *uids, size_t count, struct err *err)
{
        for (size_t i = 0; i < count; i++)
                if (query_run(store,
                        "UPDATE message SET marked = 1 WHERE id = (SELECT message FROM message_place"
                        " WHERE uidvalidity = ?1 AND uid = ?2)",
                        BINDS(bind_int(uidvalidity), bind_int(uids[i])), err) < 0)
                        return -1;
        return 0;
}

int store_scan_get(struct store *store, uint32_t uidvalidity, uint32_t *ret_uid, struct err *err)
{
        int64_t uid = 0;

        if (query_number(store, "SELECT uid FROM scan WHERE uidvalidity = ?1", BINDS(bind_int(uidvalidity)),
                &uid, err) < 0)
                return -1;
        *ret_uid = (uint32_t)uid;
        return 0;
}

int store_scan_set(struct store *store, uint32_t uidvalidity, uint32_t uid, struct err *err)
{
        return query_run(store,
            "INSERT INTO scan VALUES (?1, ?2) ON CONFLICT (uidvalidity) DO UPDATE SET uid = excluded.uid",
            BINDS(bind_int(uidvalidity), bind_int(uid)), err);
}

int store_balance(struct store *store, struct store_balance *ret_balance, struct err *err)
{
        struct store_balance balance = { 0 };
        struct query query;
        int found;

        if (query_start(&query, store, "SELECT outcome, count(*) FROM message GROUP BY outcome", BIND_NOTHING,
                err) < 0)
                return -1;
        while ((found = query_next(&query, err)) > 0) {
                const char *word = get_borrowed(&query);
                int64_t count = get_int(&query);
                enum outcome outcome;

                balance.fetched += count;
                if (!*word)
                        balance.in_progress = count;
                else if (outcome_parse(word, &outcome) == 0)
                        balance.outcomes[outcome] = count;
        }
        query_end(&query);
        if (found < 0)
                return -1;
        *ret_balance = balance;
        return 0;
}
