/* SPDX-License-Identifier: GPL-3.0-or-later */
/* token_file: the tokens of one account, JSON (core/token.h), mode 0600. Written by the keeper, which renews them,
 * and by zapisyctl login; read again at each login, since others may renew it too. */
#pragma once

#include "core/token.h"

struct err;

/* ERR_PERM in plain words: not there, not ours to read, open to other accounts, no tokens in it. */
int config_token_read(const char *path, struct token *ret_token, struct err *err);
/* Whole or not at all, and on the disk when it returns. Root gives it to the account that owns its folder. */
int config_token_write(const char *path, const struct token *token, struct err *err);
/* Whether it can be written so that the service can read it: ERR_PERM says what to do. beside: a file of the
 * service's (the register), whose folder's owner the service runs as. */
int config_token_check(const char *path, const char *beside, struct err *err);
