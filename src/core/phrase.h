/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking for known phrases in text. Both are in the form of fold_key(): the text is folded once, the phrases
 * are written that way, so that a long text against many phrases costs little. Whole words only. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* phrases: a list that ends with NULL. */
bool phrase_in(const char *folded, const char *const *phrases);
/* Where the first of them begins in the text, or NULL. */
const char *phrase_find(const char *folded, const char *const *phrases);
/* How many different ones are in the text. */
size_t phrase_count(const char *folded, const char *const *phrases);
/* The text ends with one of them. */
bool phrase_end(const char *folded, const char *const *phrases);
/* Bytes of the longest of them that the text begins with; 0: none. */
size_t phrase_start(const char *folded, const char *const *phrases);
