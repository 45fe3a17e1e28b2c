/* SPDX-License-Identifier: GPL-3.0-or-later */
/* OpenDocument texts and spreadsheets (ISO/IEC 26300, OASIS ODF 1.3), as packages (.odt, .ods) and as single
 * XML files (.fodt, .fods). */
#pragma once

#include <stddef.h>

struct bounds;
struct document;

/* What cannot be read is a problem of doc. */
void odf_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc);
void odf_read_flat(const char *bytes, size_t size, struct document *doc);
