/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: store core base */
/* Messages and letters. */
#include "store_world.h"

#define TEXT(literal) ((char *)(uintptr_t)(literal))

static void test_message_round_trip(void **state)
{
        struct world *w = *state;
        struct store_message in = a_message(5), out;
        char *raw;
        size_t size;

        in.message_id = TEXT("a@example.org");
        in.sender = TEXT("Jan@example.org");
        in.event = TEXT("model");
        in.received_at = 900;
        OK(store_begin(w->store, &err));
        OK(store_message_add(w->store, &in, "a\0b", 3, "{}", &err));
        OK(store_commit(w->store, &err));
        assert_true(in.id > 0);
        assert_int_equal(OK(store_message_get(w->store, in.id, &out, &err)), 1);
        assert_int_equal(out.uidvalidity, 7);
        assert_int_equal(out.uid, 5);
        assert_true(out.has_key && out.has_sha);
        assert_memory_equal(out.key, in.key, STORE_HASH);
        assert_memory_equal(out.sha256, in.sha256, STORE_HASH);
        assert_string_equal(out.message_id, "a@example.org");
        assert_string_equal(out.sender, "Jan@example.org");
        assert_string_equal(out.event, "model");
        assert_string_equal(out.reason, "");
        assert_int_equal(out.class, CLASS_FORM);
        assert_false(out.decided);
        assert_true(out.date == ZONE_NO_TIME);
        assert_int_equal(out.received_at, 900);
        assert_int_equal(out.counted_at, 1005);
        assert_int_equal(out.refs.count, 0);
        store_message_free(&out);
        assert_int_equal(OK(store_message_raw(w->store, in.id, &raw, &size, &err)), 1);
        assert_int_equal(size, 3);
        assert_memory_equal(raw, "a\0b", 3);
        free(raw);
        assert_int_equal(OK(store_message_get(w->store, 99, &out, &err)), 0);
        assert_int_equal(OK(store_message_raw(w->store, 99, &raw, &size, &err)), 0);
}

static int64_t find(struct world *w, const struct store_message *like)
{
        int64_t id = 0;

        return OK(store_message_find(w->store, like, &id, &err)) ? id : 0;
}

static void test_found_after_renumbering(void **state)
{
        struct world *w = *state;
        struct store_message first = a_message(1), second = a_message(2), like;

        second.has_key = false; /* a mail without Message-ID */
        OK(store_begin(w->store, &err));
        OK(store_message_add(w->store, &first, NULL, 0, NULL, &err));
        OK(store_message_add(w->store, &second, NULL, 0, NULL, &err));
        OK(store_commit(w->store, &err));

        like = (struct store_message){ .uidvalidity = 7, .uid = 1 };
        assert_int_equal(find(w, &like), first.id); /* by place */
        like = first;
        like.uidvalidity = 8;
        like.uid = 77;
        like.has_sha = false;
        assert_int_equal(find(w, &like), first.id); /* by key */
        like = second;
        like.uidvalidity = 8;
        like.uid = 78;
        assert_int_equal(find(w, &like), second.id); /* by its bytes */
        like = a_message(3);
        assert_int_equal(find(w, &like), 0);

        OK(store_begin(w->store, &err));
        OK(store_message_moved(w->store, first.id, 8, 77, &err));
        OK(store_message_moved(w->store, first.id, 8, 77, &err)); /* twice is once */
        assert_int_equal(store_message_moved(w->store, second.id, 8, 77, &err), -1);
        assert_int_equal(err.class, ERR_BUG);
        OK(store_commit(w->store, &err));
        like = (struct store_message){ .uidvalidity = 8, .uid = 77 };
        assert_int_equal(find(w, &like), first.id);
        like = (struct store_message){ .uidvalidity = 7, .uid = 1 };
        assert_int_equal(find(w, &like), first.id); /* the old place is still its own */
        OK(store_message_get(w->store, first.id, &like, &err));
        assert_int_equal(like.uidvalidity, 8);
        assert_int_equal(like.uid, 77);
        store_message_free(&like);
}

static void test_same_place_twice(void **state)
{
        struct world *w = *state;
        struct store_message first = a_message(1), second = a_message(1);

        OK(store_begin(w->store, &err));
        OK(store_message_add(w->store, &first, NULL, 0, NULL, &err));
        OK(store_savepoint(w->store, &err));
        assert_int_equal(store_message_add(w->store, &second, NULL, 0, NULL, &err), -1);
        assert_int_equal(err.class, ERR_BUG);
        store_undo(w->store);
        OK(store_commit(w->store, &err));
}

