/* SPDX-License-Identifier: GPL-3.0-or-later */
/* JSON over a pipe from a child that is not believed: a length (32 bits, little endian), then that many
 * bytes. */
#pragma once

#include <jansson.h>
#include <stddef.h>

struct buf;
struct err;

/* The child's side: writes whole. Larger than max, or the pipe gone: -1. */
int frame_write(int fd, const json_t *json, size_t max);
/* The parent's side: the first whole frame in what has been received so far. 1: *ret_text and *ret_size,
 * borrowed from received, until frame_drop(). 0: more is needed. -1: larger than max (ERR_INPUT). */
int frame_peek(
    const struct buf *received, size_t max, const char **ret_text, size_t *ret_size, struct err *err);
void frame_drop(struct buf *received); /* the frame that was peeked at */
/* The same, parsed: an object, the caller's; -1 also when it is none. */
int frame_take(struct buf *received, size_t max, json_t **ret_json, struct err *err);
