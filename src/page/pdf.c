/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/pdf.h"

#include <fontconfig/fontconfig.h>
#include <glib.h>
#include <poppler.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "page/layout.h"
#include "page/page.h"
#include "page/pdf_draw.h"
#include "page/pdf_form.h"
#include "page/pdf_scan.h"
#include "page/pdf_text.h"
#include "read/bounds.h"

/* In points: 200 inches, what viewers show at most (ISO 32000-1, annex C). */
#define SIDE_MAX 14400.0

static PopplerDocument *open_pdf(GBytes *bytes, struct document *doc)
{
        GError *error = NULL;
        PopplerDocument *source = poppler_document_new_from_bytes(bytes, NULL, &error);

        if (!source)
                document_problem(doc, g_error_matches(error, POPPLER_ERROR, POPPLER_ERROR_ENCRYPTED)
                                          ? DOCUMENT_PROTECTED
                                          : DOCUMENT_DAMAGED);
        g_clear_error(&error);
        return source;
}

/* What a viewer without XFA shows in the form's place. */
static bool is_xfa_cover(const struct page *page)
{
        static const char *const words[] = { "wait...", "wait\u2026", "czeka\u0107...", "czeka\u0107\u2026",
                NULL };
        bool waits = false, adobe = false;

        for (size_t i = 0; i < page->word_count; i++) {
                for (size_t k = 0; words[k]; k++)
                        waits = waits || (i < 10 && str_equal(page->words[i].text, words[k]));
                adobe = adobe || str_contains_nocase(page->words[i].text, "adobe");
        }
        return waits && adobe && page->control_count == 0;
}

struct reader {
        PopplerDocument *source;
        const struct bounds *bounds;
        struct document *doc;
        int recognised; /* pages */
};

/* A page that is a picture. When it cannot be recognised, there may be a scanner's own guess at its words. */
static void recognise(struct reader *r, PopplerPage *source, struct page *page)
{
        struct page found = { .width = page->width, .height = page->height };

        page->doubtful = true;
        if (r->recognised++ >= r->bounds->ocr_pages) {
                document_problem(r->doc, "more pages are pictures than are read");
                return;
        }
        if (pdf_recognise(source, r->bounds, &found, r->doc) < 0 || (!found.word_count && page->word_count)) {
                page_free(&found);
                return;
        }
        page_take_controls(&found, page); /* what was typed over the picture */
        page_free(page);
        *page = found;
}

static size_t letters_of(const struct page *page)
{
        size_t count = 0;

        for (size_t i = 0; i < page->word_count; i++)
                count += str_characters(page->words[i].text, strlen(page->words[i].text));
        return count;
}

static void read_page(struct reader *r, int index, struct page *page)
{
        PopplerPage *source = poppler_document_get_page(r->source, index);

        if (!source) {
                document_problem(r->doc, "the document is damaged: a page is missing");
                return;
        }
        poppler_page_get_size(source, &page->width, &page->height);
        if (!(page->width > 0 && page->height > 0 && page->width <= SIDE_MAX && page->height <= SIDE_MAX)) {
                document_problem(r->doc, "the document is damaged: a page of no size");
                g_object_unref(source);
                return;
        }
        pdf_text(source, page);
        pdf_form(source, page);
        if (!pdf_is_picture(source, page))
                pdf_draw(source, page);
        else if (page->word_count == 0 || !pdf_shows_text(source, page) ||
                 pdf_draw(source, page) < letters_of(page) / 2)
                recognise(r, source, page);
        g_object_unref(source);
}

static void read_pages(struct reader *r)
{
        int count = poppler_document_get_n_pages(r->source);
        struct page pages[LIMIT_PDF_PAGES] = { 0 };

        if (count > LIMIT_PDF_PAGES)
                document_problem(r->doc, "more pages than are read");
        count = count < LIMIT_PDF_PAGES ? count : LIMIT_PDF_PAGES;
        for (int i = 0; i < count; i++)
                read_page(r, i, &pages[i]);
        if (count <= 0)
                document_problem(r->doc, DOCUMENT_DAMAGED);
        else if (is_xfa_cover(&pages[0]))
                document_problem(r->doc, "an XFA form, which only Adobe Reader shows: please have it printed "
                                         "to PDF, or sent in another format");
        else
                layout_pages(pages, (size_t)count, 0, r->doc);
        for (int i = 0; i < count; i++)
                page_free(&pages[i]);
}

void pdf_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc)
{
        GBytes *input = g_bytes_new_static(bytes, size);
        struct reader r = { open_pdf(input, doc), bounds, doc, 0 };

        if (r.source) {
                read_pages(&r);
                g_object_unref(r.source);
        }
        g_bytes_unref(input);
}

/* ---- what poppler, cairo and fontconfig load at first use */

/* Its one font is of its own: for another, poppler would look, and complain. */
static const char tiny[] =
    "%PDF-1.4\n"
    "1 0 obj<</Type/Catalog/Pages 2 0 R/AcroForm<</Fields[6 0 R 7 0 R]/DR<</Font<</F 4 0 R>>>>/DA(/F 9 "
    "Tf)>>>>endobj\n"
    "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 100]/Resources<</Font<</F 4 0 R>>>>/Contents 5 0 R"
    "/Annots[6 0 R 7 0 R 9 0 R]>>endobj\n"
    "4 0 obj<</Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[.001 0 0 .001 0 0]/CharProcs<</a 8 0 R>>"
    "/Encoding<</Type/Encoding/Differences[97/a]>>/FirstChar 97/LastChar 97/Widths[600]>>endobj\n"
    "5 0 obj<</Length 93>>stream\n"
    "BT /F 9 Tf 10 50 Td (aaa) Tj ET 10 10 20 20 re S 40 40 m 50 60 60 60 70 40 c S 1 w 0 0 m 9 9 l S "
    "\nendstream endobj\n"
    "6 0 obj<</Type/Annot/Subtype/Widget/FT/Tx/T(a)/Rect[10 70 60 90]/F 4/DA(/F 9 Tf)>>endobj\n"
    "7 0 obj<</Type/Annot/Subtype/Widget/FT/Btn/T(c)/V/Off/Rect[80 70 90 80]/F 4>>endobj\n"
    "8 0 obj<</Length 35>>stream\n600 0 0 0 500 500 d1 0 0 500 500 re f\nendstream endobj\n"
    "9 0 obj<</Type/Annot/Subtype/Ink/InkList[[100 70 150 90]]/Rect[100 70 150 90]/F 4>>endobj\n"
    "trailer<</Root 1 0 R>>\n";

/* A locked child cannot open a font file, and needs none: fontconfig is told that there are no fonts, and reads no
 * configuration. */
static void no_fonts(void)
{
        FcConfig *nothing = FcConfigCreate();

        if (!nothing)
                return;
        FcConfigSetCurrent(nothing);
        FcConfigDestroy(nothing); /* it is kept as the current one */
}

void pdf_preload(void)
{
        struct document doc = { 0 };

        no_fonts();
        pdf_read(tiny, sizeof tiny - 1, &bounds_default, &doc);
        document_free(&doc);
}
