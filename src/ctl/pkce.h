/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The code grant with PKCE (RFC 6749 4.1, RFC 7636), for token servers that give mail to no device: the person opens
 * an address, agrees, and pastes back the address that the browser then cannot open (RFC 8252 7.3). */
#pragma once

struct config_oauth;
struct err;

struct pkce {
        char verifier[44], challenge[44], state[33];
        char *address; /* for the person; owned */
};

/* Where the browser is sent back to; nobody listens there. */
extern const char pkce_redirect[];

void pkce_begin(const struct config_oauth *oauth, const char *user, struct pkce *ret_pkce);
/* The code in what was pasted: the whole address, or the code alone. Owned, a secret. ERR_INPUT in plain words. */
int pkce_code(const struct pkce *pkce, const char *pasted, char **ret_code, struct err *err);
void pkce_end(struct pkce *pkce); /* wipes */

/* base64url of the SHA-256 of a verifier (RFC 7636 4.2, "S256"). */
void pkce_challenge(const char *verifier, char ret_challenge[44]);
