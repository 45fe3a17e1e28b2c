/* SPDX-License-Identifier: GPL-3.0-or-later */
/* PDF by poppler (ISO 32000-1): text with its places, ruling lines, form controls, annotations. A page without text
 * is a picture of one (page/scan.h). */
#pragma once

#include <stddef.h>

struct bounds;
struct document;

void pdf_preload(void);
void pdf_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc);
