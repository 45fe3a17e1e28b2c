/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Built without poppler (WITH_PDF=0). */
#include "core/document.h"
#include "page/pdf.h"

void pdf_preload(void)
{
}

void pdf_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc)
{
        (void)bytes, (void)size, (void)bounds;
        document_problem(doc, "reading PDF files is not installed on this machine, a person reads it");
}
