/* SPDX-License-Identifier: GPL-3.0-or-later */
/* References and tokens: what can be read out on the telephone, and what proves that a letter was received.
 * Alphabet: digits and capitals without 0 O 1 I L. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define REF_ALPHABET "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
enum { REF_LENGTH = 4, REF_LENGTH_MAX = 8, REF_TOKEN_LENGTH = 16 }; /* 16 * log2(31) = 79 bits */

/* "MW-7K3M" from random bytes (length bytes are used; those that would bias are mapped by the caller giving
 * 2x). Owned. */
char *ref_make(const char *prefix, size_t length, const unsigned char *random, size_t random_size);
char *ref_token(const unsigned char *random, size_t random_size); /* REF_TOKEN_LENGTH characters; owned */
/* The first thing in a text that looks like a token mark "PREFIX-REF-TOKEN" (any case; en dashes taken for
 * hyphens). Owned strings; 0 found, -1 not. */
int ref_find_token(const char *text, char **ret_ref, char **ret_token);
/* The first "PREFIX-XXXX" in a text. Owned, upper case, or NULL. */
char *ref_find(const char *text, const char *prefix);
