/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document that holds others: what is in it is numbered from 0 and read one by one. A further format is one
 * file and one row. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

struct bounds;

enum { CONTAINER_DEPTH = 3 }; /* levels inside each other */

struct container_entry {
        char *name; /* owned, UTF-8; "" when it has none */
        struct buf bytes;
        char *charset;            /* owned; what the bytes are said to be in, or NULL */
        bool words;               /* no file, but the text of a mail: UTF-8 */
        bool html, flowed, delsp; /* of such a text */
};

struct container {
        struct container_entry *items;
        size_t count;
        struct str_list problems; /* for a person */
};

/* Opens it when it is one, told by its content. false, and nothing in ret_container, when it is none. What
 * is beyond a bound is left out, and that is a problem. */
bool container_open(
    const char *bytes, size_t size, const struct bounds *bounds, struct container *ret_container);
void container_free(struct container *container); /* empties */
/* Copies; NULL beyond a bound (which is noted). */
struct container_entry *container_add(struct container *container, const struct bounds *bounds,
    const char *name, const void *bytes, size_t size);
void container_problem(struct container *container, const char *text); /* once each */
