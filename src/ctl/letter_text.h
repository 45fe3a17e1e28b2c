/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A letter of ours, finished bytes, as a person reads it. */
#pragma once

#include <stddef.h>

struct buf;
struct err;

/* Appends To, Subject, Date and the plain text. ERR_BUG when the bytes are no letter of ours. */
int letter_text(const char *bytes, size_t size, struct buf *out, struct err *err);
