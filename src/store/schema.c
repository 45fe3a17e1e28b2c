/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tables. Words are stored as words and not as numbers of an enum, so that a store can be read with the
 * sqlite3 shell and outlives a changed order in a header. */
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "store/internal.h"

static const char version_1[] =
    "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE event (id TEXT PRIMARY KEY, json TEXT NOT NULL, loaded_at INTEGER NOT NULL) STRICT;"

    "CREATE TABLE message (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL," /* where it was seen last */
    " key BLOB CHECK (length(key) = 32), sha256 BLOB CHECK (length(sha256) = 32), message_id TEXT,"
    " class TEXT NOT NULL, outcome TEXT, reason TEXT NOT NULL," /* outcome NULL: in progress */
    " counted_at INTEGER NOT NULL, internaldate INTEGER, date INTEGER, received_at INTEGER,"
    " fetched_at INTEGER, sender TEXT COLLATE NOCASE, kept INTEGER NOT NULL, marked INTEGER NOT NULL,"
    " event TEXT, pending TEXT) STRICT;"
    "CREATE INDEX message_key ON message (key) WHERE key IS NOT NULL;"
    "CREATE INDEX message_sha256 ON message (sha256) WHERE sha256 IS NOT NULL;"
    "CREATE INDEX message_pending ON message (counted_at, uid, id) WHERE outcome IS NULL;"
    "CREATE INDEX message_unmarked ON message (uidvalidity, uid)"
    " WHERE marked = 0 AND outcome IS NOT NULL;"
    "CREATE TABLE message_place (uidvalidity INTEGER NOT NULL, uid INTEGER NOT NULL,"
    " message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,"
    " PRIMARY KEY (uidvalidity, uid)) STRICT, WITHOUT ROWID;"
    "CREATE INDEX message_place_message ON message_place (message);"
    "CREATE TABLE message_raw (message INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,"
    " bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE message_ref (message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,"
    " seq INTEGER NOT NULL, ref TEXT NOT NULL, PRIMARY KEY (message, seq)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE scan (uidvalidity INTEGER PRIMARY KEY, uid INTEGER NOT NULL) STRICT;"

    "CREATE TABLE registration (id INTEGER PRIMARY KEY AUTOINCREMENT, ref TEXT NOT NULL UNIQUE,"
    " token TEXT NOT NULL, event TEXT NOT NULL REFERENCES event (id), status TEXT NOT NULL,"
    " place TEXT NOT NULL CHECK (place IN ('none', 'seat', 'waiting')), channel TEXT NOT NULL,"
    " rule TEXT NOT NULL, place_rule TEXT NOT NULL, counted_at INTEGER NOT NULL,"
    " first_counted_at INTEGER NOT NULL, created_at INTEGER NOT NULL, on_time INTEGER NOT NULL,"
    " sender TEXT COLLATE NOCASE, name_key TEXT NOT NULL, organisation_key TEXT NOT NULL,"
    " message INTEGER REFERENCES message (id), flags TEXT NOT NULL, undeliverable_since INTEGER,"
    " told INTEGER NOT NULL) STRICT;"
    "CREATE INDEX registration_name ON registration (event, name_key);"
    "CREATE INDEX registration_waiting ON registration (event, counted_at, id) WHERE place = 'waiting';"
    "CREATE INDEX registration_organisation ON registration (event, organisation_key)"
    " WHERE place = 'seat';"
    "CREATE INDEX registration_held ON registration (event, sender)"
    " WHERE place = 'seat' AND status = 'held';"
    "CREATE INDEX registration_message ON registration (message) WHERE message IS NOT NULL;"
    "CREATE TABLE registration_value ("
    " registration INTEGER NOT NULL REFERENCES registration (id) ON DELETE CASCADE,"
    " seq INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, confidence REAL NOT NULL,"
    " found TEXT NOT NULL, PRIMARY KEY (registration, seq), UNIQUE (registration, key))"
    " STRICT, WITHOUT ROWID;"
    "CREATE TABLE counter (event TEXT PRIMARY KEY REFERENCES event (id), seats INTEGER NOT NULL,"
    " waiting INTEGER NOT NULL, held_seats INTEGER NOT NULL, accepted INTEGER NOT NULL,"
    " waitlisted INTEGER NOT NULL, offered INTEGER NOT NULL, held INTEGER NOT NULL,"
    " incomplete INTEGER NOT NULL, late INTEGER NOT NULL, refused INTEGER NOT NULL,"
    " cancelled INTEGER NOT NULL) STRICT, WITHOUT ROWID;"

    "CREATE TABLE history (id INTEGER PRIMARY KEY, at INTEGER NOT NULL,"
    " registration INTEGER REFERENCES registration (id) ON DELETE CASCADE,"
    " message INTEGER REFERENCES message (id), actor TEXT NOT NULL, what TEXT NOT NULL,"
    " detail TEXT NOT NULL) STRICT;"
    "CREATE INDEX history_registration ON history (registration) WHERE registration IS NOT NULL;"
    "CREATE INDEX history_message ON history (message) WHERE message IS NOT NULL;"
    "CREATE TABLE review (id INTEGER PRIMARY KEY AUTOINCREMENT, created_at INTEGER NOT NULL,"
    " registration INTEGER REFERENCES registration (id) ON DELETE CASCADE,"
    " message INTEGER REFERENCES message (id), event TEXT, kind TEXT NOT NULL, reason TEXT NOT NULL,"
    " resolved_at INTEGER, resolution TEXT) STRICT;"
    "CREATE INDEX review_open ON review (id) WHERE resolved_at IS NULL;"
    "CREATE INDEX review_registration ON review (registration) WHERE registration IS NOT NULL;"
    "CREATE INDEX review_message ON review (message) WHERE message IS NOT NULL;"

    "CREATE TABLE letter (id INTEGER PRIMARY KEY AUTOINCREMENT, kind TEXT NOT NULL,"
    " recipient TEXT NOT NULL COLLATE NOCASE, message_id TEXT NOT NULL UNIQUE,"
    " registration INTEGER REFERENCES registration (id), message INTEGER REFERENCES message (id),"
    " ref TEXT, event TEXT, state TEXT NOT NULL, counted INTEGER NOT NULL, first_new INTEGER NOT NULL,"
    " attempts INTEGER NOT NULL, again INTEGER NOT NULL, queued_at INTEGER NOT NULL,"
    " next_at INTEGER NOT NULL, sent_at INTEGER, last_error TEXT NOT NULL) STRICT;"
    "CREATE INDEX letter_going ON letter (id, next_at, state, again)"
    " WHERE state IN ('queued', 'uncertain');"
    "CREATE INDEX letter_sending ON letter (id) WHERE state = 'sending';"
    "CREATE INDEX letter_recipient ON letter (recipient, queued_at);"
    "CREATE INDEX letter_counted ON letter (queued_at, state) WHERE counted = 1;"
    "CREATE INDEX letter_first_new ON letter (queued_at, state) WHERE first_new = 1;"
    "CREATE INDEX letter_registration ON letter (registration) WHERE registration IS NOT NULL;"
    "CREATE INDEX letter_message ON letter (message) WHERE message IS NOT NULL;"
    "CREATE TABLE letter_bytes (letter INTEGER PRIMARY KEY REFERENCES letter (id) ON DELETE CASCADE,"
    " bytes BLOB NOT NULL) STRICT;"

    "CREATE TABLE digest (date TEXT PRIMARY KEY, at INTEGER NOT NULL,"
    " letter INTEGER REFERENCES letter (id)) STRICT, WITHOUT ROWID;"
    "CREATE TABLE alarm (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, text TEXT NOT NULL) STRICT;"
    "CREATE INDEX alarm_at ON alarm (at);";

