/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a token file holds (config/token.h), and when a token is to be renewed (RFC 6749 1.4, 1.5). Pure; every
 * token is a secret: it is wiped when it is freed, and never logged. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;

enum { TOKEN_MAX = 8 * 1024 }; /* bytes of one token */

struct token {
        char *access;                    /* owned; "" when there is none yet */
        char *refresh;                   /* owned; "" when somebody else renews the file */
        int64_t obtained_at, expires_at; /* by the real clock; expires_at 0 when nobody said it */
};

/* From the file's JSON: {"access_token","refresh_token","obtained_at","expires_at"}, all but one of the two
 * tokens optional, other members passed over. ERR_INPUT in plain words. */
int token_parse(const char *text, size_t size, struct token *ret_token, struct err *err);
/* The file's text; the caller's to wipe and free. */
char *token_text(const struct token *token);
void token_free(struct token *token); /* wipes and empties; the struct is the caller's */
/* Only what RFC 6750 2.1 and RFC 6749 A allow: visible ASCII. Not empty. */
bool token_is_clean(const char *text);

/* A server will still take it. */
bool token_is_valid(const struct token *token, int64_t now);
/* When to renew: a quarter of its life before its end, so that there is time to try again and to tell somebody;
 * INT64_MIN when it is not known how long it lives, INT64_MAX when it cannot be renewed by us. */
int64_t token_renew_at(const struct token *token);
/* Trouble with renewing is worth an alarm: at once when a person must log in again, else when it has lasted ten
 * minutes, or one minute with a token that has run out. */
bool token_is_alarming(const struct token *token, bool permanent, int64_t failing_since, int64_t now);
