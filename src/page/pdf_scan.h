/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pages of a PDF file that are pictures of pages. */
#pragma once

#include <stdbool.h>

struct bounds;
struct document;
struct page;
typedef struct _PopplerPage PopplerPage;

/* Whether a picture covers most of the page. */
bool pdf_is_picture(PopplerPage *source, const struct page *page);
/* Whether any text of the page is drawn: what a scanner recognised is in the file, but not to be seen. */
bool pdf_shows_text(PopplerPage *source, const struct page *page);
/* Draws the page and has it recognised. 0; -1 and a problem of the document. */
int pdf_recognise(PopplerPage *source, const struct bounds *bounds, struct page *page, struct document *doc);
