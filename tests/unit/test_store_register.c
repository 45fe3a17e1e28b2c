/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: store core base */
/* Registrations with their counters, history, review, digests and alarms. */
#include "store_world.h"

#include "store/internal.h"

#define TEXT(literal) ((char *)(uintptr_t)(literal))

static int register_world(void **state)
{
        if (world_new(state) < 0)
                return -1;
        put_event(*state, "model");
        return 0;
}

static int64_t add(struct world *w, const char *ref, const char *name, const char *sender, enum status status,
    enum place place, int64_t counted_at)
{
        struct store_registration r =
            a_registration(TEXT(ref), TEXT(name), TEXT(sender), status, place, counted_at);

        OK(store_registration_add(w->store, &r, &err));
        return r.id;
}

static void test_round_trip(void **state)
{
        struct world *w = *state;
        struct store_message message = a_message(1);
        struct store_value values[] = {
                { TEXT("name"), TEXT("Jan Kowalski"), TEXT("form.docx, table 1, row 3"), 0.95 },
                { TEXT("diet"), TEXT("wegetariańska\nbez orzechów"), NULL, 0.5 },
        };
        struct store_registration in = a_registration(TEXT("MW-7K3M"), TEXT("jan kowalski"),
                                      TEXT("jan@example.org"), STATUS_HELD, PLACE_WAITING, 100),
                                  out;

        message.message_id = TEXT("m@example.org");
        in.values = values;
        in.value_count = 2;
        in.rule = RULE_UNSURE;
        in.place_rule = RULE_ROOM_FULL;
        str_list_add(&in.flags, "possible-duplicate");
        str_list_add(&in.flags, "unsure:diet");
        OK(store_begin(w->store, &err));
        OK(store_message_add(w->store, &message, NULL, 0, NULL, &err));
        in.message = message.id;
        OK(store_registration_add(w->store, &in, &err));
        OK(store_commit(w->store, &err));
        assert_int_equal(OK(store_registration_by_ref(w->store, "MW-7K3M", &out, &err)), 1);
        assert_int_equal(out.id, in.id);
        assert_string_equal(out.token, "TOKEN");
        assert_int_equal(out.status, STATUS_HELD);
        assert_int_equal(out.place, PLACE_WAITING);
        assert_int_equal(out.rule, RULE_UNSURE);
        assert_int_equal(out.place_rule, RULE_ROOM_FULL);
        assert_string_equal(out.message_id, "m@example.org");
        assert_int_equal(out.flags.count, 2);
        assert_string_equal(out.flags.items[1], "unsure:diet");
        assert_int_equal(out.value_count, 2);
        assert_string_equal(out.values[0].key, "name");
        assert_string_equal(out.values[0].where, "form.docx, table 1, row 3");
        assert_string_equal(out.values[1].value, "wegetariańska\nbez orzechów");
        assert_true(out.values[1].confidence == 0.5);
        assert_true(out.undeliverable_since == ZONE_NO_TIME);
        assert_int_equal(out.position, 1);
        store_registration_free(&out);
        assert_int_equal(OK(store_registration_get(w->store, in.id, &out, &err)), 1);

        out.value_count = 1; /* the second is taken back */
        out.told = true;
        out.undeliverable_since = 500;
        OK(store_begin(w->store, &err));
        OK(store_registration_update(w->store, &out, &err));
        OK(store_commit(w->store, &err));
        out.value_count = 2;
        store_registration_free(&out);
        OK(store_registration_get(w->store, in.id, &out, &err));
        assert_int_equal(out.value_count, 1);
        assert_true(out.told);
        assert_int_equal(out.undeliverable_since, 500);
        store_registration_free(&out);
        str_list_free(&in.flags);
        assert_int_equal(OK(store_registration_by_ref(w->store, "MW-NONE", &out, &err)), 0);
        assert_int_equal(OK(store_registration_get(w->store, 99, &out, &err)), 0);
}

static void test_refused_rows(void **state)
{
        struct world *w = *state;
        struct store_registration r = a_registration(
            TEXT("MW-7K3M"), TEXT("jan"), TEXT("jan@example.org"), STATUS_ACCEPTED, PLACE_SEAT, 1);

        OK(store_begin(w->store, &err));
        OK(store_registration_add(w->store, &r, &err));
        assert_int_equal(store_registration_add(w->store, &r, &err), -1); /* the ref is taken */
        assert_int_equal(err.class, ERR_BUG);
        r.ref = TEXT("MW-2222");
        r.event = TEXT("unknown");
        assert_int_equal(store_registration_add(w->store, &r, &err), -1);
        r.event = TEXT("model");
        r.message = 99;
        assert_int_equal(store_registration_add(w->store, &r, &err), -1);
        r.id = 99;
        r.message = 0;
        assert_int_equal(store_registration_update(w->store, &r, &err), -1);
        store_rollback(w->store);
}

