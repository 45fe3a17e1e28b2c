/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comma-separated values (RFC 4180). A value that a spreadsheet would take for a formula gets an apostrophe
 * in front: what applicants write must never be calculated. */
#pragma once

#include <stdbool.h>

struct buf;

void csv_value(struct buf *out, const char *text, bool first); /* with the comma before it; NULL is empty */
void csv_end(struct buf *out);                                 /* of the line */
