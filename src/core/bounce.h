/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a bounce says: whether the address is no good, or only full or slow (RFC 3464 2.3.3, RFC 3463). A pure
 * judgement over a mail's facts; whether the mail is a bounce at all says robot_judge(). */
#pragma once

#include <stdbool.h>

struct mail;

enum bounce_kind {
        BOUNCE_PERMANENT, /* there is no such mailbox, or it never takes our mail */
        BOUNCE_TEMPORARY, /* given up, though another letter may arrive: mailbox full, no connection */
        BOUNCE_DELAY,     /* not given up: the server keeps trying */
        BOUNCE_OTHER,     /* nothing about the address: a complaint, a challenge, a receipt, words unknown */
        BOUNCE_KIND_COUNT,
};

struct bounce {
        enum bounce_kind kind;
        char status[12];       /* RFC 3463 "5.1.1", or "" */
        const char *recipient; /* borrowed from the mail; NULL when not told */
};

void bounce_judge(const struct mail *mail, struct bounce *ret_bounce);
/* "permanent", "temporary", "delay", "other" */
const char *bounce_kind_name(enum bounce_kind kind);
/* Whether the start of the text gives a reason as servers do ("user unknown", "550 ...", "#5.1.1"). */
bool bounce_reason(const struct mail *mail);
