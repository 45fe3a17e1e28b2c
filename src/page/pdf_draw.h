/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is drawn on a PDF page: ruled lines, boxes to tick, rings around words. The page is drawn as SVG by cairo, and
 * the paths of that are read: so every way in which a PDF can draw a line comes out as one of a few. */
#pragma once

struct page;
typedef struct _PopplerPage PopplerPage;

/* Adds to a page that has its controls already: their frames are left out. */
void pdf_draw(PopplerPage *source, struct page *page);
