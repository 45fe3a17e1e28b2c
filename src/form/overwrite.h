/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines of the blank form that an applicant typed the answer over, label and all: which line of the document stands in
 * their place. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct answer;
struct pair;

/* The line of the document that came in the place of this label's line: as many lines stand between the two nearest
 * printed ones that were kept as in the blank form, and nothing printed is in it. False: none. */
bool overwrite_line(const struct pair *pair, const struct answer *label, size_t *ret_line);
