/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: store core base */
/* The store itself: who may open it, what survives, how it grows older. */
#include "store_world.h"

#include <fcntl.h>
#include <signal.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "core/zone.h"
#include "store/internal.h"

static void test_created_private(void **state)
{
        struct world *w = *state;
        struct stat info;

        assert_int_equal(stat(w->path, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
        put_event(w, "model");
        char wal[128];
        snprintf(wal, sizeof wal, "%s-wal", w->path);
        assert_int_equal(stat(wal, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
}

static void test_folder_missing(void **state)
{
        struct store *store = NULL;

        (void)state;
        assert_int_equal(store_open("/tmp/no-such-folder-here/zapisy.db", STORE_KEEPER, &store, &err), -1);
        assert_int_equal(err.class, ERR_PERM);
        assert_non_null(strstr(err.text, "/tmp/no-such-folder-here"));
        assert_null(store);
}

static void test_second_keeper(void **state)
{
        struct world *w = *state;
        struct store *second = NULL;

        assert_int_equal(store_open(w->path, STORE_KEEPER, &second, &err), -1);
        assert_int_equal(err.class, ERR_TEMP);
        assert_non_null(strstr(err.text, "another zapisyd"));
        store_close(w->store);
        OK(store_open(w->path, STORE_KEEPER, &w->store, &err));
}

static void test_missing_store(void **state)
{
        struct world *w = *state;
        struct store *store = NULL;
        char path[128];

        snprintf(path, sizeof path, "%s/other.db", w->folder);
        assert_int_equal(store_open(path, STORE_CLIENT, &store, &err), -1);
        assert_int_equal(err.class, ERR_PERM);
        assert_int_equal(store_open(path, STORE_LOOK, &store, &err), -1);
        assert_int_equal(err.class, ERR_PERM);
        assert_non_null(strstr(err.text, "no store yet"));
        assert_int_equal(access(path, F_OK), -1);
}

static void write_file(const char *path, const char *text)
{
        FILE *file = fopen(path, "w");

        assert_non_null(file);
        fputs(text, file);
        fclose(file);
}

/* SQLite file format 1.3, byte 18: 1 a rollback journal, 2 WAL. */
static int file_format(const char *path)
{
        FILE *file = fopen(path, "r");
        int byte;

        assert_non_null(file);
        fseek(file, 18, SEEK_SET);
        byte = fgetc(file);
        fclose(file);
        return byte;
}

static void test_foreign_file(void **state)
{
        struct world *w = *state;
        struct store *store = NULL;
        sqlite3 *db;
        char path[128];

        snprintf(path, sizeof path, "%s/other.db", w->folder);
        write_file(path, "This is a letter and no database, and it is long enough to be looked at closely. "
                         "One more sentence, so that it passes a hundred bytes.\n");
        assert_int_equal(store_open(path, STORE_CLIENT, &store, &err), -1);
        assert_int_equal(err.class, ERR_PERM);
        unlink(path);
        assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
        assert_int_equal(sqlite3_exec(db, "CREATE TABLE t (a)", NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(db);
        assert_int_equal(store_open(path, STORE_KEEPER, &store, &err), -1);
        assert_int_equal(err.class, ERR_PERM);
        assert_non_null(strstr(err.text, "another program"));
        assert_int_equal(file_format(path), 1); /* it was not even switched to WAL */
        unlink(path);
        snprintf(path, sizeof path, "%s/other.db.lock", w->folder);
        unlink(path);
        snprintf(path, sizeof path, "%s/other.db-wal", w->folder);
        unlink(path);
        snprintf(path, sizeof path, "%s/other.db-shm", w->folder);
        unlink(path);
}

static void test_look_changes_nothing(void **state)
{
        struct world *w = *state;
        struct store *look;
        char wal[128];
        char *value;

        OK(store_begin(w->store, &err));
        OK(store_meta_set(w->store, "since", "2012", &err));
        OK(store_commit(w->store, &err));
        OK(store_open(w->path, STORE_LOOK, &look, &err)); /* beside a running keeper */
        OK(store_meta_get(look, "since", &value, &err));
        assert_string_equal(value, "2012");
        free(value);
        store_close(look);

        store_close(w->store); /* and without one */
        w->store = NULL;
        snprintf(wal, sizeof wal, "%s-wal", w->path);
        assert_int_equal(access(wal, F_OK), -1);
        OK(store_open(w->path, STORE_LOOK, &look, &err));
        OK(store_meta_get(look, "since", &value, &err));
        assert_string_equal(value, "2012");
        free(value);
        assert_int_equal(store_begin(look, &err), -1);
        store_close(look);
        assert_int_equal(access(wal, F_OK), -1);
}

static void test_transactions(void **state)
{
        struct world *w = *state;
        char *value;

        assert_int_equal(store_meta_set(w->store, "a", "1", &err), -1);
        assert_int_equal(err.class, ERR_BUG); /* outside a transaction */
        assert_int_equal(store_commit(w->store, &err), -1);

        OK(store_begin(w->store, &err));
        assert_int_equal(store_begin(w->store, &err), -1);
        OK(store_meta_set(w->store, "a", "1", &err));
        OK(store_savepoint(w->store, &err));
        OK(store_meta_set(w->store, "a", "2", &err));
        OK(store_meta_set(w->store, "b", "2", &err));
        store_undo(w->store);
        OK(store_savepoint(w->store, &err));
        OK(store_meta_set(w->store, "c", "3", &err));
        OK(store_release(w->store, &err));
        OK(store_commit(w->store, &err));
        OK(store_meta_get(w->store, "a", &value, &err));
        assert_string_equal(value, "1");
        free(value);
        OK(store_meta_get(w->store, "b", &value, &err));
        assert_null(value);
        OK(store_meta_get(w->store, "c", &value, &err));
        assert_string_equal(value, "3");
        free(value);

        store_rollback(w->store); /* none open: legal */
        OK(store_begin(w->store, &err));
        OK(store_meta_set(w->store, "a", NULL, &err));
        store_rollback(w->store);
        OK(store_meta_get(w->store, "a", &value, &err));
        assert_string_equal(value, "1");
        free(value);
}

static void test_two_writers(void **state)
{
        struct world *w = *state;
        struct store *client;
        int64_t before, after;
        char *value;

        OK(store_open(w->path, STORE_CLIENT, &client, &err));
        before = store_data_version(w->store);
        OK(store_begin(client, &err));
        OK(store_meta_set(client, "a", "client", &err));
        assert_int_equal(store_begin(w->store, &err), -1);
        assert_int_equal(err.class, ERR_TEMP);
        OK(store_commit(client, &err));
        after = store_data_version(w->store);
        assert_true(before >= 0 && after >= 0 && after != before);

        OK(store_snapshot(client, &err));
        OK(store_meta_get(client, "a", &value, &err));
        free(value);
        OK(store_begin(w->store, &err));
        OK(store_meta_set(w->store, "a", "keeper", &err));
        OK(store_commit(w->store, &err));
        OK(store_meta_get(client, "a", &value, &err));
        assert_string_equal(value, "client"); /* of the moment of the snapshot */
        free(value);
        store_rollback(client);
        OK(store_meta_get(client, "a", &value, &err));
        assert_string_equal(value, "keeper");
        free(value);
        store_close(client);
}

static void test_events(void **state)
{
        struct world *w = *state;
        struct str_list ids, json;

        OK(store_begin(w->store, &err));
        OK(store_event_put(w->store, "b", "{\"b\":1}", 1, &err));
        OK(store_event_put(w->store, "a", "{\"a\":1}", 1, &err));
        OK(store_event_put(w->store, "a", "{\"a\":2}", 2, &err));
        OK(store_commit(w->store, &err));
        OK(store_event_list(w->store, &ids, &json, &err));
        assert_int_equal(ids.count, 2);
        assert_string_equal(ids.items[0], "a");
        assert_string_equal(json.items[0], "{\"a\":2}");
        assert_string_equal(json.items[1], "{\"b\":1}");
        str_list_free(&ids);
        str_list_free(&json);
}

/* The child writes until it says so, then dies without a word. */
static void die_while_writing(const char *path, bool commit)
{
        int ready[2];
        char byte;
        pid_t child;

        assert_int_equal(pipe(ready), 0);
        child = fork();
        if (child == 0) {
                struct store *store;
                bool fine =
                    store_open(path, STORE_KEEPER, &store, NULL) == 0 && store_begin(store, NULL) == 0;

                for (uint32_t uid = 1; fine && uid <= 500; uid++) {
                        struct store_message message = a_message(uid);

                        fine = store_message_add(store, &message, "raw", 3, NULL, NULL) == 0;
                }
                if (fine && commit)
                        fine = store_commit(store, NULL) == 0;
                if (fine && write(ready[1], "!", 1) == 1)
                        pause();
                _exit(1);
        }
        close(ready[1]);
        assert_int_equal(read(ready[0], &byte, 1), 1);
        close(ready[0]);
        kill(child, SIGKILL);
        assert_int_equal(waitpid(child, NULL, 0), child);
}

static void test_killed(void **state)
{
        struct world *w = *state;
        struct store_balance balance;

        store_close(w->store);
        w->store = NULL;
        die_while_writing(w->path, false);
        OK(store_open(w->path, STORE_KEEPER, &w->store, &err)); /* the lock died with its owner */
        OK(store_balance(w->store, &balance, &err));
        assert_int_equal(balance.fetched, 0);
        store_close(w->store);
        w->store = NULL;
        die_while_writing(w->path, true);
        OK(store_open(w->path, STORE_KEEPER, &w->store, &err));
        OK(store_balance(w->store, &balance, &err));
        assert_int_equal(balance.fetched, 500);
}

static int number_of(const char *path, const char *sql)
{
        sqlite3 *db;
        sqlite3_stmt *stmt;
        int number = -1;

        assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
        if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) == SQLITE_OK && sqlite3_step(stmt) == SQLITE_ROW)
                number = sqlite3_column_int(stmt, 0);
        sqlite3_finalize(stmt);
        sqlite3_close(db);
        return number;
}

static int raise_to(const char *path, const struct migration *migrations, size_t count)
{
        sqlite3 *db;
        int result;

        assert_int_equal(sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
        result = schema_raise(db, path, migrations, count, &err);
        sqlite3_close(db);
        return result;
}

/* All that this program knows, and one more. */
static int raise_with(const char *path, const char *sql)
{
        struct migration all[64];

        assert_true(schema_migration_count < 64);
        memcpy(all, schema_migrations, schema_migration_count * sizeof *all);
        all[schema_migration_count] = (struct migration){ (int)schema_migration_count + 1, sql };
        return raise_to(path, all, schema_migration_count + 1);
}

static void test_migration(void **state)
{
        static const char good[] = "ALTER TABLE meta ADD COLUMN note TEXT; UPDATE meta SET note = 'moved';";
        static const char bad[] = "ALTER TABLE meta ADD COLUMN note TEXT; UPDATE no_such_table SET a = 1;";
        static const char loose[] = "INSERT INTO scan VALUES (1, 1); INSERT INTO counter VALUES"
                                    " ('nobody', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);";
        const int now = (int)schema_migration_count, next = now + 1;
        struct world *w = *state;
        struct store *store = NULL;
        struct stat info;
        char copy[128], version[32];

        OK(store_begin(w->store, &err));
        OK(store_meta_set(w->store, "since", "2012", &err));
        OK(store_commit(w->store, &err));
        store_close(w->store);
        w->store = NULL;
        snprintf(version, sizeof version, "version %d", next);

        assert_int_equal(raise_with(w->path, bad), -1); /* whole or not at all */
        assert_non_null(strstr(err.text, version));
        assert_int_equal(number_of(w->path, "PRAGMA user_version"), now);
        assert_int_equal(number_of(w->path, "SELECT count(*) FROM pragma_table_info('meta')"), 2);

        assert_int_equal(raise_with(w->path, loose), -1);
        assert_non_null(strstr(err.text, "point nowhere"));
        assert_int_equal(number_of(w->path, "SELECT count(*) FROM scan"), 0);

        OK(raise_with(w->path, good));
        assert_int_equal(number_of(w->path, "PRAGMA user_version"), next);
        assert_int_equal(number_of(w->path, "SELECT count(*) FROM meta WHERE note = 'moved'"), 1);
        snprintf(copy, sizeof copy, "%s.before-v%d", w->path, next);
        assert_int_equal(stat(copy, &info), 0);
        assert_int_equal(info.st_mode & 0777, 0600);
        assert_int_equal(number_of(copy, "PRAGMA user_version"), now);
        assert_int_equal(number_of(copy, "SELECT value FROM meta"), 2012);

        for (int role = STORE_KEEPER; role <= STORE_LOOK; role++) { /* newer than this program */
                assert_int_equal(store_open(w->path, (enum store_role)role, &store, &err), -1);
                assert_int_equal(err.class, ERR_PERM);
                assert_non_null(strstr(err.text, version));
        }
}

/* A store as that version left it, in the place of the world's own. */
static void go_back_to(struct world *w, int version, const char *sql)
{
        sqlite3 *db;

        store_close(w->store);
        w->store = NULL;
        assert_int_equal(unlink(w->path), 0);
        assert_int_equal(
            sqlite3_open_v2(w->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), SQLITE_OK);
        OK(schema_raise(db, w->path, schema_migrations, (size_t)version, &err));
        assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
        sqlite3_close(db);
}

/* Letters that were being tried go on where they were. */
static void test_letters_of_version_1(void **state)
{
        struct world *w = *state;
        struct store_letter_list list;

        go_back_to(w, 1,
            "INSERT INTO letter VALUES (1, 'accepted', 'a@example.org', 'a@x', NULL, NULL, NULL, NULL, "
            "'queued',"
            " 0, 0, 3, 0, 100, 2000, NULL, 'busy'), (2, 'accepted', 'b@example.org', 'b@x', NULL, NULL, NULL,"
            " NULL, 'queued', 0, 0, 0, 0, 900, 900, NULL, '')");
        OK(store_open(w->path, STORE_KEEPER, &w->store, &err));
        OK(store_letter_list(w->store, &list, &err));
        assert_int_equal(list.count, 2);
        assert_int_equal(list.items[0].refusals, 3);
        assert_int_equal(list.items[0].tried_at, 100);
        assert_int_equal(list.items[1].refusals, 0);
        assert_true(list.items[1].tried_at == ZONE_NO_TIME);
        store_letter_list_free(&list);
}

/* What came back was not kept before version 4. */
static void test_bounces_of_version_3(void **state)
{
        struct world *w = *state;
        struct store_bounce_list bounces;
        char *value = NULL;

        go_back_to(w, 3, "INSERT INTO meta VALUES ('since', '2012')");
        OK(store_open(w->path, STORE_KEEPER, &w->store, &err));
        OK(store_meta_get(w->store, "since", &value, &err));
        assert_string_equal(value, "2012");
        OK(store_bounce_list(w->store, 0, &bounces, &err));
        assert_int_equal(bounces.count, 0);
        free(value);
}

static void test_older_for_client(void **state)
{
        struct world *w = *state;
        sqlite3 *db;

        assert_int_equal(sqlite3_open_v2(w->path, &db, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
        assert_int_equal(schema_check(db, (int)schema_migration_count + 1, &err), -1);
        assert_int_equal(err.class, ERR_PERM);
        assert_non_null(strstr(err.text, "start zapisyd once"));
        OK(schema_check(db, (int)schema_migration_count, &err));
        sqlite3_close(db);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_new, world_end)

int main(void)
{
        const struct CMUnitTest tests[] = {
                WITH_WORLD(test_created_private),
                cmocka_unit_test(test_folder_missing),
                WITH_WORLD(test_second_keeper),
                WITH_WORLD(test_missing_store),
                WITH_WORLD(test_foreign_file),
                WITH_WORLD(test_look_changes_nothing),
                WITH_WORLD(test_transactions),
                WITH_WORLD(test_two_writers),
                WITH_WORLD(test_events),
                WITH_WORLD(test_killed),
                WITH_WORLD(test_migration),
                WITH_WORLD(test_letters_of_version_1),
                WITH_WORLD(test_bounces_of_version_3),
                WITH_WORLD(test_older_for_client),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
