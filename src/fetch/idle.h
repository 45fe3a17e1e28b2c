/* SPDX-License-Identifier: GPL-3.0-or-later */
/* IDLE (RFC 2177) by hand: sees news that come together with the "+", and watches the keeper meanwhile. */
#pragma once

struct err;
struct imap;

enum idle_end {
        IDLE_NEWS,   /* the server spoke of messages */
        IDLE_TIME,   /* nothing came in that time */
        IDLE_KEEPER, /* the keeper wrote or closed */
};

/* ERR_PERM: the server does not do it (NO, BAD, or an end of its own making); the connection is as good as
 * before. Any other class: the connection is of no more use. */
int idle_wait(struct imap *imap, int keeper, int seconds, enum idle_end *ret_end, struct err *err);
