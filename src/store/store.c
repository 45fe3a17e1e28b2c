/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "store/internal.h"

enum {
        WAIT_KEEPER_MS = 200,  /* the keeper never waits long: it has a timer */
        WAIT_CLIENT_MS = 5000, /* a person waits for the keeper's batch to end */
        UNDO_IN_MEMORY = 4 << 20,
};

/* What a savepoint could undo goes to a temporary file beyond 64 KiB: two writes a page, more than all other
 * writing together when each message of a batch has its savepoint. Ignored when SQLite runs already. */
static void configure_library(void)
{
        static bool done;

        if (!done)
                sqlite3_config(SQLITE_CONFIG_STMTJRNL_SPILL, (int)UNDO_IN_MEMORY);
        done = true;
}

static char *folder_of(const char *path)
{
        const char *slash = strrchr(path, '/');

        return slash ? xstrndup(path, slash == path ? 1 : (size_t)(slash - path)) : xstrdup(".");
}

/* Nobody but its owner may read the store, unless its folder was given to a group: then those are who run
 * zapisyctl. */
static mode_t file_mode(const char *path)
{
        CLEANUP_FREE char *folder = folder_of(path);
        struct stat info;

        return stat(folder, &info) == 0 && (info.st_mode & S_IWGRP) ? 0660 : 0600;
}

/* The lock is beside the store, because SQLite's own locks are lost when any other descriptor of the same
 * file is closed. */
static int take_lock(const char *path, int *ret_lock, struct err *err)
{
        CLEANUP_FREE char *name = xasprintf("%s.lock", path);
        int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, file_mode(path));

        if (fd < 0)
                return err_errno(err, ERR_PERM, "store: %s", name);
        if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
                if (errno == EWOULDBLOCK)
                        err_set(err, ERR_TEMP, "another zapisyd keeps this store: %s", path);
                else
                        err_errno(err, ERR_TEMP, "store: %s", name);
                io_close(&fd);
                return -1;
        }
        *ret_lock = fd;
        return 0;
}

static int check_folder(const char *path, struct err *err)
{
        CLEANUP_FREE char *folder = folder_of(path);
        struct stat info;

        if (stat(folder, &info) < 0)
                return err_errno(err, ERR_PERM, "store: its folder %s", folder);
        if (!S_ISDIR(info.st_mode))
                return err_set(err, ERR_PERM, "store: %s is not a folder", folder);
        return 0;
}

/* SQLite gives its companions (-wal, -shm) the mode of the store. */
static int create_file(const char *path, struct err *err)
{
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, file_mode(path));

        if (fd < 0)
                return err_errno(err, ERR_PERM, "store: %s", path);
        io_close(&fd);
        return 0;
}

/* A read-only connection to a store in WAL mode makes -wal and -shm and leaves them. With no -wal there
 * nobody has the store open, and it can be read as a file that does not change. */
static char *look_uri(const char *path)
{
        CLEANUP_FREE char *wal = xasprintf("%s-wal", path);
        struct buf uri = BUF_INIT(4 * 4096);

        buf_puts(&uri, "file:");
        for (const char *p = path; *p; p++) {
                if (strchr("?#%", *p))
                        buf_printf(&uri, "%%%02X", (unsigned)*p);
                else
                        buf_putc(&uri, *p);
        }
        buf_puts(&uri, access(wal, F_OK) < 0 ? "?mode=ro&immutable=1" : "?mode=ro");
        return buf_detach(&uri, NULL);
}