static void test_pending_and_decide(void **state)
{
        struct world *w = *state;
        struct store_message_list list;
        struct str_list json;
        char *raw;
        size_t size;

        OK(store_begin(w->store, &err));
        for (uint32_t uid = 1; uid <= 4; uid++) {
                struct store_message message = a_message(uid);

                message.counted_at = uid == 4 ? 10 : 100; /* 4 arrived first; the others by UID */
                message.message_id = TEXT("m@example.org");
                OK(store_message_add(w->store, &message, "raw", 3, uid == 4 ? "{\"four\":4}" : "{}", &err));
        }
        OK(store_message_pending(w->store, 3, &list, &json, &err));
        assert_int_equal(list.count, 3);
        assert_int_equal(json.count, 3);
        assert_int_equal(list.items[0].uid, 4);
        assert_string_equal(json.items[0], "{\"four\":4}");
        assert_int_equal(list.items[1].uid, 1);
        assert_int_equal(list.items[2].uid, 2);

        list.items[0].decided = list.items[1].decided = true;
        list.items[0].outcome = OUTCOME_REGISTERED;
        list.items[0].kept = true;
        str_list_add(&list.items[0].refs, "MW-BBBB");
        str_list_add(&list.items[0].refs, "MW-AAAA");
        list.items[1].class = CLASS_OTHER; /* private after all: nothing of it stays */
        list.items[1].outcome = OUTCOME_IGNORED;
        list.items[1].marked = true;
        free(list.items[1].message_id);
        list.items[1].message_id = NULL;
        OK(store_message_decide(w->store, &list.items[0], &err));
        OK(store_message_decide(w->store, &list.items[0], &err)); /* refs are replaced, not added */
        OK(store_message_decide(w->store, &list.items[1], &err));
        OK(store_commit(w->store, &err));
        assert_int_equal(OK(store_message_raw(w->store, list.items[0].id, &raw, &size, &err)), 1);
        free(raw);
        assert_int_equal(OK(store_message_raw(w->store, list.items[1].id, &raw, &size, &err)), 0);
        store_message_list_free(&list);
        str_list_free(&json);

        OK(store_message_all(w->store, &list, &err));
        assert_int_equal(list.count, 4);
        assert_int_equal(list.items[3].refs.count, 2);
        assert_string_equal(list.items[3].refs.items[0], "MW-BBBB");
        assert_string_equal(list.items[3].refs.items[1], "MW-AAAA");
        assert_true(list.items[3].decided && list.items[3].outcome == OUTCOME_REGISTERED);
        assert_null(list.items[0].message_id);
        store_message_list_free(&list);
        OK(store_message_pending(w->store, 100, &list, &json, &err));
        assert_int_equal(list.count, 2);
        store_message_list_free(&list);
        str_list_free(&json);
}

static void test_balance_and_marks(void **state)
{
        struct world *w = *state;
        struct store_balance balance;
        uint32_t *uids, uid;
        size_t count;

        OK(store_begin(w->store, &err));
        for (uid = 1; uid <= 6; uid++) {
                struct store_message message = a_message(uid);

                message.decided = uid != 6;
                message.outcome = uid == 5 ? OUTCOME_IGNORED : OUTCOME_REGISTERED;
                message.marked = uid == 5;
                OK(store_message_add(w->store, &message, NULL, 0, NULL, &err));
        }
        OK(store_commit(w->store, &err));
        OK(store_balance(w->store, &balance, &err));
        assert_int_equal(balance.fetched, 6);
        assert_int_equal(balance.in_progress, 1);
        assert_int_equal(balance.outcomes[OUTCOME_REGISTERED], 4);
        assert_int_equal(balance.outcomes[OUTCOME_IGNORED], 1);

        OK(store_message_unmarked(w->store, 7, &uids, &count, &err));
        assert_int_equal(count, 4);
        assert_int_equal(uids[0], 1);
        assert_int_equal(uids[3], 4);
        OK(store_begin(w->store, &err));
        OK(store_message_set_marked(w->store, 7, uids, 3, &err));
        OK(store_commit(w->store, &err));
        free(uids);
        OK(store_message_unmarked(w->store, 7, &uids, &count, &err));
        assert_int_equal(count, 1);
        assert_int_equal(uids[0], 4);
        free(uids);
        OK(store_message_unmarked(w->store, 8, &uids, &count, &err));
        assert_int_equal(count, 0);
        free(uids);

        OK(store_scan_get(w->store, 7, &uid, &err));
        assert_int_equal(uid, 0);
        OK(store_begin(w->store, &err));
        OK(store_scan_set(w->store, 7, 5, &err));
        OK(store_scan_set(w->store, 7, UINT32_MAX, &err));
        OK(store_commit(w->store, &err));
        OK(store_scan_get(w->store, 7, &uid, &err));
        assert_true(uid == UINT32_MAX);
        OK(store_scan_get(w->store, 8, &uid, &err));
        assert_int_equal(uid, 0);
}

