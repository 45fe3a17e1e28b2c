/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/scan.h"

#include "core/document.h"

void scan_preload(void)
{
}

void scan_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc)
{
        (void)bytes, (void)size, (void)bounds;
        document_problem(doc, "a picture, which is read by a person");
}

int scan_page(const struct scan_pixels *pixels, const struct bounds *bounds, struct page *ret_page,
    struct document *doc)
{
        (void)pixels, (void)bounds, (void)ret_page;
        document_problem(doc, "a picture, which is read by a person");
        return -1;
}