static int open_database(struct store *store, const char *path, enum store_role role, struct err *err)
{
        CLEANUP_FREE char *uri = role == STORE_LOOK ? look_uri(path) : NULL;
        int flags = role == STORE_LOOK ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE;

        if (sqlite3_open_v2(uri ? uri : path, &store->db, flags | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK)
                return query_error(store, path, err);
        sqlite3_extended_result_codes(store->db, 1);
        sqlite3_busy_timeout(store->db, role == STORE_KEEPER ? WAIT_KEEPER_MS : WAIT_CLIENT_MS);
        sqlite3_db_config(store->db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        return 0;
}

static int set_up(struct store *store, const char *path, struct err *err)
{
        if (sqlite3_exec(store->db,
                "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON;"
                "PRAGMA trusted_schema = OFF",
                NULL, NULL, NULL) != SQLITE_OK)
                return query_error(store, path, err);
        return 0;
}

static int prepare_keeper(struct store *store, const char *path, struct err *err)
{
        if (check_folder(path, err) < 0 || take_lock(path, &store->lock, err) < 0 ||
            create_file(path, err) < 0 || open_database(store, path, STORE_KEEPER, err) < 0 ||
            schema_raise(store->db, path, schema_migrations, schema_migration_count, err) < 0)
                return -1;
        /* Not before it is known to be ours: the mode stays in the file. */
        if (sqlite3_exec(store->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL) != SQLITE_OK)
                return query_error(store, path, err);
        return set_up(store, path, err);
}

static int prepare_other(struct store *store, const char *path, enum store_role role, struct err *err)
{
        struct stat info;

        if (stat(path, &info) < 0 || info.st_size == 0) {
                if (errno == ENOENT || errno == 0)
                        return err_set(err, ERR_PERM, "no store yet: %s", path);
                return err_errno(err, ERR_PERM, "store: %s", path);
        }
        if (open_database(store, path, role, err) < 0 ||
            schema_check(store->db, schema_migrations[schema_migration_count - 1].version, err) < 0)
                return -1;
        return set_up(store, path, err);
}

int store_open(const char *path, enum store_role role, struct store **ret_store, struct err *err)
{
        struct store *store = xcalloc(1, sizeof *store);
        int result;

        configure_library();
        store->lock = -1;
        errno = 0;
        if (role == STORE_KEEPER)
                result = prepare_keeper(store, path, err);
        else
                result = prepare_other(store, path, role, err);
        if (result < 0) {
                store_close(store);
                return -1;
        }
        *ret_store = store;
        return 0;
}

void store_close(struct store *store)
{
        if (!store)
                return;
        for (size_t i = 0; i < STORE_STATEMENTS; i++)
                sqlite3_finalize(store->statements[i].stmt);
        sqlite3_close(store->db); /* an open transaction is undone */
        io_close(&store->lock);   /* last: the next keeper finds the store closed */
        free(store);
}

/* ---- transactions */
static int control(struct store *store, const char *sql, struct err *err)
{
        if (sqlite3_exec(store->db, sql, NULL, NULL, NULL) != SQLITE_OK)
                return query_error(store, sql, err);
        return 0;
}

int store_begin(struct store *store, struct err *err)
{
        if (store->begun)
                return err_set(err, ERR_BUG, "store: a transaction is open already");
        if (sqlite3_db_readonly(store->db, "main"))
                return err_set(err, ERR_BUG, "store: it was opened for reading only");
        if (control(store, "BEGIN IMMEDIATE", err) < 0)
                return -1;
        store->begun = true;
        return 0;
}

int store_snapshot(struct store *store, struct err *err)
{
        if (store->begun)
                return err_set(err, ERR_BUG, "store: a transaction is open already");
        if (control(store, "BEGIN", err) < 0)
                return -1;
        store->begun = true;
        return 0;
}

int store_commit(struct store *store, struct err *err)
{
        if (!store->begun)
                return err_set(err, ERR_BUG, "store: no transaction to commit");
        if (sqlite3_get_autocommit(store->db)) {
                store->begun = false;
                return err_set(err, ERR_TEMP, "store: the transaction was undone after an error");
        }
        if (control(store, "COMMIT", err) < 0) {
                store_rollback(store);
                return err_prefix(err, "whether it was recorded is not known");
        }
        store->begun = false;
        return 0;
}

void store_rollback(struct store *store)
{
        if (!sqlite3_get_autocommit(store->db))
                sqlite3_exec(store->db, "ROLLBACK", NULL, NULL, NULL);
        store->begun = false;
}

int store_savepoint(struct store *store, struct err *err)
{
        if (!store->begun)
                return err_set(err, ERR_BUG, "store: a savepoint outside a transaction");
        if (sqlite3_get_autocommit(store->db))
                return err_set(err, ERR_TEMP, "store: the transaction was undone after an error");
        return control(store, "SAVEPOINT one", err);
}

int store_release(struct store *store, struct err *err)
{
        return control(store, "RELEASE one", err);
}

void store_undo(struct store *store)
{
        if (!sqlite3_get_autocommit(store->db))
                sqlite3_exec(store->db, "ROLLBACK TO one; RELEASE one", NULL, NULL, NULL);
}

int64_t store_data_version(struct store *store)
{
        int64_t version;

        return query_number(store, "PRAGMA data_version", BIND_NOTHING, &version, NULL) == 1 ? version : -1;
}

/* ---- small facts and events */
int store_meta_get(struct store *store, const char *key, char **ret_value, struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store, "SELECT value FROM meta WHERE key = ?1", BINDS(bind_text(key)), err) <
            0)
                return -1;
        found = query_next(&query, err);
        if (found >= 0)
                *ret_value = found ? get_text(&query) : NULL;
        query_end(&query);
        return found < 0 ? -1 : 0;
}

int store_meta_set(struct store *store, const char *key, const char *value, struct err *err)
{
        if (!value)
                return query_run(store, "DELETE FROM meta WHERE key = ?1", BINDS(bind_text(key)), err);
        return query_run(store,
            "INSERT INTO meta VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            BINDS(bind_text(key), bind_text(value)), err);
}

int store_event_put(struct store *store, const char *id, const char *json, int64_t loaded_at, struct err *err)
{
        return query_run(store,
            "INSERT INTO event VALUES (?1, ?2, ?3)"
            " ON CONFLICT (id) DO UPDATE SET json = excluded.json, loaded_at = excluded.loaded_at",
            BINDS(bind_text(id), bind_text(json), bind_int(loaded_at)), err);
}

int store_event_list(
    struct store *store, struct str_list *ret_ids, struct str_list *ret_json, struct err *err)
{
        struct str_list ids = { 0 }, json = { 0 };
        struct query query;
        int found;

        if (query_start(&query, store, "SELECT id, json FROM event ORDER BY id", BIND_NOTHING, err) < 0)
                return -1;
        while ((found = query_next(&query, err)) > 0) {
                str_list_add_take(&ids, get_words(&query));
                str_list_add_take(&json, get_words(&query));
        }
        query_end(&query);
        if (found < 0) {
                str_list_free(&ids);
                str_list_free(&json);
                return -1;
        }
        *ret_ids = ids;
        *ret_json = json;
        return 0;
}
