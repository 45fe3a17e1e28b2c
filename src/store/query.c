/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/zone.h"
#include "store/internal.h"

struct bind bind_int(int64_t number)
{
        return (struct bind){ .type = BIND_INT, .number = number };
}

struct bind bind_id(int64_t id)
{
        return (struct bind){ .type = id ? BIND_INT : BIND_NULL, .number = id };
}

struct bind bind_time(int64_t time)
{
        return (struct bind){ .type = time == ZONE_NO_TIME ? BIND_NULL : BIND_INT, .number = time };
}

struct bind bind_real(double real)
{
        return (struct bind){ .type = BIND_REAL, .real = real };
}

struct bind bind_text(const char *text)
{
        return (struct bind){ .type = text ? BIND_TEXT : BIND_NULL, .bytes = text };
}

struct bind bind_words(const char *text)
{
        return bind_text(text ? text : "");
}

struct bind bind_blob(const void *bytes, size_t size)
{
        return (struct bind){ .type = bytes ? BIND_BLOB : BIND_NULL, .bytes = bytes, .size = size };
}

static enum err_class classify(int code)
{
        switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_IOERR:
        case SQLITE_FULL:
        case SQLITE_PROTOCOL:
        case SQLITE_INTERRUPT:
                return ERR_TEMP;
        case SQLITE_CANTOPEN:
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH:
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
                return ERR_PERM;
        default:
                return ERR_BUG;
        }
}

int query_error(struct store *store, const char *doing, struct err *err)
{
        int code = sqlite3_extended_errcode(store->db);

        if ((code & 0xff) == SQLITE_NOMEM)
                mem_die("store");
        return err_set(err, classify(code), "store: %s: %s (%d)", doing, sqlite3_errmsg(store->db), code);
}

/* A statement is looked for by the address of its text: no hashing of SQL in the hot path. */
static sqlite3_stmt *statement(struct store *store, const char *sql, struct err *err)
{
        size_t mask = STORE_STATEMENTS - 1, slot = ((uintptr_t)sql >> 3) * 0x9e3779b1u & mask;

        for (size_t tries = 0; tries < STORE_STATEMENTS; tries++, slot = (slot + 1) & mask) {
                if (store->statements[slot].sql == sql)
                        return store->statements[slot].stmt;
                if (store->statements[slot].sql)
                        continue;
                if (sqlite3_prepare_v3(store->db, sql, -1, SQLITE_PREPARE_PERSISTENT,
                        &store->statements[slot].stmt, NULL) != SQLITE_OK) {
                        query_error(store, "prepare", err);
                        return NULL;
                }
                store->statements[slot].sql = sql;
                return store->statements[slot].stmt;
        }
        err_set(err, ERR_BUG, "store: too many statements");
        return NULL;
}

static int bind_one(sqlite3_stmt *stmt, int index, const struct bind *bind)
{
        switch (bind->type) {
        case BIND_INT:
                return sqlite3_bind_int64(stmt, index, bind->number);
        case BIND_REAL:
                return sqlite3_bind_double(stmt, index, bind->real);
        case BIND_TEXT:
                return sqlite3_bind_text(stmt, index, bind->bytes, -1, SQLITE_STATIC);
        case BIND_BLOB:
                return sqlite3_bind_blob64(stmt, index, bind->bytes, bind->size, SQLITE_STATIC);
        case BIND_NULL:
                break;
        }
        return sqlite3_bind_null(stmt, index);
}

/* SQLite may end a transaction by itself (disk full, I/O error). What follows must not be written as if
 * nothing had happened. */
static int check_transaction(struct store *store, sqlite3_stmt *stmt, struct err *err)
{
        if (sqlite3_stmt_readonly(stmt) || !sqlite3_get_autocommit(store->db))
                return 0;
        if (store->begun)
                return err_set(err, ERR_TEMP, "store: the transaction was undone after an error");
        return err_set(err, ERR_BUG, "store: a change outside a transaction");
}

