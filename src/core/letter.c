/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The kinds of letters and the names of their places. */
#include "core/letter.h"

#include <assert.h>

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const struct kind {
        const char *name, *outcome;
} kinds[] = {
        [LETTER_ACCEPTED] = { "accepted", "accepted" },
        [LETTER_WAITLISTED] = { "waitlisted", "waitlisted" },
        [LETTER_INCOMPLETE] = { "incomplete", "incomplete" },
        [LETTER_LATE] = { "late", "late" },
        [LETTER_REFUSED] = { "refused", "refused" },
        [LETTER_HELD] = { "held", "held" },
        [LETTER_UPDATED] = { "updated", "updated" },
        [LETTER_DUPLICATE] = { "duplicate", "duplicate" },
        [LETTER_CANCELLED] = { "cancelled", "cancelled" },
        [LETTER_PROMOTED] = { "promoted", "accepted" },
        [LETTER_GROUP] = { "group", "group" },
        [LETTER_QUESTION] = { "question", "question" },
        [LETTER_CONFIRM] = { "confirm", "question" },
        [LETTER_REQUEST] = { "request", "request" },
        [LETTER_DIGEST] = { "digest", "digest" },
};
static_assert(COUNT(kinds) == LETTER_COUNT, "a name for each kind of letter");

static const char *const places[] = {
        [LP_NAME] = "name",
        [LP_REF] = "ref",
        [LP_EVENT_TITLE] = "event_title",
        [LP_EVENT_DAY] = "event_day",
        [LP_EVENT_HOURS] = "event_hours",
        [LP_EVENT_PLACE] = "event_place",
        [LP_PROVIDES] = "provides",
        [LP_COUNTED_AT] = "counted_at",
        [LP_DEADLINE] = "deadline",
        [LP_FIELDS] = "fields",
        [LP_MISSING] = "missing",
        [LP_UNSURE] = "unsure",
        [LP_CHANGES] = "changes",
        [LP_POSITION] = "position",
        [LP_PEOPLE_AHEAD] = "people_ahead",
        [LP_SEATS] = "seats",
        [LP_TIME_LEFT] = "time_left",
        [LP_COMPLETION_NOTE] = "completion_note",
        [LP_STATE] = "state",
        [LP_REASON] = "reason",
        [LP_PEOPLE] = "people",
        [LP_CANCEL_SUBJECT] = "cancel_subject",
        [LP_CANCEL_MAILTO] = "cancel_mailto",
        [LP_PROMOTE_UNTIL] = "promote_until",
        [LP_PRIVACY] = "privacy",
        [LP_COORDINATOR_NAME] = "coordinator_name",
        [LP_COORDINATOR_EMAIL] = "coordinator_email",
        [LP_ORGANISER_SIGN] = "organiser_sign",
        [LP_DAY] = "day",
        [LP_EVENTS] = "events",
        [LP_NEW] = "new",
        [LP_WAITING_LIST] = "waiting",
        [LP_REVIEW] = "review",
        [LP_UNDELIVERABLE] = "undeliverable",
        [LP_ONHOLD] = "onhold",
        [LP_ALARMS] = "alarms",
        [LP_BALANCE] = "balance",
};
static_assert(COUNT(places) == LP_COUNT, "a name for each place");

const char *letter_kind_name(enum letter_kind kind)
{
        return kinds[kind].name;
}

int letter_kind_parse(const char *word, enum letter_kind *ret_kind)
{
        for (size_t i = 0; i < COUNT(kinds); i++)
                if (str_equal(kinds[i].name, word)) {
                        *ret_kind = (enum letter_kind)i;
                        return 0;
                }
        return -1;
}

const char *letter_outcome(enum letter_kind kind)
{
        return kinds[kind].outcome;
}

bool letter_is_generated(enum letter_kind kind)
{
        return kind == LETTER_DIGEST || kind == LETTER_PROMOTED;
}

const char *letter_place_name(enum letter_place place)
{
        return places[place];
}
