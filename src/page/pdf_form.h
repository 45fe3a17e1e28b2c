/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What can be filled in on a PDF page, and what was laid over it: form fields (ISO 32000-1, 12.7) with their values,
 * whatever their appearance says, and annotations (12.5). */
#pragma once

#include <stdbool.h>

struct page;
typedef struct _PopplerPage PopplerPage;

void pdf_form(PopplerPage *source, struct page *page);
