/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/decide.h"

#include "base/limits.h"
#include "core/event.h"
#include "core/mail.h"
#include "core/zone.h"

/* ---- Judging one person */

/* A seat, as far as the room, the quota and the organisation are concerned; else why not. */
static bool seat_is_free(const struct event *event, const struct standing *now, enum decide_rule *ret_rule)
{
        if (now->seats_taken >= event->seats)
                *ret_rule = RULE_ROOM_FULL;
        else if (now->quota_seats >= 0 && now->quota_taken >= now->quota_seats)
                *ret_rule = RULE_QUOTA_FULL;
        else if (event->per_organisation > 0 && now->organisation_seats >= event->per_organisation)
                *ret_rule = RULE_ORGANISATION_FULL;
        else
                return true;
        return false;
}

static bool may_wait(const struct event *event, const struct standing *now)
{
        return event->waitlist < 0 || now->waiting < event->waitlist;
}

static void settle(struct decision *decision, enum status status, enum place place, enum decide_rule rule,
    enum decide_rule place_rule)
{
        *decision = (struct decision){ status, place, rule, place_rule };
}

/* Held seats are bounded, so that junk cannot fill the room; beyond the bounds only the time is kept. */
static void hold(const struct event *event, const struct standing *now, enum decide_rule rule,
    struct decision *ret_decision)
{
        enum decide_rule why = RULE_SEAT_FREE;

        if (now->held_seats >= decide_held_bound(event->seats) ||
            now->held_seats_of_sender >= DECIDE_HELD_A_SENDER)
                settle(ret_decision, STATUS_HELD, PLACE_NONE, rule, RULE_HELD_BOUND);
        else if (seat_is_free(event, now, &why))
                settle(ret_decision, STATUS_HELD, PLACE_SEAT, rule, RULE_SEAT_FREE);
        else
                settle(
                    ret_decision, STATUS_HELD, may_wait(event, now) ? PLACE_WAITING : PLACE_NONE, rule, why);
}

static bool is_late(const struct event *event, int64_t counted_at)
{
        return counted_at > event->deadline;
}

/* One clock says on time, the other late: that is for a person to say. */
static bool clocks_disagree(const struct event *event, const struct claim *claim)
{
        return claim->clock_conflict != ZONE_NO_TIME &&
               is_late(event, claim->counted_at) != is_late(event, claim->clock_conflict);
}

static bool is_complete(const struct claim *claim)
{
        return !claim->unreadable && !claim->unconfirmed && !claim->required_unsure &&
               !claim->required_missing && !claim->consent_refused;
}

/* Who waits will get a seat without being asked again, so what waits must be complete. */
static void judge_late(const struct event *event, const struct standing *now, const struct claim *claim,
    struct decision *ret_decision)
{
        if (claim->counted_at > event->ends)
                settle(ret_decision, STATUS_LATE, PLACE_NONE, RULE_AFTER_END, RULE_AFTER_END);
        else if (!event->late_waitlist || !is_complete(claim))
                settle(ret_decision, STATUS_LATE, PLACE_NONE, RULE_LATE, RULE_LATE);
        else if (!may_wait(event, now))
                settle(ret_decision, STATUS_LATE, PLACE_NONE, RULE_LATE, RULE_ROOM_FULL);
        else
                settle(ret_decision, STATUS_WAITLISTED, PLACE_WAITING, RULE_LATE_WAITS, RULE_LATE_WAITS);
}

static void judge_complete(
    const struct event *event, const struct standing *now, struct decision *ret_decision)
{
        enum decide_rule why = RULE_SEAT_FREE;

        if (seat_is_free(event, now, &why))
                settle(ret_decision, STATUS_ACCEPTED, PLACE_SEAT, RULE_SEAT_FREE, RULE_SEAT_FREE);
        else if (may_wait(event, now))
                settle(ret_decision, STATUS_WAITLISTED, PLACE_WAITING, why, why);
        else
                settle(ret_decision, STATUS_REFUSED, PLACE_NONE, why, why);
}