/* A letter's own refusals set its waits, whatever befell the server; its patience begins with the first try. Those
 * that wait longest go first, so that no refused one stands in the others' way. */
static const char version_2[] =
    "ALTER TABLE letter ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE letter ADD COLUMN tried_at INTEGER;"
    "UPDATE letter SET refusals = attempts, tried_at = queued_at WHERE attempts > 0;"
    "DROP INDEX letter_going;"
    "CREATE INDEX letter_going ON letter (next_at, id, state, again)"
    " WHERE state IN ('queued', 'uncertain');";

/* A row for each letter that went out while mailbox.sent_folder named a folder. Its own id grows in the order
 * of sending and is never given out twice. */
static const char copies[] =
    "CREATE TABLE letter_copy (id INTEGER PRIMARY KEY AUTOINCREMENT,"
    " letter INTEGER NOT NULL UNIQUE REFERENCES letter (id) ON DELETE CASCADE, state TEXT NOT NULL,"
    " tries INTEGER NOT NULL, at INTEGER NOT NULL, next_at INTEGER NOT NULL) STRICT;"
    "CREATE INDEX letter_copy_due ON letter_copy (tries, id, next_at) WHERE state = 'due';";

/* What came back of letters that had gone out, or that the server would not take. */
static const char bounces[] =
    "CREATE TABLE bounce (id INTEGER PRIMARY KEY,"
    " letter INTEGER NOT NULL REFERENCES letter (id) ON DELETE CASCADE,"
    " message INTEGER REFERENCES message (id), at INTEGER NOT NULL, kind TEXT NOT NULL,"
    " status TEXT NOT NULL, evidence TEXT NOT NULL) STRICT;"
    "CREATE INDEX bounce_letter ON bounce (letter);"
    "CREATE INDEX bounce_at ON bounce (at);"
    "CREATE INDEX registration_sender ON registration (sender) WHERE sender IS NOT NULL;";

static const char pictures[] =
    "CREATE TABLE message_picture (message INTEGER NOT NULL REFERENCES message (id) ON DELETE CASCADE,"
    " number INTEGER NOT NULL, png BLOB NOT NULL, PRIMARY KEY (message, number)) STRICT;";

const struct migration schema_migrations[] = {
        { 1, version_1 },
        { 2, version_2 },
        { 3, copies },
        { 4, bounces },
        { 5, pictures },
};
const size_t schema_migration_count = sizeof schema_migrations / sizeof schema_migrations[0];

