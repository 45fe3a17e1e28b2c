/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the files of src/store share: an open store, and a query as the rest of the folder sees it. A
 * statement is prepared once a store and found again by the address of its SQL, so SQL is always a literal or
 * a static string. */
#pragma once

#include <sqlite3.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "store/store.h"

struct err;
struct str_list;

enum { STORE_STATEMENTS = 256 }; /* a power of two, and well over the number of statements in this folder */

struct store {
        sqlite3 *db;
        int lock; /* descriptor of PATH.lock, -1 for all but the keeper */
        bool begun;
        struct {
                const char *sql;
                sqlite3_stmt *stmt;
        } statements[STORE_STATEMENTS];
};

/* ---- queries (query.c) */
struct bind {
        enum { BIND_NULL, BIND_INT, BIND_REAL, BIND_TEXT, BIND_BLOB } type;
        int64_t number;
        double real;
        const void *bytes; /* borrowed until query_end() */
        size_t size;
};
struct bind bind_int(int64_t number);
struct bind bind_id(int64_t id);     /* 0 becomes NULL */
struct bind bind_time(int64_t time); /* ZONE_NO_TIME becomes NULL */
struct bind bind_real(double real);
struct bind bind_text(const char *text);                    /* NULL stays NULL */
struct bind bind_words(const char *text);                   /* NULL becomes "" */
struct bind bind_blob(const void *bytes, size_t size);      /* NULL stays NULL */
#define BIND_NOTHING ((const struct bind *)NULL), (size_t)0 /* a statement without parameters */
/* Parameters ?1, ?2 ... as two arguments: the array and its count. */
#define BINDS(...)                                                                                           \
        ((const struct bind[]){ __VA_ARGS__ }),                                                              \
            (sizeof((const struct bind[]){ __VA_ARGS__ }) / sizeof(struct bind))

struct query {
        struct store *store;
        sqlite3_stmt *stmt;
        int column; /* that the next get_...() reads */
};
/* Writing outside a transaction is ERR_BUG. After success query_end() is due. */
int query_start(struct query *ret_query, struct store *store, const char *sql, const struct bind *binds,
    size_t bind_count, struct err *err);
int query_next(struct query *query, struct err *err); /* 1 a row, 0 no more, -1 error */
void query_end(struct query *query);
/* A whole statement without rows. */
int query_run(
    struct store *store, const char *sql, const struct bind *binds, size_t bind_count, struct err *err);
/* The first column of the first row: 1 found, 0 no row or NULL (ret_number untouched), -1 error. */
int query_number(struct store *store, const char *sql, const struct bind *binds, size_t bind_count,
    int64_t *ret_number, struct err *err);
int query_error(struct store *store, const char *doing, struct err *err); /* SQLite's last error; -1 */

/* Columns from left to right. Strings are owned copies. */
int64_t get_int(struct query *query);  /* NULL: 0 */
int64_t get_time(struct query *query); /* NULL: ZONE_NO_TIME */
double get_real(struct query *query);
bool get_bool(struct query *query);
char *get_text(struct query *query);                                    /* NULL: NULL */
char *get_words(struct query *query);                                   /* NULL: "" */
char *get_bytes(struct query *query, size_t *ret_size);                 /* NUL-terminated; NULL: NULL */
bool get_hash(struct query *query, unsigned char ret_hash[STORE_HASH]); /* false: NULL or of another size */
const char *get_borrowed(struct query *query);                          /* until query_next(); NULL: "" */

/* ---- lists: in memory by doubling; in a column as lines */
void *list_grow(void *items, size_t count, size_t item_size); /* room for one more */
char *list_join(const struct str_list *list);
void list_split(const char *lines, struct str_list *ret_list);

/* ---- schema (schema.c) */
struct migration {
        int version; /* what the store is afterwards; they follow each other without gaps */
        const char *sql;
};
extern const struct migration schema_migrations[];
extern const size_t schema_migration_count;
enum { SCHEMA_APPLICATION = 0x5a505359 }; /* "ZPSY" */
/* Keeper: creates or brings up to the last migration, each step in a transaction, after a copy of an existing
 * store to PATH.before-vN (N: the new version). */
int schema_raise(
    sqlite3 *db, const char *path, const struct migration *migrations, size_t count, struct err *err);
/* Others: ERR_PERM unless the store is of exactly that version. */
int schema_check(sqlite3 *db, int version, struct err *err);

/* ---- counters (counters.c) */
/* A registration comes (+1) or goes (-1) with that status and place. */
int counters_apply(
    struct store *store, const char *event, enum status status, enum place place, int sign, struct err *err);