/* ---- letters */
static int64_t add_letter(
    struct world *w, const char *message_id, const char *to, enum letter_state state, int64_t queued_at)
{
        struct store_letter letter = {
                .kind = LETTER_DUPLICATE,
                .to = TEXT(to),
                .message_id = TEXT(message_id),
                .ref = TEXT("MW-7K3M"),
                .state = state,
                .counted = true,
                .queued_at = queued_at,
                .next_at = queued_at,
                .sent_at = ZONE_NO_TIME,
                .bytes = TEXT("Subject: x\r\n\r\n"),
                .size = 14,
        };

        OK(store_letter_add(w->store, &letter, &err));
        return letter.id;
}

static void note_bounce(
    struct world *w, int64_t letter, int64_t at, enum bounce_kind kind, enum store_evidence evidence)
{
        const struct store_bounce bounce = {
                .letter = letter, .at = at, .kind = kind, .evidence = evidence, .status = "5.1.1"
        };

        OK(store_bounce_add(w->store, &bounce, &err));
}

static void test_bounces(void **state)
{
        struct world *w = *state;
        struct store_bounce bounce;
        struct store_bounce_list list;
        int64_t first, second;

        OK(store_begin(w->store, &err));
        first = add_letter(w, "1@zapisy", "a@example.org", LETTER_SENT, 100);
        second = add_letter(w, "2@zapisy", "b@example.org", LETTER_SENT, 200);
        note_bounce(w, first, 300, BOUNCE_DELAY, EVIDENCE_VERP);
        note_bounce(w, first, 400, BOUNCE_PERMANENT, EVIDENCE_RETURNED);
        note_bounce(w, first, 500, BOUNCE_TEMPORARY, EVIDENCE_RECIPIENT);
        assert_int_equal(OK(store_bounce_of(w->store, second, &bounce, &err)), 0);
        assert_int_equal(OK(store_bounce_of(w->store, first, &bounce, &err)), 1);
        assert_int_equal(bounce.at, 400); /* what is for ever tells most */
        assert_int_equal(bounce.kind, BOUNCE_PERMANENT);
        assert_int_equal(bounce.evidence, EVIDENCE_RETURNED);
        assert_string_equal(bounce.status, "5.1.1");
        OK(store_bounce_list(w->store, 400, &list, &err));
        assert_int_equal(list.count, 2);
        assert_int_equal(list.items[1].kind, BOUNCE_TEMPORARY);
        store_bounce_list_free(&list);
        OK(store_bounce_forget(w->store, first, &err));
        assert_int_equal(OK(store_bounce_of(w->store, first, &bounce, &err)), 0);
        OK(store_commit(w->store, &err));
}

static void test_letter_sent_to(void **state)
{
        struct world *w = *state;
        struct store_letter letter;

        OK(store_begin(w->store, &err));
        add_letter(w, "1@zapisy", "a@example.org", LETTER_QUEUED, 100);
        assert_int_equal(OK(store_letter_sent_to(w->store, "a@example.org", 0, &letter, &err)), 0);
        assert_int_equal(OK(store_letter_get(w->store, 1, &letter, &err)), 1);
        letter.state = LETTER_SENT;
        letter.sent_at = 150;
        OK(store_letter_settle(w->store, &letter, &err));
        store_letter_free(&letter);
        assert_int_equal(OK(store_letter_sent_to(w->store, "A@example.org", 150, &letter, &err)), 1);
        assert_int_equal(letter.id, 1);
        store_letter_free(&letter);
        assert_int_equal(OK(store_letter_sent_to(w->store, "a@example.org", 151, &letter, &err)), 0);
        OK(store_commit(w->store, &err));
}

