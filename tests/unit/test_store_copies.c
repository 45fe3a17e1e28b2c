/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: store core base */
/* Copies of letters: due, tried again, given up. */
#include "store_world.h"

#include "store/internal.h"

static int64_t a_sent_letter(struct world *w, int number)
{
        char id[32];
        struct store_letter letter = { .kind = LETTER_ACCEPTED,
                .to = (char *)(uintptr_t) "a@example.org",
                .message_id = id,
                .state = LETTER_SENT,
                .sent_at = 100,
                .last_error = (char *)(uintptr_t) "",
                .bytes = (char *)(uintptr_t) "x",
                .size = 1 };

        snprintf(id, sizeof id, "%d@example.org", number);
        OK(store_letter_add(w->store, &letter, &err));
        return letter.id;
}

static void test_due_in_the_order_of_sending(void **state)
{
        struct world *w = *state;
        struct store_copy due[8];
        int64_t ids[4], at, last;
        size_t count;

        assert_int_equal(OK(store_copy_next_at(w->store, &at, &err)), 0);
        OK(store_copy_last(w->store, &last, &err));
        assert_int_equal(last, 0);
        OK(store_begin(w->store, &err));
        for (int i = 0; i < 4; i++)
                ids[i] = a_sent_letter(w, i);
        for (int i = 3; i >= 0; i--)
                OK(store_copy_add(w->store, ids[i], 1000 - i, &err));
        OK(store_copy_add(w->store, ids[0], 5000, &err)); /* sent twice: one copy */
        OK(store_copy_due(w->store, 998, 8, due, &count, &err));
        assert_int_equal(count, 2);
        OK(store_copy_due(w->store, 2000, 8, due, &count, &err));
        assert_int_equal(count, 4);
        for (int i = 0; i < 4; i++)
                assert_int_equal(due[i].letter, ids[3 - i]);
        OK(store_copy_last(w->store, &last, &err));
        assert_int_equal(last, due[3].id);

        due[0].tries = 1; /* one that failed comes after those that were not tried */
        due[0].next_at = 1500;
        OK(store_copy_settle(w->store, &due[0], &err));
        due[1].state = COPY_DONE;
        OK(store_copy_settle(w->store, &due[1], &err));
        OK(store_copy_due(w->store, 2000, 2, due, &count, &err));
        assert_int_equal(count, 2);
        assert_int_equal(due[0].letter, ids[1]);
        assert_int_equal(due[1].letter, ids[0]);
        OK(store_copy_due(w->store, 2000, 8, due, &count, &err));
        assert_int_equal(count, 3);
        assert_int_equal(due[2].letter, ids[3]);
        assert_int_equal(due[2].tries, 1);
        assert_int_equal(OK(store_copy_next_at(w->store, &at, &err)), 1);
        assert_int_equal(at, 999);
        OK(store_commit(w->store, &err));
}

static void test_given_up(void **state)
{
        struct world *w = *state;
        struct store_copy copy;
        int64_t old, fresh;
        int count;

        OK(store_begin(w->store, &err));
        old = a_sent_letter(w, 1);
        fresh = a_sent_letter(w, 2);
        OK(store_copy_add(w->store, old, 100, &err));
        OK(store_copy_add(w->store, fresh, 200, &err));
        OK(store_copy_give_up(w->store, 200, &count, &err));
        assert_int_equal(count, 1);
        OK(store_copy_give_up(w->store, 200, &count, &err));
        assert_int_equal(count, 0);
        OK(store_commit(w->store, &err));
        assert_int_equal(OK(store_copy_get(w->store, old, &copy, &err)), 1);
        assert_string_equal(store_copy_state_name(copy.state), "failed");
        assert_int_equal(OK(store_copy_get(w->store, fresh, &copy, &err)), 1);
        assert_string_equal(store_copy_state_name(copy.state), "due");
        assert_int_equal(OK(store_copy_get(w->store, 99, &copy, &err)), 0);
}

/* A store from before there were copies: letters that went out then have none, later ones do. */
static void test_raised_from_before(void **state)
{
        struct world *w = *state;
        struct store_copy copy;
        int64_t old = 0;
        sqlite3 *db;

        store_close(w->store);
        w->store = NULL;
        assert_int_equal(unlink(w->path), 0);
        assert_int_equal(
            sqlite3_open_v2(w->path, &db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL), SQLITE_OK);
        OK(schema_raise(db, w->path, schema_migrations, 2, &err));
        assert_int_equal(sqlite3_exec(db,
                             "INSERT INTO letter VALUES (7, 'accepted', 'a@x', 'a@x', NULL, NULL, NULL, NULL,"
                             " 'sent', 0, 0, 1, 0, 100, 100, 200, '', 0, 100);"
                             "INSERT INTO letter_bytes VALUES (7, x'61');",
                             NULL, NULL, NULL),
            SQLITE_OK);
        sqlite3_close(db);
        OK(store_open(w->path, STORE_KEEPER, &w->store, &err));
        OK(store_copy_last(w->store, &old, &err));
        assert_int_equal(old, 0);
        assert_int_equal(OK(store_copy_get(w->store, 7, &copy, &err)), 0);
        OK(store_begin(w->store, &err));
        OK(store_copy_add(w->store, 7, 300, &err));
        OK(store_commit(w->store, &err));
        assert_int_equal(OK(store_copy_get(w->store, 7, &copy, &err)), 1);
        assert_int_equal(copy.at, 300);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_due_in_the_order_of_sending, world_new, world_end),
                cmocka_unit_test_setup_teardown(test_given_up, world_new, world_end),
                cmocka_unit_test_setup_teardown(test_raised_from_before, world_new, world_end),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
