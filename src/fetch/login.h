/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From the connected socket to the logged-in IMAP session. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct err;
struct imap;

enum login_tls { LOGIN_TLS_IMPLICIT, LOGIN_TLS_STARTTLS, LOGIN_TLS_NONE };

struct login_account {
        const char *host, *user; /* borrowed */
        enum login_tls tls;
        bool token;     /* the password is an OAuth 2.0 access token (xoauth2.h) */
        char *password; /* owned by the caller; wiped in place as soon as it was sent */
        size_t password_size;
        bool token_refused; /* set by login_open(): another token may do */
};

/* User and password can be sent as they are: ERR_PERM else. */
int login_check(const struct login_account *account, struct err *err);
/* Handshake, greeting, STARTTLS, CAPABILITY, login: LOGIN, or AUTHENTICATE PLAIN (RFC 4616) where a quoted
 * string does not do (RFC 9051 LOGINDISABLED, 8-bit). A greeting of PREAUTH is refused: somebody in between
 * could send it to keep the connection in the clear. ERR_PERM: a person must change something; ERR_TEMP: try
 * again. */
int login_open(struct imap *imap, struct login_account *account, struct err *err);