static void test_letter_life(void **state)
{
        struct world *w = *state;
        struct store_letter letter;
        struct store_letter_list due;
        int64_t id, second, at = 0;

        assert_int_equal(OK(store_letter_next_at(w->store, &at, &err)), 0);
        OK(store_begin(w->store, &err));
        id = add_letter(w, "1@zapisy", "a@example.org", LETTER_QUEUED, 100);
        second = add_letter(w, "2@zapisy", "b@example.org", LETTER_QUEUED, 200);
        OK(store_commit(w->store, &err));
        assert_int_equal(OK(store_letter_next_at(w->store, &at, &err)), 1);
        assert_int_equal(at, 100);
        OK(store_letter_due(w->store, 150, 10, &due, &err));
        assert_int_equal(due.count, 1);
        assert_int_equal(due.items[0].id, id);
        assert_int_equal(due.items[0].size, 14);
        assert_memory_equal(due.items[0].bytes, "Subject: x\r\n\r\n", 14);
        assert_string_equal(due.items[0].ref, "MW-7K3M");
        assert_null(due.items[0].event);
        store_letter_list_free(&due);
        OK(store_letter_due(w->store, 500, 1, &due, &err));
        assert_int_equal(due.count, 1);
        store_letter_list_free(&due);

        assert_int_equal(OK(store_letter_get(w->store, id, &letter, &err)), 1); /* claimed, then a crash */
        letter.state = LETTER_SENDING;
        letter.attempts = 1;
        OK(store_begin(w->store, &err));
        OK(store_letter_settle(w->store, &letter, &err));
        OK(store_letter_sending(w->store, &due, &err));
        assert_int_equal(due.count, 1);
        assert_int_equal(due.items[0].id, id);
        store_letter_list_free(&due);
        letter.state = LETTER_UNCERTAIN;
        letter.next_at = 900;
        letter.refusals = 3;
        letter.tried_at = 140;
        OK(store_letter_settle(w->store, &letter, &err));
        OK(store_commit(w->store, &err));
        store_letter_free(&letter);
        OK(store_letter_due(w->store, 899, 10, &due, &err));
        assert_int_equal(due.count, 1);
        assert_int_equal(due.items[0].id, second);
        store_letter_list_free(&due);
        OK(store_letter_due(w->store, 900, 10, &due, &err));
        assert_int_equal(due.count, 2);
        assert_int_equal(due.items[0].id, second); /* it waits longer */
        assert_int_equal(due.items[1].state, LETTER_UNCERTAIN);
        assert_int_equal(due.items[1].attempts, 1);
        assert_int_equal(due.items[1].refusals, 3);
        assert_int_equal(due.items[1].tried_at, 140);

        due.items[1].again = true; /* once more by itself, then a person decides */
        due.items[0].state = LETTER_SENT;
        due.items[0].sent_at = 901;
        free(due.items[0].last_error);
        due.items[0].last_error = xstrdup("");
        OK(store_begin(w->store, &err));
        OK(store_letter_settle(w->store, &due.items[0], &err));
        OK(store_letter_settle(w->store, &due.items[1], &err));
        OK(store_commit(w->store, &err));
        store_letter_list_free(&due);
        assert_int_equal(OK(store_letter_next_at(w->store, &at, &err)), 0);
        OK(store_letter_due(w->store, 5000, 10, &due, &err));
        assert_int_equal(due.count, 0);
        store_letter_list_free(&due);
        assert_int_equal(OK(store_letter_get(w->store, second, &letter, &err)), 1);
        assert_int_equal(letter.sent_at, 901);
        store_letter_free(&letter);
        assert_int_equal(OK(store_letter_get(w->store, 99, &letter, &err)), 0);
        letter = (struct store_letter){ .id = 99 };
        OK(store_begin(w->store, &err));
        assert_int_equal(store_letter_settle(w->store, &letter, &err), -1);
        store_rollback(w->store);
}

