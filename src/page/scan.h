/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pictures of pages: scans, faxes, photographs. Leptonica straightens and cleans them and finds lines, boxes and
 * strikes, tesseract the words. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bounds;
struct document;
struct page;

/* Pixels, 8 bits grey, 0 black. */
struct scan_pixels {
        const unsigned char *rows;
        int width, height, stride;
        double dpi;
};

void scan_preload(void);
/* Whether a page was not read since tesseract is not loaded, though it could be (read/pages.h). */
bool scan_needs_words(void);
void scan_load_words(void);
/* A picture file (JPEG, PNG, TIFF of several pages, GIF, BMP, WebP): everything. */
void scan_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc);
/* Adds what one page shows, and sets its size; 0, or -1 and a problem of the document. */
int scan_page(
    const struct scan_pixels *pixels, const struct bounds *bounds, struct page *page, struct document *doc);
