/* SPDX-License-Identifier: GPL-3.0-or-later */
/* "j.w." ("as above") and "nie dotyczy" ("not applicable"), written where an answer is asked. */
#pragma once

#include <stdbool.h>

struct scan;

/* Gives answers that say "as above" the value that stands above for the same field: surely in the next row of a
 * table of people, else as unsure. For before whose_settle(). */
void ditto_settle(struct scan *scan);
bool ditto_is(const char *key);      /* folded */
bool ditto_is_none(const char *key); /* folded: nothing is to be said here */
