/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Comparing words as people do, with ICU: case, diacritics, width, punctuation and spaces do not count. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* All return owned strings. Invalid UTF-8 is replaced by U+FFFD first. */
char *fold_key(const char
        *text); /* "Żaneta  ŚLIWIŃSKA-Gęś" -> "zaneta sliwinska ges"; letters and digits, single spaces */
char *fold_nfc(const char *text); /* NFC, nothing else */
char *fold_spaces(
    const char *text); /* NFC; runs of blanks (also no-break) one space; lines trimmed and kept */
bool fold_equal(const char *a, const char *b); /* fold_key of both */
bool fold_contains(
    const char *text, const char *phrase); /* the phrase's folded words in a row; empty phrase: false */
