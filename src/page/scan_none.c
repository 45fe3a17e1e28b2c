/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Built without tesseract and leptonica (WITH_OCR=0). */
#include "core/document.h"
#include "page/scan.h"

#define NOT_INSTALLED "text recognition is not installed on this machine, a person reads it"

void scan_preload(void)
{
}

bool scan_needs_words(void)
{
        return false;
}

void scan_load_words(void)
{
}

void scan_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc)
{
        (void)bytes, (void)size, (void)bounds;
        document_problem(doc, NOT_INSTALLED);
}

int scan_page(
    const struct scan_pixels *pixels, const struct bounds *bounds, struct page *page, struct document *doc)
{
        (void)pixels, (void)bounds, (void)page;
        document_problem(doc, NOT_INSTALLED);
        return -1;
}