void decide(const struct event *event, const struct standing *now, const struct claim *claim,
    struct decision *ret_decision)
{
        if (claim->unconfirmed && claim->counted_at <= event->ends)
                settle(ret_decision, STATUS_HELD, PLACE_NONE, RULE_UNCONFIRMED, RULE_UNCONFIRMED);
        else if (clocks_disagree(event, claim))
                hold(event, now, RULE_CLOCK_CONFLICT, ret_decision);
        else if (is_late(event, claim->counted_at))
                judge_late(event, now, claim, ret_decision);
        else if (claim->unreadable)
                hold(event, now, claim->why, ret_decision);
        else if (claim->required_unsure)
                hold(event, now, RULE_UNSURE, ret_decision);
        else if (claim->required_missing)
                settle(ret_decision, STATUS_INCOMPLETE, PLACE_NONE, RULE_MISSING, RULE_MISSING);
        else if (claim->consent_refused)
                settle(
                    ret_decision, STATUS_INCOMPLETE, PLACE_NONE, RULE_CONSENT_REFUSED, RULE_CONSENT_REFUSED);
        else
                judge_complete(event, now, ret_decision);
}

static void note(struct str_list *list, const char *key)
{
        if (list)
                str_list_add(list, key);
}

void decide_claim(const struct event *event, const struct person *person, double confidence_line,
    int64_t counted_at, struct claim *ret_claim, struct str_list *missing, struct str_list *unsure)
{
        struct claim claim = { .counted_at = counted_at, .clock_conflict = ZONE_NO_TIME };

        for (size_t i = 0; i < event->form.count; i++) {
                const struct field *field = &event->form.fields[i];
                const struct reading_value *value = &person->values[i];

                if (!value->value) {
                        claim.required_missing = claim.required_missing || field->required;
                        if (field->required)
                                note(missing, field->key);
                } else if (value->confidence < confidence_line) {
                        claim.required_unsure = claim.required_unsure || field->required;
                        note(unsure, field->key);
                } else if (field->required && field->type == FIELD_CONSENT && str_equal(value->value, "no")) {
                        claim.consent_refused = true;
                        note(missing, field->key);
                }
        }
        *ret_claim = claim;
}

int decide_held_bound(int seats)
{
        return seats / 5 > 1 ? seats / 5 : 1;
}

bool decide_promote(
    const struct event *event, const struct standing *now, int64_t instant, enum decide_rule *ret_rule)
{
        if (event->promotion && !str_equal(event->promotion, "automatic"))
                *ret_rule = RULE_COORDINATOR;
        else if (instant > event->promote_until)
                *ret_rule = RULE_PROMOTION_OVER;
        else if (seat_is_free(event, now, ret_rule)) {
                *ret_rule = RULE_PROMOTED;
                return true;
        }
        return false;
}

/* ---- Which instant counts */

static int64_t apart(int64_t a, int64_t b)
{
        return a > b ? a - b : b - a;
}

static bool is_trusted(const struct str_list *trusted, const char *host)
{
        for (size_t i = 0; i < trusted->count; i++)
                if (str_equal_nocase(trusted->items[i], host))
                        return true;
        return false;
}

int64_t decide_counted_at(
    const struct mail *mail, int64_t internaldate, const struct str_list *trusted, int64_t *ret_conflict)
{
        size_t lines = mail->received_count < LIMIT_REFERENCES ? mail->received_count : LIMIT_REFERENCES;
        int64_t earliest = ZONE_NO_TIME;

        *ret_conflict = ZONE_NO_TIME;
        /* The first line of a stranger ends the run: whatever is below it, he could have written. */
        for (size_t i = 0; trusted && i < lines && is_trusted(trusted, mail->received[i].by); i++) {
                int64_t when = mail->received[i].when;

                if (when != ZONE_NO_TIME && (earliest == ZONE_NO_TIME || when < earliest))
                        earliest = when;
        }
        if (earliest == ZONE_NO_TIME)
                return internaldate;
        if (internaldate != ZONE_NO_TIME && apart(earliest, internaldate) > DECIDE_CLOCK_SLACK)
                *ret_conflict = internaldate;
        return earliest;
}
