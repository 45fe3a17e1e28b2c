/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn on a PDF page: ruled lines, boxes to tick, rings around words. The page is drawn as SVG by cairo, and
 * the paths of that are read: so every way in which a PDF can draw a line comes out as one of a few. */
#pragma once

#include <stddef.h>

struct page;
typedef struct _PopplerPage PopplerPage;

/* Adds to a page that has its controls already: their frames are left out. Returns how many letters can be seen. */
size_t pdf_draw(PopplerPage *source, struct page *page);
