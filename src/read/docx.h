/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Word documents (ECMA-376 Part 1, 17; Transitional and Strict): the main text without headers and footers.
 */
#pragma once

#include <stddef.h>

struct bounds;
struct document;

/* What cannot be read is a problem of the document. */
void docx_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc);
