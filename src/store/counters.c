/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How full an event is, known without counting: one row an event, changed with every registration in the same
 * transaction. What only small groups need (an organisation, a quota, a sender) is counted by index. */
#include <assert.h>
#include <string.h>

#include "base/err.h"
#include "store/internal.h"

/* Columns of the table, after the event. */
enum { SEATS, WAITING, HELD_SEATS, BY_STATUS, COUNTERS = BY_STATUS + STATUS_COUNT };

#define COLUMNS                                                                                              \
        "seats, waiting, held_seats, accepted, waitlisted, offered, held, incomplete, late, refused,"        \
        " cancelled"
static_assert(STATUS_ACCEPTED == 0 && STATUS_WAITLISTED == 1 && STATUS_OFFERED == 2 && STATUS_HELD == 3 &&
                  STATUS_INCOMPLETE == 4 && STATUS_LATE == 5 && STATUS_REFUSED == 6 &&
                  STATUS_CANCELLED == 7 && STATUS_COUNT == 8,
    "the columns stand in the order of enum status");

int counters_apply(
    struct store *store, const char *event, enum status status, enum place place, int sign, struct err *err)
{
        int delta[COUNTERS] = { 0 };

        delta[SEATS] = place == PLACE_SEAT ? sign : 0;
        delta[WAITING] = place == PLACE_WAITING ? sign : 0;
        delta[HELD_SEATS] = place == PLACE_SEAT && status == STATUS_HELD ? sign : 0;
        delta[BY_STATUS + status] = sign;
        return query_run(store,
            "INSERT INTO counter (event, " COLUMNS ")"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)"
            " ON CONFLICT (event) DO UPDATE SET seats = seats + excluded.seats,"
            " waiting = waiting + excluded.waiting, held_seats = held_seats + excluded.held_seats,"
            " accepted = accepted + excluded.accepted, waitlisted = waitlisted + excluded.waitlisted,"
            " offered = offered + excluded.offered, held = held + excluded.held,"
            " incomplete = incomplete + excluded.incomplete, late = late + excluded.late,"
            " refused = refused + excluded.refused, cancelled = cancelled + excluded.cancelled",
            BINDS(bind_text(event), bind_int(delta[0]), bind_int(delta[1]), bind_int(delta[2]),
                bind_int(delta[3]), bind_int(delta[4]), bind_int(delta[5]), bind_int(delta[6]),
                bind_int(delta[7]), bind_int(delta[8]), bind_int(delta[9]), bind_int(delta[10])),
            err);
}

/* All zero for an event without registrations. */
static int read_counters(struct store *store, const char *event, int ret[COUNTERS], struct err *err)
{
        struct query query;
        int found;

        if (query_start(&query, store, "SELECT " COLUMNS " FROM counter WHERE event = ?1",
                BINDS(bind_text(event)), err) < 0)
                return -1;
        memset(ret, 0, COUNTERS * sizeof *ret);
        found = query_next(&query, err);
        for (int i = 0; found > 0 && i < COUNTERS; i++)
                ret[i] = (int)get_int(&query);
        query_end(&query);
        return found < 0 ? -1 : 0;
}

static int count(struct store *store, const char *sql, const struct bind *binds, size_t bind_count,
    int *ret_count, struct err *err)
{
        int64_t number = 0;

        if (query_number(store, sql, binds, bind_count, &number, err) < 0)
                return -1;
        *ret_count = (int)number;
        return 0;
}

int store_standing(struct store *store, const char *event, const char *sender, const char *organisation_key,
    const char *quota_field, const char *quota_value, struct standing *ret_standing, struct err *err)
{
        int counters[COUNTERS];
        struct standing now = { .quota_seats = -1 };

        if (read_counters(store, event, counters, err) < 0)
                return -1;
        now.seats_taken = counters[SEATS];
        now.waiting = counters[WAITING];
        now.held_seats = counters[HELD_SEATS];
        if (sender &&
            count(store,
                "SELECT count(*) FROM registration WHERE event = ?1 AND sender = ?2 AND place = 'seat'"
                " AND status = 'held'",
                BINDS(bind_text(event), bind_text(sender)), &now.held_seats_of_sender, err) < 0)
                return -1;
        if (organisation_key && *organisation_key &&
            count(store,
                "SELECT count(*) FROM registration WHERE event = ?1 AND organisation_key = ?2"
                " AND place = 'seat'",
                BINDS(bind_text(event), bind_text(organisation_key)), &now.organisation_seats, err) < 0)
                return -1;
        if (quota_field && quota_value &&
            count(store,
                "SELECT count(*) FROM registration r JOIN registration_value v ON v.registration = r.id"
                " AND v.key = ?2 AND v.value = ?3 WHERE r.event = ?1 AND r.place = 'seat'",
                BINDS(bind_text(event), bind_text(quota_field), bind_text(quota_value)), &now.quota_taken,
                err) < 0)
                return -1;
        *ret_standing = now;
        return 0;
}

int store_counts(struct store *store, const char *event, int ret_counts[STATUS_COUNT], struct err *err)
{
        int counters[COUNTERS];

        if (read_counters(store, event, counters, err) < 0)
                return -1;
        memcpy(ret_counts, counters + BY_STATUS, STATUS_COUNT * sizeof *ret_counts);
        return 0;
}

#define RECOUNTED                                                                                            \
        "SELECT event, sum(place = 'seat'), sum(place = 'waiting'),"                                         \
        " sum(place = 'seat' AND status = 'held'), sum(status = 'accepted'), sum(status = 'waitlisted'),"    \
        " sum(status = 'offered'), sum(status = 'held'), sum(status = 'incomplete'), sum(status = 'late'),"  \
        " sum(status = 'refused'), sum(status = 'cancelled') FROM registration GROUP BY event"

/* A row of zeros and no row say the same. */
#define NOT_EMPTY                                                                                            \
        "seats <> 0 OR waiting <> 0 OR held_seats <> 0 OR accepted <> 0 OR waitlisted <> 0 OR offered <> 0"  \
        " OR held <> 0 OR incomplete <> 0 OR late <> 0 OR refused <> 0 OR cancelled <> 0"

int store_recount(struct store *store, bool *ret_different, struct err *err)
{
        int64_t wrong = 0;

        if (query_number(store,
                "WITH kept AS (SELECT event, " COLUMNS " FROM counter WHERE " NOT_EMPTY "),"
                " true_ones AS (" RECOUNTED ")"
                " SELECT (SELECT count(*) FROM (SELECT * FROM kept EXCEPT SELECT * FROM true_ones)) +"
                " (SELECT count(*) FROM (SELECT * FROM true_ones EXCEPT SELECT * FROM kept))",
                BIND_NOTHING, &wrong, err) < 0)
                return -1;
        if (wrong && (query_run(store, "DELETE FROM counter", BIND_NOTHING, err) < 0 ||
                         query_run(store, "INSERT INTO counter (event, " COLUMNS ") " RECOUNTED, BIND_NOTHING,
                             err) < 0))
                return -1;
        *ret_different = wrong != 0;
        return 0;
}
