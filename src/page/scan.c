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
