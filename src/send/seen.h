/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What has been seen on the connection: how far a letter got, the last reply, what the server offers. Pure: fed
 * with the lines that went both ways (RFC 5321 3, 4.2). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "send/fate.h"

enum { SEEN_REPLY = 1024, SEEN_LINES = 1000 /* of one reply: no server has so much to say */ };

struct seen {
        /* Of this attempt. */
        enum fate_stage stage;
        bool answered; /* a whole reply came after the last thing written */
        bool starttls; /* was the last command */
        bool over;     /* QUIT was said: what follows is no news of the letter */
        int code;      /* of the last whole reply, 0 when none came */
        int lines;     /* of the reply that is coming */
        char reply[SEEN_REPLY];

        /* Of this connection, since its last EHLO. */
        bool asked_offer;       /* the reply to EHLO is coming */
        bool tls;               /* STARTTLS came before it */
        bool login;             /* AUTH was said */
        bool auth;              /* offered: a login of whatever kind */
        bool plain, cram, utf8; /* offered: AUTH with PLAIN or LOGIN, with CRAM-MD5; SMTPUTF8 */
};

void seen_start(struct seen *seen); /* another attempt; the connection may be the same */
void seen_command(struct seen *seen, const char *line, size_t size);
void seen_reply(struct seen *seen, const char *line, size_t size); /* one line of it */
void seen_body(struct seen *seen, bool more); /* false: all of it is written, the final dot is next */
bool seen_sent(const struct seen *seen);      /* 2xx after the final dot */