static int fail(sqlite3 *db, const char *doing, struct err *err)
{
        int code = sqlite3_errcode(db);
        bool wait =
            code == SQLITE_BUSY || code == SQLITE_LOCKED || code == SQLITE_IOERR || code == SQLITE_FULL;

        return err_set(err, wait ? ERR_TEMP : ERR_PERM, "store: %s: %s", doing, sqlite3_errmsg(db));
}

static int pragma_number(sqlite3 *db, const char *sql, int *ret_number, struct err *err)
{
        sqlite3_stmt *stmt = NULL;
        int result = -1;

        if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW) {
                *ret_number = sqlite3_column_int(stmt, 0);
                result = 0;
        } else {
                fail(db, "reading its version", err);
        }
        sqlite3_finalize(stmt);
        return result;
}

static int run(sqlite3 *db, const char *doing, const char *sql, struct err *err)
{
        return sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : fail(db, doing, err);
}

/* -1 also for a file that is not ours. An empty database has neither number nor tables. */
static int read_version(sqlite3 *db, int *ret_version, struct err *err)
{
        int application, version, tables;

        if (pragma_number(db, "PRAGMA application_id", &application, err) < 0 ||
            pragma_number(db, "PRAGMA user_version", &version, err) < 0 ||
            pragma_number(db, "SELECT count(*) FROM sqlite_schema", &tables, err) < 0)
                return -1;
        if (application != SCHEMA_APPLICATION && (application || version || tables))
                return err_set(err, ERR_PERM, "store: the file is a database of another program");
        *ret_version = version;
        return 0;
}

static int copy_pages(sqlite3 *from, const char *path, struct err *err)
{
        sqlite3 *to = NULL;
        sqlite3_backup *backup;
        int result = -1, fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

        if (fd < 0)
                return err_errno(err, ERR_TEMP, "store: %s", path);
        io_close(&fd);
        if (sqlite3_open_v2(path, &to, SQLITE_OPEN_READWRITE, NULL) != SQLITE_OK) {
                fail(to, "copy before the migration", err);
                goto out;
        }
        backup = sqlite3_backup_init(to, "main", from, "main");
        if (backup)
                sqlite3_backup_step(backup, -1);
        if (!backup || sqlite3_backup_finish(backup) != SQLITE_OK)
                fail(to, "copy before the migration", err);
        else
                /* One file by itself: a copy in WAL mode would want its companions. */
                result = run(to, "copy before the migration", "PRAGMA journal_mode = DELETE", err);
out:
        sqlite3_close(to);
        return result;
}

static int keep_copy(sqlite3 *db, const char *path, int version, struct err *err)
{
        CLEANUP_FREE char *final = xasprintf("%s.before-v%d", path, version);
        CLEANUP_FREE char *half = xasprintf("%s.half", final);

        if (copy_pages(db, half, err) < 0) {
                unlink(half);
                return -1;
        }
        if (rename(half, final) < 0)
                return err_errno(err, ERR_TEMP, "store: %s", final);
        return 0;
}

/* Foreign keys are not enforced here, so that a step may build a table anew; they are checked at its end. */
static int change(sqlite3 *db, const struct migration *migration, struct err *err)
{
        CLEANUP_FREE char *numbers = xasprintf(
            "PRAGMA application_id = %d; PRAGMA user_version = %d", SCHEMA_APPLICATION, migration->version);
        int loose;

        if (run(db, "migration", "BEGIN IMMEDIATE", err) < 0 ||
            run(db, "migration", migration->sql, err) < 0 || run(db, "migration", numbers, err) < 0 ||
            pragma_number(db, "SELECT count(*) FROM pragma_foreign_key_check", &loose, err) < 0)
                return -1;
        if (loose)
                return err_set(err, ERR_BUG, "store: migration: %d rows point nowhere", loose);
        return run(db, "migration", "COMMIT", err);
}

static int step(sqlite3 *db, const struct migration *migration, struct err *err)
{
        if (change(db, migration, err) == 0)
                return 0;
        if (!sqlite3_get_autocommit(db))
                sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
        return err_prefix(err, "to version %d", migration->version);
}

static int newer(int version, int known, struct err *err)
{
        return err_set(err, ERR_PERM,
            "store: it is of version %d, this program knows %d: install a newer one", version, known);
}

int schema_raise(
    sqlite3 *db, const char *path, const struct migration *migrations, size_t count, struct err *err)
{
        int version, last = migrations[count - 1].version;

        if (read_version(db, &version, err) < 0)
                return -1;
        if (version > last)
                return newer(version, last, err);
        if (version > 0 && version < last && keep_copy(db, path, last, err) < 0)
                return -1;
        for (size_t i = 0; i < count; i++)
                if (migrations[i].version > version && step(db, &migrations[i], err) < 0)
                        return -1;
        return 0;
}

int schema_check(sqlite3 *db, int version, struct err *err)
{
        int found;

        if (read_version(db, &found, err) < 0)
                return -1;
        if (found > version)
                return newer(found, version, err);
        if (found < version)
                return err_set(err, ERR_PERM,
                    "store: it is of version %d and must become %d: start zapisyd once", found, version);
        return 0;
}
