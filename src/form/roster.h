/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People in a plain list ("zgłaszam dwie osoby: 1. Jan Kowalski, tel. ..., 2. ...") or in one answer ("Jan Kowalski,
 * Anna Nowak"). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct scan;

/* Adds the answers of such lists, one person an entry, and takes away what was read from their lines otherwise. For
 * after the labels were read. */
void roster_scan(struct scan *scan);
/* Takes away what was read from lines [first, end), for the field or (LABEL_NONE) for all. */
void roster_forget(struct scan *scan, size_t first, size_t end, size_t field);
