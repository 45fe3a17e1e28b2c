/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small helpers on byte strings; nothing here knows about languages (core/fold does). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

bool str_equal(const char *a, const char *b);        /* NULL equals only NULL */
bool str_equal_nocase(const char *a, const char *b); /* ASCII case only; NULL equals only NULL */
bool str_starts(const char *text, const char *prefix);
bool str_starts_nocase(const char *text, const char *prefix);
bool str_contains_nocase(const char *text, const char *part); /* ASCII case only */
bool str_is_empty(const char *text);                          /* NULL, or nothing but ASCII white space */
char *str_trim(char *text);                                   /* in place: cuts the end, returns the start */
/* A whole decimal number within the bounds: 0, or -1 (also for sign, blanks and junk; '-' allowed when min <
 * 0). */
int str_to_int(const char *text, int64_t min, int64_t max, int64_t *ret_number);
void str_to_hex(const void *bytes, size_t size, char *ret_hex); /* 2 * size + 1 bytes, lower case */
bool str_is_utf8(const char *text, size_t size);                /* valid UTF-8 without NUL (RFC 3629) */
size_t str_characters(const char *text, size_t size);           /* of UTF-8 */
/* A character as UTF-8, ended by NUL; what is no character becomes U+FFFD. Returns its size, 1 to 4. */
size_t str_utf8_of(uint32_t c, char ret_text[5]);

/* A list of owned strings. */
struct str_list {
        char **items;
        size_t count;
};
void str_list_add(struct str_list *list, const char *text); /* copies */
void str_list_add_take(struct str_list *list, char *text);
bool str_list_has(const struct str_list *list, const char *text);
void str_list_remove(struct str_list *list, const char *text);          /* every one that equals it */
void str_list_copy(struct str_list *list, const struct str_list *from); /* replaces */
void str_list_free(struct str_list *list); /* empties; the struct is the caller's */
