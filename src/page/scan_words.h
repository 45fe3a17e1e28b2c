/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recognising the words of a sheet with tesseract. */
#pragma once

#include <stdbool.h>

struct page;
struct scan_sheet;
struct scan_shapes;

/* Loads the languages; false when they are not there. */
bool scan_words_preload(void);
bool scan_words_are_ready(void);
/* Adds the words to the page; the shapes have been taken off the sheet. */
void scan_words_read(const struct scan_sheet *sheet, const struct scan_shapes *shapes, struct page *page);
