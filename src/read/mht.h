/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page saved by Word or a browser as one file (MHTML, RFC 2557): a mail without a sender that holds HTML. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bounds;
struct document;

bool mht_is(const char *bytes, size_t size, const struct bounds *bounds);
void mht_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc);
