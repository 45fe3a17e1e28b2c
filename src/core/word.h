/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How alike two folded words are. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#define WORD_SAME 1.0
#define WORD_INFLECTED 0.95 /* another case form: "organizacja", "organizacji" */
#define WORD_MISSPELT 0.85

/* One of the values above, or 0. */
double word_alike(const char *a, const char *b);
/* Whether the word begins with one of the stems (up to NULL); a stem that ends in '$' is a whole word. */
bool word_has_stem(const char *word, const char *const *stems);
/* Whether the text, not folded, begins with a capital. */
bool word_is_capital(const char *text, size_t size);