int query_start(struct query *ret_query, struct store *store, const char *sql, const struct bind *binds,
    size_t bind_count, struct err *err)
{
        sqlite3_stmt *stmt = statement(store, sql, err);

        if (!stmt || check_transaction(store, stmt, err) < 0)
                return -1;
        if (sqlite3_stmt_busy(stmt) || sqlite3_bind_parameter_count(stmt) != (int)bind_count)
                return err_set(err, ERR_BUG, "store: a statement in use, or with other parameters");
        for (size_t i = 0; i < bind_count; i++)
                if (bind_one(stmt, (int)i + 1, &binds[i]) != SQLITE_OK) {
                        sqlite3_clear_bindings(stmt);
                        return query_error(store, "bind", err);
                }
        *ret_query = (struct query){ .store = store, .stmt = stmt };
        return 0;
}

int query_next(struct query *query, struct err *err)
{
        int code = sqlite3_step(query->stmt);

        query->column = 0;
        if (code == SQLITE_ROW)
                return 1;
        return code == SQLITE_DONE ? 0 : query_error(query->store, "statement", err);
}

void query_end(struct query *query)
{
        sqlite3_reset(query->stmt);
        sqlite3_clear_bindings(query->stmt);
}

int query_run(
    struct store *store, const char *sql, const struct bind *binds, size_t bind_count, struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store, sql, binds, bind_count, err) < 0)
                return -1;
        found = query_next(&query, err);
        query_end(&query);
        return found < 0 ? -1 : 0;
}

int query_number(struct store *store, const char *sql, const struct bind *binds, size_t bind_count,
    int64_t *ret_number, struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store, sql, binds, bind_count, err) < 0)
                return -1;
        found = query_next(&query, err);
        if (found == 1 && sqlite3_column_type(query.stmt, 0) == SQLITE_NULL)
                found = 0;
        if (found == 1)
                *ret_number = get_int(&query);
        query_end(&query);
        return found;
}

int64_t get_int(struct query *query)
{
        return sqlite3_column_int64(query->stmt, query->column++);
}

int64_t get_time(struct query *query)
{
        if (sqlite3_column_type(query->stmt, query->column) != SQLITE_NULL)
                return get_int(query);
        query->column++;
        return ZONE_NO_TIME;
}

double get_real(struct query *query)
{
        return sqlite3_column_double(query->stmt, query->column++);
}

bool get_bool(struct query *query)
{
        return get_int(query) != 0;
}

char *get_bytes(struct query *query, size_t *ret_size)
{
        const void *bytes = sqlite3_column_blob(query->stmt, query->column);
        size_t size = (size_t)sqlite3_column_bytes(query->stmt, query->column);
        bool null = sqlite3_column_type(query->stmt, query->column++) == SQLITE_NULL;
        char *copy;

        if (null)
                return NULL;
        copy = xmalloc(size + 1);
        if (size)
                memcpy(copy, bytes, size);
        copy[size] = '\0';
        if (ret_size)
                *ret_size = size;
        return copy;
}

char *get_text(struct query *query)
{
        return xstrdup((const char *)sqlite3_column_text(query->stmt, query->column++));
}

const char *get_borrowed(struct query *query)
{
        const char *text = (const char *)sqlite3_column_text(query->stmt, query->column++);

        return text ? text : "";
}

char *get_words(struct query *query)
{
        return xstrdup(get_borrowed(query));
}

bool get_hash(struct query *query, unsigned char ret_hash[STORE_HASH])
{
        const void *bytes = sqlite3_column_blob(query->stmt, query->column);
        bool right = sqlite3_column_bytes(query->stmt, query->column++) == STORE_HASH;

        if (right)
                memcpy(ret_hash, bytes, STORE_HASH);
        return right;
}

void *list_grow(void *items, size_t count, size_t item_size)
{
        if (count & (count - 1))
                return items;
        return xreallocarray(items, count ? count * 2 : 1, item_size);
}

char *list_join(const struct str_list *list)
{
        size_t size = 1, at = 0;
        char *lines;

        for (size_t i = 0; i < list->count; i++)
                size += strlen(list->items[i]) + 1;
        lines = xmalloc(size);
        for (size_t i = 0; i < list->count; i++) {
                size_t length = strlen(list->items[i]);

                if (i)
                        lines[at++] = '\n';
                memcpy(lines + at, list->items[i], length);
                at += length;
        }
        lines[at] = '\0';
        return lines;
}

void list_split(const char *lines, struct str_list *ret_list)
{
        *ret_list = (struct str_list){ 0 };
        while (*lines) {
                size_t length = strcspn(lines, "\n");

                str_list_add_take(ret_list, xstrndup(lines, length));
                lines += length + (lines[length] == '\n');
        }
}
