/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What became of one letter: a pure judgement of what was seen on the connection. A wrong "again" makes a
 * duplicate, a wrong "sent" loses a letter, so what cannot be known is "uncertain" (RFC 5321 4.2.5, 4.5.3.2.6
 * and RFC 1047). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum fate_kind {
        FATE_SENT,      /* the server took it: 2xx after the final dot */
        FATE_AGAIN,     /* surely not sent; may go through later */
        FATE_FAILED,    /* surely not sent; the server will not take it */
        FATE_UNCERTAIN, /* the final dot went out and no answer came */
};

enum fate_stage {     /* how far it got: the last thing written */
        FATE_CONNECT, /* anything up to and with the login */
        FATE_MAIL,
        FATE_RCPT,
        FATE_DATA,
        FATE_BODY, /* 354 was seen, not all of the body has been written */
        FATE_DOT,  /* all of the body has been written, the final dot with it or next */
};

enum fate_trouble { /* what the library says; the replies say more */
        FATE_FINE,
        FATE_UNRESOLVED,  /* no such host, or no name server */
        FATE_UNCONNECTED, /* no connection */
        FATE_NO_STARTTLS,
        FATE_NO_TLS,      /* no handshake */
        FATE_CERTIFICATE, /* of another host, expired, not signed by whom we trust */
        FATE_NO_CA,       /* the file of trusted certificates cannot be read */
        FATE_LOGIN,
        FATE_TIMEOUT,
        FATE_NOT_SMTP, /* what answers does not speak SMTP, or says more than it was asked */
        FATE_WRITE,    /* a command was refused, or something could not be written: so it did not go out */
        FATE_OTHER,    /* the connection broke, or the server does not speak SMTP */
};

struct fate_facts {
        enum fate_stage stage;
        enum fate_trouble trouble;
        bool answered;           /* a whole reply came after the last thing written */
        int code;                /* of the last whole reply, 0 when none came */
        const char *reply;       /* its last line without the code, or "" */
        const char *why;         /* the library's words, for trouble with TLS, or "" */
        const char *const *hide; /* addresses that must not show in the detail */
        size_t hide_count;
};

enum { FATE_DETAIL = 200 };

struct fate {
        enum fate_kind kind;
        int code;
        bool server;                  /* the connection or login is the trouble, not this letter */
        bool asked;                   /* the server was asked about this very letter */
        bool login;                   /* user and password (or token) were refused */
        char detail[FATE_DETAIL + 1]; /* UTF-8, one line, no addresses */
};

struct fate fate_judge(const struct fate_facts *facts);
/* A fate for what never reached a server. The text is ours. */
struct fate fate_plain(enum fate_kind kind, bool server, const char *text);
const char *fate_name(enum fate_kind kind); /* "sent", "again", "failed", "uncertain" */
