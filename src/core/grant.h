/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a token server answered (RFC 6749 5, RFC 8628 3.2, 3.5), as zapisy-send understood it, and how it travels to
 * the keeper and to zapisyctl: core/record.h. The secrets among it go in a memfd of their own. */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct token;

enum grant_fate {
        GRANT_GIVEN,   /* tokens, or for a device: codes */
        GRANT_PENDING, /* device: the person has not answered yet */
        GRANT_SLOWER,  /* the same, and we ask too often */
        GRANT_DENIED,  /* the person said no */
        GRANT_EXPIRED, /* device: too late */
        GRANT_AGAIN,   /* the server, the network or the certificate: may work later */
        GRANT_REFUSED, /* the refresh token or code is worth nothing any more: a person must log in again */
        GRANT_WRONG,   /* the server does not know our client, or does not give it that: oauth settings */
        GRANT_FATE_COUNT,
};

enum { GRANT_DETAIL = 200, GRANT_LONGEST = 400 * 24 * 3600 };

struct grant {
        enum grant_fate fate;
        char detail[GRANT_DETAIL + 1]; /* one line, our words; "" when given */
        int64_t expires_in;            /* seconds, 1 to GRANT_LONGEST, when given */
        int64_t interval;              /* device: seconds between two questions, at least 1 */
        char *access, *refresh; /* owned secrets; refresh "" when the old one stays good; NULL for a device */
        char *device_code;      /* owned secret */
        char *user_code, *address; /* device: what the person types, and where; owned */
};

void grant_free(struct grant *grant); /* wipes and empties; the struct is the caller's */
const char *grant_fate_name(enum grant_fate fate);

/* The record, and (ret_secrets, the caller's to wipe and free, NULL when there are none) the text of its memfd. */
json_t *grant_record(const struct grant *grant, char **ret_secrets);
/* Checked anew: nothing of it is believed. secrets: the memfd's bytes, size 0 when none came. ERR_INPUT. */
int grant_from_record(
    const json_t *json, const char *secrets, size_t secrets_size, struct grant *ret_grant, struct err *err);
/* Takes the tokens of a grant that was given into token, which keeps its refresh token where no other came. */
void grant_take(struct grant *grant, int64_t now, struct token *token);
