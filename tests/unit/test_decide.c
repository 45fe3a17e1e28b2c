/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/decide.h"
#include "core/event.h"
#include "core/mail.h"
#include "core/zone.h"

enum { DEADLINE = 1000000, STARTS = 2000000, ENDS = 3000000 };

static struct event plain(void)
{
        return (struct event){ .seats = 30,
                .waitlist = 20,
                .deadline = DEADLINE,
                .starts = STARTS,
                .promote_until = STARTS,
                .ends = ENDS };
}

static struct standing nobody(void)
{
        return (struct standing){ .quota_seats = -1 };
}

static struct claim good(void)
{
        return (struct claim){ .counted_at = DEADLINE - 5, .clock_conflict = ZONE_NO_TIME };
}

static void expect(const struct event *event, const struct standing *now, const struct claim *claim,
    enum status status, enum place place, enum decide_rule rule, enum decide_rule place_rule)
{
        struct decision d;

        decide(event, now, claim, &d);
        assert_string_equal(status_name(d.status), status_name(status));
        assert_string_equal(place_name(d.place), place_name(place));
        assert_string_equal(rule_text(d.rule), rule_text(rule));
        assert_string_equal(rule_text(d.place_rule), rule_text(place_rule));
}

static void seats(void **state)
{
        struct event event = plain();
        struct standing now = nobody();
        struct claim claim = good();

        (void)state;
        expect(&event, &now, &claim, STATUS_ACCEPTED, PLACE_SEAT, RULE_SEAT_FREE, RULE_SEAT_FREE);
        now.seats_taken = 29;
        expect(&event, &now, &claim, STATUS_ACCEPTED, PLACE_SEAT, RULE_SEAT_FREE, RULE_SEAT_FREE);
        now.seats_taken = 30;
        expect(&event, &now, &claim, STATUS_WAITLISTED, PLACE_WAITING, RULE_ROOM_FULL, RULE_ROOM_FULL);
        now.waiting = 20;
        expect(&event, &now, &claim, STATUS_REFUSED, PLACE_NONE, RULE_ROOM_FULL, RULE_ROOM_FULL);
        event.waitlist = -1;
        expect(&event, &now, &claim, STATUS_WAITLISTED, PLACE_WAITING, RULE_ROOM_FULL, RULE_ROOM_FULL);
        event.waitlist = 0;
        expect(&event, &now, &claim, STATUS_REFUSED, PLACE_NONE, RULE_ROOM_FULL, RULE_ROOM_FULL);
}

static void quotas(void **state)
{
        struct event event = plain();
        struct standing now = nobody();
        struct claim claim = good();

        (void)state;
        now.quota_seats = 10;
        now.quota_taken = 9;
        expect(&event, &now, &claim, STATUS_ACCEPTED, PLACE_SEAT, RULE_SEAT_FREE, RULE_SEAT_FREE);
        now.quota_taken = 10;
        expect(&event, &now, &claim, STATUS_WAITLISTED, PLACE_WAITING, RULE_QUOTA_FULL, RULE_QUOTA_FULL);
        now = nobody();
        now.organisation_seats = 2;
        expect(&event, &now, &claim, STATUS_ACCEPTED, PLACE_SEAT, RULE_SEAT_FREE, RULE_SEAT_FREE);
        event.per_organisation = 2;
        expect(&event, &now, &claim, STATUS_WAITLISTED, PLACE_WAITING, RULE_ORGANISATION_FULL,
            RULE_ORGANISATION_FULL);
}

static void deadline(void **state)
{
        struct event event = plain();
        struct standing now = nobody();
        struct claim claim = good();

        (void)state;
        claim.counted_at = DEADLINE;
        expect(&event, &now, &claim, STATUS_ACCEPTED, PLACE_SEAT, RULE_SEAT_FREE, RULE_SEAT_FREE);
        claim.counted_at = DEADLINE + 1;
        claim.required_missing = true;
        expect(&event, &now, &claim, STATUS_LATE, PLACE_NONE, RULE_LATE, RULE_LATE);
        claim.required_missing = false;
        event.late_waitlist = true;
        expect(&event, &now, &claim, STATUS_WAITLISTED, PLACE_WAITING, RULE_LATE_WAITS, RULE_LATE_WAITS);
        claim.required_unsure = true;
        expect(&event, &now, &claim, STATUS_LATE, PLACE_NONE, RULE_LATE, RULE_LATE);
        claim.required_unsure = false;
        now.waiting = 20;
        expect(&event, &now, &claim, STATUS_LATE, PLACE_NONE, RULE_LATE, RULE_ROOM_FULL);
        claim.counted_at = ENDS + 1;
        expect(&event, &now, &claim, STATUS_LATE, PLACE_NONE, RULE_AFTER_END, RULE_AFTER_END);
}

