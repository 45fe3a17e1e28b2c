/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From pages to the document model: words become lines and cells by where they stand and what is ruled. */
#pragma once

#include <stddef.h>

struct document;
struct page;

/* Adds the pages in order. marks: of enum document_mark, for every run (RUN_RECOGNISED: seen in a picture). */
void layout_pages(const struct page *pages, size_t count, unsigned marks, struct document *doc);