static void expect(const struct store_registration_list *list, const char *refs)
{
        char found[256] = "";

        for (size_t i = 0; i < list->count; i++) {
                size_t used = strlen(found);

                snprintf(found + used, sizeof found - used, "%s%s", i ? " " : "", list->items[i].ref);
        }
        assert_string_equal(found, refs);
}

static void test_lists(void **state)
{
        struct world *w = *state;
        struct store_message message = a_message(1);
        struct store_registration paper;
        struct store_registration_list list;

        put_event(w, "other");
        OK(store_begin(w->store, &err));
        OK(store_message_add(w->store, &message, NULL, 0, NULL, &err));
        add(w, "MW-1", "jan", "jan@example.org", STATUS_ACCEPTED, PLACE_SEAT, 50);
        add(w, "MW-2", "ala", "ala@example.org", STATUS_WAITLISTED, PLACE_WAITING, 40);
        add(w, "MW-3", "jan", "JAN@example.org", STATUS_CANCELLED, PLACE_NONE, 10);
        add(w, "MW-4", "jan", "office@example.org", STATUS_HELD, PLACE_WAITING, 30);
        add(w, "MW-5", "ewa", "ewa@example.org", STATUS_WAITLISTED, PLACE_WAITING, 40);
        paper = a_registration(TEXT("OT-1"), TEXT("jan"), NULL, STATUS_ACCEPTED, PLACE_SEAT, 5);
        paper.event = TEXT("other");
        paper.message = message.id;
        OK(store_registration_add(w->store, &paper, &err));
        OK(store_commit(w->store, &err));

        OK(store_registration_list(w->store, NULL, -1, &list, &err));
        expect(&list, "MW-3 MW-4 MW-2 MW-5 MW-1 OT-1");
        assert_int_equal(list.items[1].position, 1);
        assert_int_equal(list.items[2].position, 2);
        assert_int_equal(list.items[3].position, 3);
        assert_int_equal(list.items[4].position, 0);
        assert_null(list.items[5].sender);
        store_registration_list_free(&list);
        OK(store_registration_list(w->store, "model", STATUS_WAITLISTED, &list, &err));
        expect(&list, "MW-2 MW-5");
        assert_int_equal(list.items[1].position, 3);
        store_registration_list_free(&list);
        OK(store_registration_waiting(w->store, "model", &list, &err));
        expect(&list, "MW-4 MW-2 MW-5");
        store_registration_list_free(&list);
        OK(store_registration_waiting(w->store, "other", &list, &err));
        expect(&list, "");
        store_registration_list_free(&list);
        OK(store_registration_same(w->store, "model", "jan", "jan@example.org", &list, &err));
        expect(&list, "MW-3 MW-1");
        store_registration_list_free(&list);
        OK(store_registration_named(w->store, "model", "jan", &list, &err));
        expect(&list, "MW-4 MW-3 MW-1");
        store_registration_list_free(&list);
        OK(store_registration_of_message(w->store, message.id, &list, &err));
        expect(&list, "OT-1");
        store_registration_list_free(&list);
}