static void clocks(void **state)
{
        struct event event = plain();
        struct standing now = nobody();
        struct claim claim = good();

        (void)state;
        claim.clock_conflict = DEADLINE + 700;
        expect(&event, &now, &claim, STATUS_HELD, PLACE_SEAT, RULE_CLOCK_CONFLICT, RULE_SEAT_FREE);
        claim.clock_conflict = DEADLINE - 5000;
        expect(&event, &now, &claim, STATUS_ACCEPTED, PLACE_SEAT, RULE_SEAT_FREE, RULE_SEAT_FREE);
        claim.counted_at = DEADLINE + 1;
        expect(&event, &now, &claim, STATUS_HELD, PLACE_SEAT, RULE_CLOCK_CONFLICT, RULE_SEAT_FREE);
        claim.clock_conflict = DEADLINE + 5000;
        expect(&event, &now, &claim, STATUS_LATE, PLACE_NONE, RULE_LATE, RULE_LATE);
}

static void order_of_reasons(void **state)
{
        struct event event = plain();
        struct standing now = nobody();
        struct claim claim = good();

        (void)state;
        claim.consent_refused = true;
        expect(
            &event, &now, &claim, STATUS_INCOMPLETE, PLACE_NONE, RULE_CONSENT_REFUSED, RULE_CONSENT_REFUSED);
        claim.required_missing = true;
        expect(&event, &now, &claim, STATUS_INCOMPLETE, PLACE_NONE, RULE_MISSING, RULE_MISSING);
        claim.required_unsure = true;
        expect(&event, &now, &claim, STATUS_HELD, PLACE_SEAT, RULE_UNSURE, RULE_SEAT_FREE);
        claim.unreadable = true;
        claim.why = RULE_PROTECTED;
        expect(&event, &now, &claim, STATUS_HELD, PLACE_SEAT, RULE_PROTECTED, RULE_SEAT_FREE);
        claim.unconfirmed = true;
        expect(&event, &now, &claim, STATUS_HELD, PLACE_NONE, RULE_UNCONFIRMED, RULE_UNCONFIRMED);
}

static void held_bounds(void **state)
{
        struct event event = plain();
        struct standing now = nobody();
        struct claim claim = good();

        (void)state;
        assert_int_equal(decide_held_bound(30), 6);
        assert_int_equal(decide_held_bound(9), 1);
        assert_int_equal(decide_held_bound(3), 1);
        claim.unreadable = true;
        claim.why = RULE_UNREADABLE;
        now.held_seats = now.seats_taken = 5;
        now.held_seats_of_sender = 1;
        expect(&event, &now, &claim, STATUS_HELD, PLACE_SEAT, RULE_UNREADABLE, RULE_SEAT_FREE);
        now.held_seats = 6;
        expect(&event, &now, &claim, STATUS_HELD, PLACE_NONE, RULE_UNREADABLE, RULE_HELD_BOUND);
        now.held_seats = 2;
        now.held_seats_of_sender = 2;
        expect(&event, &now, &claim, STATUS_HELD, PLACE_NONE, RULE_UNREADABLE, RULE_HELD_BOUND);
        now = nobody();
        now.seats_taken = 30;
        expect(&event, &now, &claim, STATUS_HELD, PLACE_WAITING, RULE_UNREADABLE, RULE_ROOM_FULL);
        now.waiting = 20;
        expect(&event, &now, &claim, STATUS_HELD, PLACE_NONE, RULE_UNREADABLE, RULE_ROOM_FULL);
}

static void promotion(void **state)
{
        struct event event = plain();
        struct standing now = nobody();
        enum decide_rule rule = RULE_COUNT;

        (void)state;
        assert_true(decide_promote(&event, &now, STARTS, &rule));
        assert_int_equal(rule, RULE_PROMOTED);
        assert_false(decide_promote(&event, &now, STARTS + 1, &rule));
        assert_int_equal(rule, RULE_PROMOTION_OVER);
        now.seats_taken = 30;
        assert_false(decide_promote(&event, &now, STARTS, &rule));
        assert_int_equal(rule, RULE_ROOM_FULL);
        now.seats_taken = 29;
        now.quota_seats = now.quota_taken = 4;
        assert_false(decide_promote(&event, &now, STARTS, &rule));
        assert_int_equal(rule, RULE_QUOTA_FULL);
        event.promotion = (char[]){ "manual" };
        assert_false(decide_promote(&event, &now, STARTS, &rule));
        assert_int_equal(rule, RULE_COORDINATOR);
}

