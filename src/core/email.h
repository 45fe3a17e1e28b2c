/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mail address as applicants write it. */
#pragma once

#include <stdbool.h>

/* The first address in the text, its domain in lower case; clear slips are mended: blanks around "@" and ".", "(at)",
 * " małpa ", "jan@wp,pl", a trailing dot, "mailto:". Owned; NULL when there is none. ret_clear (may be NULL): whether
 * it can be taken as it is; not when words stand before it that may belong to it ("jan kowalski@wp.pl": an underscore
 * under a link's line is lost), or when more had to be mended. */
char *email_normalise(const char *raw, bool *ret_clear);
/* Whether the first word of the next line may be the rest of an address that was cut at a line's end: its last part is
 * no usual end of a host ("las.exam"), and the word stands alone in its line. */
bool email_goes_on(const char *address, const char *next);
/* How sure the address of a form is, seen beside the one that the mail came from: the same is a second witness; one
 * letter off is a slip in one of them, for a person to see. */
double email_beside_sender(const char *email, const char *sender, double confidence);