static void test_standing(void **state)
{
        struct world *w = *state;
        struct standing now;
        struct store_value sector = { TEXT("sector"), TEXT("NGO"), NULL, 1 };
        struct store_registration r =
            a_registration(TEXT("MW-9"), TEXT("iza"), TEXT("iza@example.org"), STATUS_OFFERED, PLACE_SEAT, 1);
        int counts[STATUS_COUNT];

        OK(store_standing(w->store, "model", "a@example.org", "fundacja", "sector", "NGO", &now, &err));
        assert_int_equal(now.seats_taken + now.waiting + now.held_seats + now.organisation_seats, 0);
        OK(store_begin(w->store, &err));
        add(w, "MW-1", "jan", "jan@example.org", STATUS_ACCEPTED, PLACE_SEAT, 1);
        add(w, "MW-2", "ala", "ala@example.org", STATUS_HELD, PLACE_SEAT, 2);
        add(w, "MW-3", "ola", "ola@example.org", STATUS_HELD, PLACE_SEAT, 3);
        add(w, "MW-4", "ewa", "ala@example.org", STATUS_HELD, PLACE_WAITING, 4);
        add(w, "MW-5", "ida", "ida@example.org", STATUS_LATE, PLACE_NONE, 5);
        r.values = &sector;
        r.value_count = 1;
        r.organisation_key = TEXT("gmina");
        OK(store_registration_add(w->store, &r, &err));
        OK(store_commit(w->store, &err));
        OK(store_standing(w->store, "model", "ALA@example.org", "fundacja", "sector", "NGO", &now, &err));
        assert_int_equal(now.seats_taken, 4);
        assert_int_equal(now.waiting, 1);
        assert_int_equal(now.held_seats, 2);
        assert_int_equal(now.held_seats_of_sender, 1);
        assert_int_equal(now.organisation_seats, 3);
        assert_int_equal(now.quota_taken, 1);
        assert_int_equal(now.quota_seats, -1);
        OK(store_standing(w->store, "model", NULL, NULL, NULL, NULL, &now, &err));
        assert_int_equal(now.seats_taken, 4);
        assert_int_equal(now.organisation_seats, 0);
        OK(store_counts(w->store, "model", counts, &err));
        assert_int_equal(counts[STATUS_HELD], 3);
        assert_int_equal(counts[STATUS_LATE], 1);
        OK(store_counts(w->store, "unknown", counts, &err));
        assert_int_equal(counts[STATUS_HELD], 0);
}

/* The counters against the rows, after anything that can happen to rows. */
static void test_counters_stay_right(void **state)
{
        static const enum place places[] = { PLACE_NONE, PLACE_SEAT, PLACE_WAITING };
        struct world *w = *state;
        struct store_registration r;
        bool different;
        char ref[32];
        int64_t count = 0;

        put_event(w, "other");
        srand(20120123);
        OK(store_begin(w->store, &err));
        for (int i = 0; i < 600; i++) {
                enum status status = (enum status)(rand() % STATUS_COUNT);
                enum place place = places[rand() % 3];
                bool undo = rand() % 5 == 0;

                OK(store_savepoint(w->store, &err));
                if (count == 0 || rand() % 2) {
                        snprintf(ref, sizeof ref, "MW-%d", i);
                        r = a_registration(ref, TEXT("jan"), TEXT("jan@example.org"), status, place, i);
                        r.event = TEXT(rand() % 2 ? "model" : "other");
                        OK(store_registration_add(w->store, &r, &err));
                        count += !undo;
                } else if (OK(store_registration_get(w->store, 1 + rand() % count, &r, &err)) == 1) {
                        r.status = status;
                        r.place = place;
                        if (rand() % 4 == 0)
                                memcpy(r.event, "other", sizeof "other");
                        OK(store_registration_update(w->store, &r, &err));
                        store_registration_free(&r);
                }
                if (undo)
                        store_undo(w->store);
                else
                        OK(store_release(w->store, &err));
                if (i % 50 == 0) {
                        OK(store_recount(w->store, &different, &err));
                        assert_false(different);
                }
        }
        OK(store_recount(w->store, &different, &err));
        assert_false(different);
        OK(store_commit(w->store, &err));
}

static void test_counters_put_right(void **state)
{
        struct world *w = *state;
        struct standing now;
        bool different;

        OK(store_begin(w->store, &err));
        add(w, "MW-1", "jan", "jan@example.org", STATUS_ACCEPTED, PLACE_SEAT, 1);
        OK(query_run(w->store, "UPDATE counter SET seats = seats + 1", BIND_NOTHING, &err));
        OK(store_recount(w->store, &different, &err));
        assert_true(different);
        OK(store_recount(w->store, &different, &err));
        assert_false(different);
        OK(store_commit(w->store, &err));
        OK(store_standing(w->store, "model", NULL, NULL, NULL, NULL, &now, &err));
        assert_int_equal(now.seats_taken, 1);
}

