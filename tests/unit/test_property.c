/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
/* The promises of PRODUCT.md 2 over random sequences: a small register in memory that does nothing but ask
 * decide() and decide_promote(). Seeds are fixed; a failure names its round. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/decide.h"
#include "core/event.h"
#include "core/zone.h"

enum {
        ROUNDS = 2000,
        MAILS = 70,
        DEADLINE = 1000,
        STARTS = 1300,
        ENDS = 1400,
        LAST = 1500,
        SENDERS = 5,
        ORGANISATIONS = 5,
        GROUPS = 3
};

static uint64_t seed;

static int upto(int n) /* 0 .. n - 1 */
{
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        return (int)(seed % (uint64_t)n);
}

static bool one_in(int n)
{
        return upto(n) == 0;
}

/* ---- Mails: a claim, or news about an earlier one */

enum wish { CLAIM, CANCEL, RESOLVE, COMPLETE };

struct letter {
        enum wish wish;
        int uid, about;                  /* about: uid of an earlier mail */
        int sender, organisation, group; /* group GROUPS: in no quota */
        struct claim claim;
};

static void make_claim(struct letter *m)
{
        m->claim.clock_conflict = one_in(25) ? upto(LAST) : ZONE_NO_TIME;
        m->claim.required_unsure = one_in(8);
        m->claim.required_missing = one_in(10);
        m->claim.consent_refused = one_in(20);
        m->claim.unreadable = one_in(12);
        m->claim.why = RULE_UNREADABLE;
        m->claim.unconfirmed = one_in(25);
}

static void make_mails(struct letter *mails)
{
        for (int i = 0; i < MAILS; i++) {
                struct letter *m = &mails[i];

                *m = (struct letter){ .uid = i + 1,
                        .sender = upto(SENDERS),
                        .organisation = upto(ORGANISATIONS),
                        .group = upto(GROUPS + 1) };
                m->wish = i && one_in(4) ? (enum wish)(1 + upto(3)) : CLAIM;
                m->about = i ? 1 + upto(i) : 0;
                make_claim(m);
                /* Several mails in the same second, some after the deadline, few after the end. */
                m->claim.counted_at =
                    one_in(5) ? DEADLINE + upto(one_in(2) ? 3 : LAST - DEADLINE) : upto(DEADLINE + 1);
        }
}

static int by_time(const void *a, const void *b)
{
        const struct letter *x = a, *y = b;

        if (x->claim.counted_at != y->claim.counted_at)
                return x->claim.counted_at < y->claim.counted_at ? -1 : 1;
        return x->uid - y->uid;
}

/* ---- The register */

struct row {
        int uid, sender, organisation, group;
        struct claim claim;
        enum status status;
        enum place place;
        bool promised; /* was accepted at some time */
};

struct reg {
        struct event event;
        int quotas[GROUPS]; /* -1: none */
        struct row rows[MAILS];
        int count;
};

static void make_settings(struct reg *reg)
{
        *reg = (struct reg){ .event = { .seats = 1 + upto(30),
                                 .deadline = DEADLINE,
                                 .starts = STARTS,
                                 .promote_until = STARTS,
                                 .ends = ENDS } };
        reg->event.waitlist = upto(8) - 1;
        reg->event.late_waitlist = one_in(2);
        reg->event.per_organisation = one_in(2) ? 0 : 1 + upto(4);
        for (int i = 0; i < GROUPS; i++)
                reg->quotas[i] = one_in(2) ? -1 : upto(6);
}

static struct standing standing_of(const struct reg *reg, const struct row *row)
{
        struct standing now = { .quota_seats = row->group < GROUPS ? reg->quotas[row->group] : -1 };

        for (int i = 0; i < reg->count; i++) {
                const struct row *r = &reg->rows[i];

                now.waiting += r->place == PLACE_WAITING;
                if (r->place != PLACE_SEAT)
                        continue;
                now.seats_taken++;
                now.organisation_seats += r->organisation == row->organisation;
                now.quota_taken += r->group == row->group;
                now.held_seats += r->status == STATUS_HELD;
                now.held_seats_of_sender += r->status == STATUS_HELD && r->sender == row->sender;
        }
        return now;
}

static bool is_late(const struct row *row)
{
        return row->claim.counted_at > DEADLINE;
}

/* Order of the waiting line. */
static bool is_before(const struct row *a, const struct row *b)
{
        if (is_late(a) != is_late(b))
                return is_late(b);
        if (a->claim.counted_at != b->claim.counted_at)
                return a->claim.counted_at < b->claim.counted_at;
        return a->uid < b->uid;
}

