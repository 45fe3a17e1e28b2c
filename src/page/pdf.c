/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/pdf.h"

#include "core/document.h"

void pdf_preload(void)
{
}

void pdf_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc)
{
        (void)bytes, (void)size, (void)bounds;
        document_problem(doc, "a PDF file, which is read by a person");
}
