/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rich Text Format 1.9.1 (Microsoft, 2008): text, tables, form fields, text boxes; headers, footnotes and comments
 * are left out. */
#pragma once

#include <stddef.h>

struct document;

void rtf_read(const char *bytes, size_t size, struct document *doc);