static void test_letter_lookups(void **state)
{
        struct world *w = *state;
        struct store_message message = a_message(1);
        struct str_list ids = { 0 };
        struct store_letter letter = {
                .kind = LETTER_HELD,
                .to = TEXT("a@example.org"),
                .message_id = TEXT("x@zapisy"),
                .sent_at = ZONE_NO_TIME,
        };
        struct store_letter found;
        struct store_letter_list list;

        OK(store_begin(w->store, &err));
        OK(store_message_add(w->store, &message, NULL, 0, NULL, &err));
        letter.message = message.id;
        OK(store_letter_add(w->store, &letter, &err));
        add_letter(w, "y@zapisy", "a@example.org", LETTER_ON_HOLD, 1);
        OK(store_commit(w->store, &err));
        str_list_add(&ids, "unknown@example.org");
        assert_int_equal(OK(store_letter_by_message_id(w->store, &ids, &found, &err)), 0);
        str_list_add(&ids, "x@zapisy");
        assert_int_equal(OK(store_letter_by_message_id(w->store, &ids, &found, &err)), 1);
        assert_int_equal(found.id, letter.id);
        assert_int_equal(found.kind, LETTER_HELD);
        assert_null(found.bytes);
        store_letter_free(&found);
        str_list_free(&ids);
        assert_int_equal(OK(store_letter_of_message(w->store, message.id, &found, &err)), 1);
        assert_int_equal(found.id, letter.id);
        store_letter_free(&found);
        assert_int_equal(OK(store_letter_of_message(w->store, 99, &found, &err)), 0);
        OK(store_letter_list(w->store, &list, &err));
        assert_int_equal(list.count, 2);
        store_letter_list_free(&list);
        OK(store_letter_on_hold(w->store, &list, &err));
        assert_int_equal(list.count, 1);
        assert_string_equal(list.items[0].message_id, "y@zapisy");
        store_letter_list_free(&list);
}

static void test_caps(void **state)
{
        struct world *w = *state;
        struct store_letter fresh = {
                .kind = LETTER_ACCEPTED,
                .to = TEXT("c@example.org"),
                .message_id = TEXT("f@zapisy"),
                .first_new = true,
                .queued_at = 100,
                .sent_at = ZONE_NO_TIME,
        };
        int counts[LETTER_STATE_COUNT], count;

        OK(store_begin(w->store, &err));
        add_letter(w, "1@zapisy", "a@example.org", LETTER_QUEUED, 100);
        add_letter(w, "2@zapisy", "A@example.org", LETTER_SENT, 50);
        add_letter(w, "3@zapisy", "a@example.org", LETTER_ON_HOLD, 100);
        add_letter(w, "4@zapisy", "a@example.org", LETTER_DROPPED, 100);
        add_letter(w, "5@zapisy", "b@example.org", LETTER_FAILED, 100);
        OK(store_letter_add(w->store, &fresh, &err));
        OK(store_commit(w->store, &err));
        OK(store_letter_counted(w->store, "a@example.org", 100, &count, &err));
        assert_int_equal(count, 1);
        OK(store_letter_counted(w->store, "a@EXAMPLE.org", 0, &count, &err));
        assert_int_equal(count, 2);
        OK(store_letter_counted(w->store, NULL, 0, &count, &err));
        assert_int_equal(count, 3);
        OK(store_letter_first_new(w->store, 100, &count, &err));
        assert_int_equal(count, 1);
        OK(store_letter_first_new(w->store, 101, &count, &err));
        assert_int_equal(count, 0);
        OK(store_letter_kind_since(w->store, "a@example.org", LETTER_DUPLICATE, 100, &count, &err));
        assert_int_equal(count, 2); /* on hold counts: it will leave */
        OK(store_letter_kind_since(w->store, "a@example.org", LETTER_LATE, 0, &count, &err));
        assert_int_equal(count, 0);
        OK(store_letter_states(w->store, counts, &err));
        assert_int_equal(counts[LETTER_QUEUED], 2);
        assert_int_equal(counts[LETTER_DROPPED], 1);
        assert_int_equal(counts[LETTER_SENDING], 0);
        assert_string_equal(store_letter_state_name(LETTER_ON_HOLD), "on-hold");
        assert_string_equal(store_letter_state_name(LETTER_DROPPED), "failed");
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, world_new, world_end)

int main(void)
{
        const struct CMUnitTest tests[] = {
                WITH_WORLD(test_message_round_trip),
                WITH_WORLD(test_found_after_renumbering),
                WITH_WORLD(test_same_place_twice),
                WITH_WORLD(test_pending_and_decide),
                WITH_WORLD(test_balance_and_marks),
                WITH_WORLD(test_bounces),
                WITH_WORLD(test_letter_sent_to),
                WITH_WORLD(test_letter_life),
                WITH_WORLD(test_letter_lookups),
                WITH_WORLD(test_caps),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
