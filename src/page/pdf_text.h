/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The words of a PDF page with the places of their letters. */
#pragma once

#include <stddef.h>

struct page;
typedef struct _PopplerPage PopplerPage;

void pdf_text(PopplerPage *source, struct page *page);