static bool may_move_up(const struct reg *reg, const struct row *row, int64_t now)
{
        struct standing standing = standing_of(reg, row);
        enum decide_rule rule;

        if (row->place != PLACE_WAITING)
                return false;
        if (row->status == STATUS_HELD && (standing.held_seats >= decide_held_bound(reg->event.seats) ||
                                              standing.held_seats_of_sender >= DECIDE_HELD_A_SENDER))
                return false;
        return decide_promote(&reg->event, &standing, now, &rule);
}

static struct row *first_who_fits(struct reg *reg, int64_t now)
{
        struct row *first = NULL;

        for (int i = 0; i < reg->count; i++)
                if (may_move_up(reg, &reg->rows[i], now) && (!first || is_before(&reg->rows[i], first)))
                        first = &reg->rows[i];
        return first;
}

static void promote(struct reg *reg, int64_t now)
{
        struct row *row;

        while ((row = first_who_fits(reg, now))) {
                row->place = PLACE_SEAT;
                if (row->status != STATUS_HELD) {
                        row->status = STATUS_ACCEPTED;
                        row->promised = true;
                }
        }
}

static void judge(struct reg *reg, struct row *row)
{
        struct standing now;
        struct decision d;

        row->place = PLACE_NONE;
        now = standing_of(reg, row);
        decide(&reg->event, &now, &row->claim, &d);
        row->status = d.status;
        row->place = d.place;
        row->promised = d.status == STATUS_ACCEPTED;
}

static struct row *find(struct reg *reg, int uid)
{
        for (int i = 0; i < reg->count; i++)
                if (reg->rows[i].uid == uid)
                        return &reg->rows[i];
        return NULL;
}

static struct claim clean(int64_t counted_at)
{
        return (struct claim){ .counted_at = counted_at, .clock_conflict = ZONE_NO_TIME };
}

/* A person looked at a held one and found it good. Its place stays; without one it is judged again. */
static void resolve(struct reg *reg, struct row *row)
{
        row->claim = clean(row->claim.counted_at);
        if (row->place == PLACE_SEAT && !is_late(row)) {
                row->status = STATUS_ACCEPTED;
                row->promised = true;
        } else if (row->place == PLACE_WAITING && !is_late(row)) {
                row->status = STATUS_WAITLISTED;
        } else {
                judge(reg, row);
        }
}

static void handle(struct reg *reg, const struct letter *m, int64_t now)
{
        struct row *about = find(reg, m->about);

        if (m->wish == CLAIM) {
                struct row *row = &reg->rows[reg->count];

                *row = (struct row){ m->uid, m->sender, m->organisation, m->group, m->claim, STATUS_REFUSED,
                        PLACE_NONE, false };
                reg->count++;
                judge(reg, row);
        } else if (m->wish == CANCEL && about && about->status != STATUS_CANCELLED) {
                about->status = STATUS_CANCELLED;
                about->place = PLACE_NONE;
                about->promised = false;
        } else if (m->wish == RESOLVE && about && about->status == STATUS_HELD) {
                resolve(reg, about);
        } else if (m->wish == COMPLETE && about && about->status == STATUS_INCOMPLETE) {
                about->claim = clean(m->claim.counted_at);
                judge(reg, about);
        }
        promote(reg, now);
}

/* ---- The promises */

static void check_bounds(const struct reg *reg, int round)
{
        for (int i = 0; i < reg->count; i++) {
                const struct row *row = &reg->rows[i];
                struct standing now = standing_of(reg, row);

                if (now.seats_taken > reg->event.seats)
                        fail_msg("round %d: %d seats of %d", round, now.seats_taken, reg->event.seats);
                if (reg->event.waitlist >= 0 && now.waiting > reg->event.waitlist)
                        fail_msg("round %d: %d waiting of %d", round, now.waiting, reg->event.waitlist);
                if (now.quota_seats >= 0 && now.quota_taken > now.quota_seats)
                        fail_msg("round %d: quota %d of %d", round, now.quota_taken, now.quota_seats);
                if (reg->event.per_organisation && now.organisation_seats > reg->event.per_organisation)
                        fail_msg("round %d: organisation", round);
                if (now.held_seats > decide_held_bound(reg->event.seats) ||
                    now.held_seats_of_sender > DECIDE_HELD_A_SENDER)
                        fail_msg("round %d: held seats", round);
        }
}

