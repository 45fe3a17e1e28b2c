/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Names as applicants write them are kept; "Kowalski Jan", as a form with "Nazwisko i imię" gives it, and "Jan
 * Kowalski" in a later mail are one person. Keys are as fold_key() leaves text. */
#pragma once

#include <stdbool.h>

enum name_turn { NAME_AS_WRITTEN, NAME_FIRST_TO_END, NAME_LAST_TO_FRONT, NAME_TURNS };

/* The key with the surname on the other side: "kowalski jan maria" gives "jan maria kowalski", or "maria kowalski jan".
 * Owned; NULL when that is nothing new. */
char *name_turned(const char *key, enum name_turn turn);
bool name_same(const char *key, const char *other);   /* one of them turned, perhaps */
bool name_equal(const char *name, const char *other); /* the same for names that are not folded */
/* Whether the words may be the name of one person, by themselves: not a post, an office, "podamy później", two names, or
 * a name and more. Small letters throughout are taken for a name; in a name with capitals only titles and particles
 * have them. */
bool name_is_single(const char *text);
