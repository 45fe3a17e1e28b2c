/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recognising the words of a sheet with tesseract. */
#pragma once

#include <stdbool.h>

struct page;
struct scan_sheet;
struct scan_shapes;

/* Opens the files of the languages, in the standard place or where TESSDATA_PREFIX says (tesseract(1)). */
void scan_words_open(void);
/* Loads what was opened; needs no files. */
void scan_words_load(void);
bool scan_words_are_ready(void);
/* Whether they were asked for before they were loaded. */
bool scan_words_are_missed(void);
/* Adds the words to the page; the shapes have been taken off the sheet. */
void scan_words_read(const struct scan_sheet *sheet, const struct scan_shapes *shapes, struct page *page);