static void check_rows(const struct reg *before, const struct reg *reg, int64_t now, int round)
{
        for (int i = 0; i < reg->count; i++) {
                const struct row *row = &reg->rows[i];
                const struct row *was = i < before->count ? &before->rows[i] : NULL;

                if (row->promised && row->status != STATUS_ACCEPTED)
                        fail_msg("round %d: an acceptance of uid %d was taken back", round, row->uid);
                if (was && was->status == STATUS_ACCEPTED && row->status != STATUS_ACCEPTED &&
                    row->status != STATUS_CANCELLED)
                        fail_msg("round %d: uid %d lost its acceptance", round, row->uid);
                if (row->status == STATUS_ACCEPTED && row->place != PLACE_SEAT)
                        fail_msg("round %d: uid %d is accepted without a seat", round, row->uid);
                if (!reg->event.late_waitlist && is_late(row) && row->status == STATUS_ACCEPTED)
                        fail_msg("round %d: uid %d was late and is accepted", round, row->uid);
                /* Who came earlier and could sit does not wait while a seat is free. */
                if (may_move_up(reg, row, now))
                        fail_msg("round %d: uid %d waits beside a free seat", round, row->uid);
        }
}

/* Nobody passes anybody: where only the room counts, and while people move up, who is seated by this mail has
 * no one before him in the line. */
static void check_order(const struct reg *before, const struct reg *reg, int64_t now, int round)
{
        if (now > STARTS || reg->event.per_organisation || reg->quotas[0] >= 0 || reg->quotas[1] >= 0 ||
            reg->quotas[2] >= 0)
                return;
        for (int i = 0; i < reg->count; i++) {
                const struct row *row = &reg->rows[i];

                if (row->place != PLACE_SEAT || (i < before->count && before->rows[i].place == PLACE_SEAT))
                        continue;
                for (int k = 0; k < reg->count; k++)
                        if (reg->rows[k].place == PLACE_WAITING && reg->rows[k].status != STATUS_HELD &&
                            is_before(&reg->rows[k], row))
                                fail_msg("round %d: uid %d passed uid %d", round, row->uid, reg->rows[k].uid);
        }
}

static void promises(void **state)
{
        static struct letter mails[MAILS];
        static struct reg reg, before;

        (void)state;
        seed = 20120123;
        for (int round = 0; round < ROUNDS; round++) {
                make_settings(&reg);
                make_mails(mails);
                /* Handled as they come, not as they are dated: slow ones arrive behind their time. */
                if (one_in(2))
                        qsort(mails, MAILS, sizeof *mails, by_time);
                for (int i = 0, now = 0; i < MAILS; i++) {
                        before = reg;
                        now = mails[i].claim.counted_at > now ? (int)mails[i].claim.counted_at : now;
                        handle(&reg, &mails[i], now);
                        check_bounds(&reg, round);
                        check_rows(&before, &reg, now, round);
                        check_order(&before, &reg, now, round);
                }
        }
}

/* ---- The same register however the mails are batched */

/* One pass: a snapshot of what waits, in any order, decided by (counted_at, uid). */
static void pass(struct reg *reg, const struct letter *mails, int count)
{
        struct letter snapshot[MAILS];

        for (int i = 0; i < count; i++)
                snapshot[i] = mails[i];
        for (int i = count - 1; i > 0; i--) {
                int k = upto(i + 1);
                struct letter swap = snapshot[i];

                snapshot[i] = snapshot[k];
                snapshot[k] = swap;
        }
        qsort(snapshot, (size_t)count, sizeof *snapshot, by_time);
        for (int i = 0; i < count; i++)
                handle(reg, &snapshot[i], snapshot[i].claim.counted_at);
}

static void same(const struct reg *a, const struct reg *b, int round)
{
        assert_int_equal(a->count, b->count);
        for (int i = 0; i < a->count; i++)
                if (a->rows[i].uid != b->rows[i].uid || a->rows[i].status != b->rows[i].status ||
                    a->rows[i].place != b->rows[i].place)
                        fail_msg("round %d: batches decide differently about uid %d", round, a->rows[i].uid);
}

static void batches(void **state)
{
        static const int sizes[] = { 1, 2, 7, 64, MAILS, 0 };
        static struct letter mails[MAILS];
        static struct reg empty, first, other;

        (void)state;
        seed = 20120126;
        for (int round = 0; round < ROUNDS; round++) {
                make_settings(&empty);
                make_mails(mails);
                qsort(mails, MAILS, sizeof *mails, by_time);
                for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
                        other = empty;
                        for (int i = 0; i < MAILS;) {
                                int n = sizes[s] ? sizes[s] : 1 + upto(20);

                                n = n > MAILS - i ? MAILS - i : n;
                                pass(&other, mails + i, n);
                                i += n;
                        }
                        if (!s)
                                first = other;
                        else
                                same(&first, &other, round);
                }
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(promises), cmocka_unit_test(batches) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
