/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Excel workbooks (ECMA-376 Part 1, 18), Transitional and Strict: a sheet becomes a table. */
#pragma once

#include <stddef.h>

struct bounds;
struct document;

/* What cannot be read is a problem of doc. */
void xlsx_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc);
