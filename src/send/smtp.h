/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One SMTP server (RFC 5321, submission: RFC 6409), spoken to through libcurl: one connection for many
 * letters, opened when the first one comes, opened again when the server has closed it meanwhile. The only
 * place with libcurl. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct err;
struct fate;
struct smtp;

enum smtp_tls { SMTP_TLS_IMPLICIT, SMTP_TLS_STARTTLS, SMTP_TLS_NONE };

struct smtp_settings { /* owned strings */
        char *host;
        int port;
        enum smtp_tls tls;
        char *ca_file;         /* "" for the system's trust */
        char *user, *password; /* user "": no login */
        bool token; /* the password is an OAuth 2.0 access token: XOAUTH2, or OAUTHBEARER (RFC 7628) */
        int answer_seconds; /* how long a reply may take; RFC 5321 4.5.3.2.6 wants ten minutes */
};

/* Greeting and login together may take SMTP_CONNECT_SECONDS: a server that looks up our name first is slow. */
enum { SMTP_ANSWER_SECONDS = 600, SMTP_CONNECT_SECONDS = 100, SMTP_RECIPIENTS = 50 };

/* ERR_PERM: settings that cannot work (a host that is no host name, no TLS away from loopback, control
 * characters in user or password). The settings stay the caller's and must outlive it. */
int smtp_new(const struct smtp_settings *settings, struct smtp **ret_smtp, struct err *err);
void smtp_free(struct smtp *smtp); /* says QUIT when connected */

/* Logs in, sends nothing, quits: FATE_SENT when all is well. */
struct fate smtp_check(struct smtp *smtp);
/* Sends one letter. Addresses and bytes are checked first: FATE_FAILED for an address that is not valid, and
 * for bytes with a lone CR or LF, a NUL, a line over 998 bytes, or 8 bits (but for an address with a local part
 * beyond ASCII, which goes only to a server that offers SMTPUTF8, RFC 6531). */
struct fate smtp_letter(struct smtp *smtp, const char *from, const char *const *to, size_t to_count,
    const char *bytes, size_t size);
void smtp_rest(struct smtp *smtp); /* nothing to do for a while: says QUIT, waits 2 s at most; the next
                                      * letter connects again */

void smtp_settings_free(struct smtp_settings *settings); /* empties and wipes the password */
