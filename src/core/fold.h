/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing words as people do, with ICU: case, diacritics, width, punctuation and spaces do not count. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* All return owned strings. Invalid UTF-8 is replaced by U+FFFD first. */
char *fold_key(const char *text); /* "Żaneta  ŚLIWIŃSKA-Gęś" -> "zaneta sliwinska ges"; letters and digits,
                                   * single spaces */
char *fold_nfc(const char *text); /* NFC, nothing else */
char *fold_spaces(
    const char *text); /* NFC; runs of blanks (also no-break) one space; lines trimmed and kept */
bool fold_equal(const char *a, const char *b); /* fold_key of both */
/* The phrase's folded words in a row; empty phrase: false. */
bool fold_contains(const char *text, const char *phrase);
/* How many letters are to be changed, added, left out or swapped with their neighbour to make b of a;
 * anything above max is max + 1. Both are folded words (bytes are compared). */
size_t fold_distance(const char *a, const char *b, size_t max);
/* Whether the text has a letter or a digit. */
bool fold_has_word(const char *text);