static void test_history_and_review(void **state)
{
        struct world *w = *state;
        struct store_message message = a_message(1);
        struct store_history_list history;
        struct store_review_list list;
        struct store_review review = { .created_at = 5, .kind = TEXT("held"), .reason = TEXT("Unsure.") };
        int64_t id, first, second, third;
        bool open;

        message.sender = TEXT("ola@example.org");
        OK(store_begin(w->store, &err));
        OK(store_message_add(w->store, &message, NULL, 0, NULL, &err));
        id = add(w, "MW-1", "jan", "jan@example.org", STATUS_HELD, PLACE_SEAT, 1);
        OK(store_history_add(w->store,
            &(struct store_history){ .at = 1,
                .registration = id,
                .message = message.id,
                .actor = TEXT("mail"),
                .what = TEXT("registered") },
            &err));
        OK(store_history_add(w->store,
            &(struct store_history){ .at = 2,
                .registration = id,
                .actor = TEXT("keeper"),
                .what = TEXT("x"),
                .detail = TEXT("y") },
            &err));
        review.registration = id;
        OK(store_review_add(w->store, &review, &first, &err));
        OK(store_review_add(w->store, &review, &second, &err));
        review = (struct store_review){
                .message = message.id, .kind = TEXT("tie"), .reason = TEXT(""), .event = TEXT("model")
        };
        OK(store_review_add(w->store, &review, &third, &err));
        OK(store_review_add(w->store, &review, NULL, &err));
        OK(store_commit(w->store, &err));

        OK(store_history_of(w->store, id, &history, &err));
        assert_int_equal(history.count, 2);
        assert_string_equal(history.items[0].what, "registered");
        assert_string_equal(history.items[0].detail, "");
        assert_int_equal(history.items[0].message, message.id);
        assert_string_equal(history.items[1].actor, "keeper");
        store_history_list_free(&history);

        OK(store_review_open(w->store, &list, &err));
        assert_int_equal(list.count, 4);
        assert_string_equal(list.items[0].ref, "MW-1");
        assert_string_equal(list.items[0].sender, "jan@example.org");
        assert_null(list.items[0].event);
        assert_null(list.items[2].ref);
        assert_string_equal(list.items[2].sender, "ola@example.org");
        store_review_list_free(&list);
        OK(store_begin(w->store, &err));
        OK(store_review_resolve(w->store, third, 9, "dismissed", &err));
        OK(store_review_resolve_of(w->store, id, "held", 9, "completed", &err));
        assert_int_equal(OK(store_review_get(w->store, first, &review, &open, &err)), 1);
        assert_true(open); /* that kind stays */
        store_review_free(&review);
        OK(store_review_resolve_of(w->store, id, NULL, 9, "completed", &err));
        OK(store_commit(w->store, &err));
        OK(store_review_open(w->store, &list, &err));
        assert_int_equal(list.count, 1);
        store_review_list_free(&list);
        assert_int_equal(OK(store_review_get(w->store, first, &review, &open, &err)), 1);
        assert_false(open);
        assert_string_equal(review.kind, "held");
        store_review_free(&review);
        assert_int_equal(OK(store_review_get(w->store, 99, &review, &open, &err)), 0);
}

static void test_digests_and_alarms(void **state)
{
        struct world *w = *state;
        struct store_alarm_list alarms;
        char *date;
        int64_t at;

        assert_int_equal(OK(store_digest_last(w->store, &date, &at, &err)), 0);
        OK(store_begin(w->store, &err));
        OK(store_alarm_add(w->store, 10, "disk", &err));
        OK(store_alarm_add(w->store, 11, "disk", &err));
        OK(store_alarm_add(w->store, 12, "clock", &err));
        OK(store_digest_add(w->store, "2012-01-20", 20, 0, &err));
        OK(store_alarm_add(w->store, 21, "disk", &err));
        OK(store_alarm_add(w->store, 22, "disk", &err));
        OK(store_savepoint(w->store, &err));
        assert_int_equal(store_digest_add(w->store, "2012-01-20", 21, 0, &err), -1);
        assert_int_equal(err.class, ERR_BUG);
        store_undo(w->store);
        OK(store_digest_add(w->store, "2012-01-21", 30, 0, &err));
        OK(store_commit(w->store, &err));
        assert_int_equal(OK(store_digest_last(w->store, &date, &at, &err)), 1);
        assert_string_equal(date, "2012-01-21");
        assert_int_equal(at, 30);
        free(date);
        OK(store_alarm_list(w->store, 0, &alarms, &err));
        assert_int_equal(alarms.count, 3);
        store_alarm_list_free(&alarms);
        OK(store_alarm_list(w->store, 20, &alarms, &err));
        assert_int_equal(alarms.count, 1);
        assert_int_equal(alarms.items[0].at, 21);
        assert_string_equal(alarms.items[0].text, "disk");
        store_alarm_list_free(&alarms);
}

#define WITH_WORLD(test) cmocka_unit_test_setup_teardown(test, register_world, world_end)

int main(void)
{
        const struct CMUnitTest tests[] = {
                WITH_WORLD(test_round_trip),
                WITH_WORLD(test_refused_rows),
                WITH_WORLD(test_lists),
                WITH_WORLD(test_standing),
                WITH_WORLD(test_counters_stay_right),
                WITH_WORLD(test_counters_put_right),
                WITH_WORLD(test_history_and_review),
                WITH_WORLD(test_digests_and_alarms),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
