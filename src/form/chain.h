/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Several labels in a line that has no signs between them and their answers: "Adres: ulica Długa nr 5 kod pocztowy
 * 42-400 miejscowość Zawiercie". */
#pragma once

#include <stddef.h>

#include "form/label.h"

struct scan;

enum { CHAIN_MAX = 12 };

/* The labels of the line from token "start" on, in order, each to the letter and once; at most CHAIN_MAX, 0 when the line
 * is none of this kind. */
size_t chain_find(const struct scan *scan, size_t line, size_t start, struct label_match *ret_matches);
