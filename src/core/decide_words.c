/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The names of statuses, places, channels and rules. */
#include <assert.h>
#include <stddef.h>

#include "core/decide.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const statuses[] = {
        [STATUS_ACCEPTED] = "accepted",
        [STATUS_WAITLISTED] = "waitlisted",
        [STATUS_OFFERED] = "offered",
        [STATUS_HELD] = "held",
        [STATUS_INCOMPLETE] = "incomplete",
        [STATUS_LATE] = "late",
        [STATUS_REFUSED] = "refused",
        [STATUS_CANCELLED] = "cancelled",
};
static_assert(COUNT(statuses) == STATUS_COUNT, "a name for each status");

static const char *const places[] = {
        [PLACE_NONE] = "none",
        [PLACE_SEAT] = "seat",
        [PLACE_WAITING] = "waiting",
};

static const char *const channels[] = {
        [CHANNEL_EMAIL] = "email",
        [CHANNEL_FAX] = "fax",
        [CHANNEL_IN_PERSON] = "in-person",
};

static const char *const rules[] = {
        [RULE_AFTER_END] = "it was received after the end of the event",
        [RULE_LATE] = "it was received after the deadline",
        [RULE_LATE_WAITS] = "it was received after the deadline and waits behind all who were on time",
        [RULE_CLOCK_CONFLICT] = "the mail servers' clocks disagree about whether it was on time",
        [RULE_UNREADABLE] = "it was meant as a registration, but no form could be read in it",
        [RULE_BLANK] = "the form came empty",
        [RULE_PROTECTED] = "its document is protected by a password",
        [RULE_DAMAGED] = "its document is damaged",
        [RULE_UNCONFIRMED] = "the sender's address is not confirmed (dmarc=fail)",
        [RULE_UNSURE] = "a required field could not be read surely",
        [RULE_MISSING] = "a required field is missing",
        [RULE_CONSENT_REFUSED] = "a required consent was refused",
        [RULE_SEAT_FREE] = "a seat was free",
        [RULE_ROOM_FULL] = "no seat was free",
        [RULE_QUOTA_FULL] = "the seats set aside for its group were taken",
        [RULE_ORGANISATION_FULL] = "its organisation had all the seats that one organisation may have",
        [RULE_HELD_BOUND] = "too many seats were held already, so it keeps its time only",
        [RULE_COORDINATOR] = "it is the coordinator's word",
        [RULE_PROMOTED] = "a seat became free",
        [RULE_CANCELLED] = "it was cancelled",
        [RULE_PROMOTION_OVER] = "nobody moves up from the waiting list any more (promote_until)",
};
static_assert(COUNT(rules) == RULE_COUNT, "a sentence for each rule");

static int find(const char *const *names, size_t count, const char *word)
{
        for (size_t i = 0; i < count; i++)
                if (str_equal(names[i], word))
                        return (int)i;
        return -1;
}

const char *status_name(enum status status)
{
        return statuses[status];
}

int status_parse(const char *word, enum status *ret_status)
{
        int i = find(statuses, COUNT(statuses), word);

        if (i < 0)
                return -1;
        *ret_status = (enum status)i;
        return 0;
}

const char *place_name(enum place place)
{
        return places[place];
}

int place_parse(const char *word, enum place *ret_place)
{
        int i = find(places, COUNT(places), word);

        if (i < 0)
                return -1;
        *ret_place = (enum place)i;
        return 0;
}

const char *channel_name(enum channel channel)
{
        return channels[channel];
}

int channel_parse(const char *word, enum channel *ret_channel)
{
        int i = find(channels, COUNT(channels), word);

        if (i < 0)
                return -1;
        *ret_channel = (enum channel)i;
        return 0;
}

const char *rule_text(enum decide_rule rule)
{
        return rules[rule];
}