static void words(void **state)
{
        enum status status = STATUS_COUNT;
        enum place place = PLACE_NONE;
        enum channel channel = CHANNEL_EMAIL;

        (void)state;
        for (int i = 0; i < STATUS_COUNT; i++) {
                assert_int_equal(status_parse(status_name((enum status)i), &status), 0);
                assert_int_equal(status, i);
        }
        assert_int_equal(status_parse("Accepted", &status), -1);
        assert_int_equal(place_parse("waiting", &place), 0);
        assert_int_equal(place, PLACE_WAITING);
        assert_int_equal(channel_parse("in-person", &channel), 0);
        assert_int_equal(channel, CHANNEL_IN_PERSON);
        assert_int_equal(channel_parse("pigeon", &channel), -1);
        for (int i = 0; i < RULE_COUNT; i++)
                assert_true(strlen(rule_text((enum decide_rule)i)) > 10);
}

/* ---- From a reading to a claim */

static struct field fields[] = {
        { .key = (char[]){ "name" }, .type = FIELD_NAME, .required = true },
        { .key = (char[]){ "diet" }, .type = FIELD_TEXT },
        { .key = (char[]){ "consent" }, .type = FIELD_CONSENT, .required = true },
        { .key = (char[]){ "news" }, .type = FIELD_CONSENT },
};

static struct reading_value sure(char *value)
{
        return (struct reading_value){ .value = value, .confidence = 0.8 };
}

static void claims(void **state)
{
        struct event event = plain();
        char name[] = "Jan Kowalski", yes[] = "yes", no[] = "no";
        struct reading_value values[4] = { sure(name), { 0 }, sure(yes), sure(no) };
        struct person person = { values };
        struct str_list missing = { 0 }, unsure = { 0 };
        struct claim claim;

        (void)state;
        event.form = (struct form){ fields, 4 };
        decide_claim(&event, &person, 0.8, 5, &claim, NULL, NULL);
        assert_int_equal(claim.counted_at, 5);
        assert_true(claim.clock_conflict == ZONE_NO_TIME);
        assert_false(claim.required_unsure || claim.required_missing || claim.consent_refused);
        values[0].confidence = 0.79;
        values[1] = (struct reading_value){ .value = name, .confidence = 0.1 };
        values[2].value = no;
        decide_claim(&event, &person, 0.8, 5, &claim, &missing, &unsure);
        assert_true(claim.required_unsure && claim.consent_refused && !claim.required_missing);
        assert_int_equal(missing.count, 1);
        assert_string_equal(missing.items[0], "consent");
        assert_int_equal(unsure.count, 2);
        assert_string_equal(unsure.items[1], "diet");
        str_list_free(&missing);
        str_list_free(&unsure);
        values[0].value = NULL;
        values[2].confidence = 0.2;
        decide_claim(&event, &person, 0.8, 5, &claim, &missing, &unsure);
        assert_true(claim.required_unsure && !claim.consent_refused && claim.required_missing);
        assert_string_equal(missing.items[0], "name");
        str_list_free(&missing);
        str_list_free(&unsure);
}

/* ---- Which instant counts */

static void instants(void **state)
{
        char ours[] = "mx.rcwip.example", other[] = "out.example.org", inner[] = "imap.rcwip.example";
        struct mail_received lines[] = { { inner, 1000 }, { ours, ZONE_NO_TIME }, { ours, 900 },
                { other, 500 }, { ours, 100 } };
        struct mail mail = { .received = lines, .received_count = 5 };
        struct str_list none = { 0 }, trusted = { 0 };
        int64_t conflict = 0;

        (void)state;
        assert_int_equal(decide_counted_at(&mail, 1010, &none, &conflict), 1010);
        assert_true(conflict == ZONE_NO_TIME);
        str_list_add(&trusted, "MX.rcwip.example");
        /* The topmost line is not ours: nothing below it counts. */
        assert_int_equal(decide_counted_at(&mail, 1010, &trusted, &conflict), 1010);
        str_list_add(&trusted, "imap.rcwip.example");
        assert_int_equal(decide_counted_at(&mail, 1010, &trusted, &conflict), 900);
        assert_true(conflict == ZONE_NO_TIME);
        assert_int_equal(decide_counted_at(&mail, 1500, &trusted, &conflict), 900);
        assert_true(conflict == ZONE_NO_TIME);
        assert_int_equal(decide_counted_at(&mail, 1501, &trusted, &conflict), 900);
        assert_int_equal(conflict, 1501);
        assert_int_equal(decide_counted_at(&mail, ZONE_NO_TIME, &trusted, &conflict), 900);
        assert_true(conflict == ZONE_NO_TIME);
        mail.received_count = 0;
        assert_int_equal(decide_counted_at(&mail, 1501, &trusted, &conflict), 1501);
        str_list_free(&trusted);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(seats), cmocka_unit_test(quotas),
                cmocka_unit_test(deadline), cmocka_unit_test(clocks), cmocka_unit_test(order_of_reasons),
                cmocka_unit_test(held_bounds), cmocka_unit_test(promotion), cmocka_unit_test(words),
                cmocka_unit_test(claims), cmocka_unit_test(instants) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
