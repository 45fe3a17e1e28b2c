/* SPDX-License-Identifier: GPL-3.0-or-later */
/* E-mail addresses as two languages read them. Polish knows its names, and has neither "@" nor "q"; English has. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* What may be an "@" in a word that was read in Polish: "©", "Q", "GQ". NULL: nothing. */
const char *scan_address_sign(const char *word, size_t *ret_size);
/* Whether the word begins, or ends, with such a sign. */
bool scan_address_has_sign(const char *word, bool end);
/* "jan.kowalski", "example.org": letters around the last dot. */
bool scan_address_has_dot(const char *word);
/* One address of the two readings, without blanks, of one place; english may be NULL. The caller's; NULL: it is none. */
char *scan_address_of(const char *polish, const char *english);
