/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Logging in with an OAuth 2.0 access token: SASL XOAUTH2 (Google's and Microsoft's own), or OAUTHBEARER (RFC 7628)
 * where only that is offered. */
#pragma once

struct err;
struct imap;
struct login_account;
struct talk_answer;

/* The server's last word on it. ERR_PERM when it offers neither. */
int xoauth2_send(
    struct imap *imap, const struct login_account *account, struct talk_answer *ret_answer, struct err *err);
