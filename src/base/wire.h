/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Records between two programs: AF_UNIX SOCK_SEQPACKET, one record = one JSON object, with up to
 * LIMIT_RECORD_FDS descriptors (sealed memfds) in the same packet (unix(7), SCM_RIGHTS). A truncated packet
 * or truncated control data is an error: descriptors would be lost or belong to another record. Neither side
 * is believed: size, depth and the JSON itself are checked here, every member by its reader.
 *
 * Every record has "op". What the programs say to each other stands in core/record.h. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"

struct err;

struct wire_record {
        json_t *json;              /* an object; owned */
        int fds[LIMIT_RECORD_FDS]; /* owned, close-on-exec; -1 where none */
};

/* Sends; the descriptors stay the caller's. A full socket of a non-blocking end: ERR_TEMP with errno EAGAIN.
 * The other side gone: ERR_TEMP. */
int wire_send(int sock, const json_t *json, const int *fds, size_t fd_count, struct err *err);
/* The same for a record that is JSON text already. */
int wire_send_text(int sock, const char *text, size_t size, const int *fds, size_t fd_count, struct err *err);
/* 1: a record, to be freed with wire_free(). 0: the other side closed. -1: error, or (ERR_TEMP, errno EAGAIN)
 * nothing there on a non-blocking end. */
int wire_receive(int sock, struct wire_record *ret_record, struct err *err);
/* Whether the other side closed: an error that came of it is no news to anybody. */
bool wire_is_closed(int sock);
void wire_free(struct wire_record *record);
int wire_take_fd(struct wire_record *record, size_t index); /* ownership to the caller, -1 if none */

/* A connected pair: [0] for the keeper (non-blocking, close-on-exec), [1] for the helper (blocking,
 * close-on-exec). */
int wire_pair(int ret_ends[2], struct err *err);

/* Members, checked: -1 (ERR_INPUT) when absent or of another type or over the bound. */
int wire_string(const json_t *object, const char *key, size_t max, const char **ret_text, struct err *err);
int wire_integer(const json_t *object, const char *key, json_int_t min, json_int_t max,
    json_int_t *ret_number, struct err *err);
int wire_bool(const json_t *object, const char *key, bool *ret_bool, struct err *err);
/* The record's "op", or "" when it has none. */
const char *wire_op(const json_t *object);
