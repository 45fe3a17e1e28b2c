/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Taking members out of a JSON object that is not believed. The first member that is absent, of another type,
 * too long, not UTF-8 or out of range fails the whole pick with ERR_INPUT; what is taken after that is empty,
 * so that a run of picks needs one check at its end. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct str_list;

struct pick {
        const json_t *object;
        struct err *err;
        bool failed;
};

struct pick pick_open(const json_t *object, struct err *err); /* failed when it is no object */
/* The same err, one level deeper. pick_close() makes a failure below one of the parent. */
struct pick pick_below(struct pick *parent, const json_t *object);
void pick_close(struct pick *parent, const struct pick *child);
void pick_fail(struct pick *pick, const char *key);

char *pick_text(struct pick *pick, const char *key, size_t max);         /* owned; NULL once failed */
char *pick_text_or_null(struct pick *pick, const char *key, size_t max); /* null is allowed and gives NULL */
/* Absent is as good as null: a member that records of an older version do not have. */
char *pick_text_if_there(struct pick *pick, const char *key, size_t max);
char *pick_item(struct pick *pick, const json_t *item, const char *key, size_t max); /* of an array */
int64_t pick_integer(struct pick *pick, const char *key, int64_t min, int64_t max);
int64_t pick_instant(struct pick *pick, const char *key); /* null: ZONE_NO_TIME */
double pick_share(struct pick *pick, const char *key);    /* 0 to 1 */
bool pick_bool(struct pick *pick, const char *key);
const json_t *pick_array(struct pick *pick, const char *key, size_t max_count);  /* NULL once failed */
const json_t *pick_object(struct pick *pick, const char *key, size_t max_count); /* NULL once failed */
void pick_list(
    struct pick *pick, const char *key, size_t max_count, size_t max_item, struct str_list *ret_list);

/* ---- The other way, so that both sides have the same bounds. Text longer than max is cut between
 * characters; NULL is null. put_instant: beyond what pick_instant() takes is null. */
void put_text(json_t *object, const char *key, const char *text, size_t max);
void put_instant(json_t *object, const char *key, int64_t instant);
/* Items after max_count, or for which budget bytes do not suffice, are left out. */
void put_list(json_t *object, const char *key, const struct str_list *list, size_t max_count, size_t max_item,
    size_t budget);
json_t *put_cut(const char *text, size_t max); /* the string alone */
