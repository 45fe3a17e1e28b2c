/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/scan.h"

#include <leptonica/allheaders.h>
#include <string.h>

#include "base/blobs.h"
#include "base/mem.h"
#include "core/document.h"
#include "page/layout.h"
#include "page/page.h"
#include "page/scan_file.h"
#include "page/scan_shape.h"
#include "page/scan_sheet.h"
#include "page/scan_words.h"
#include "read/bounds.h"

#define NOT_INSTALLED "text recognition is not installed on this machine, a person reads it"
#define DAMAGED "a damaged picture, which is read by a person"
#define UNKNOWN "a picture of a kind that is not known here, which is read by a person"
#define TOO_LARGE "a picture that is too large, which is read by a person"
#define MORE "more pages than are read, a person reads the others"

static void silent(const char *text)
{
        (void)text;
}

void scan_preload(void)
{
        setMsgSeverity(L_SEVERITY_NONE);
        leptSetStderrHandler(silent);
        scan_words_open();
}

bool scan_needs_words(void)
{
        return scan_words_are_missed();
}

void scan_load_words(void)
{
        scan_words_load();
}

static struct page_rect in_points(struct scan_place at)
{
        const double point = 72.0 / SCAN_DPI;

        return (struct page_rect){ at.x * point, at.y * point, (at.x + at.w) * point, (at.y + at.h) * point };
}

/* Dots to write on are told as a word of dots. */
static void add_dots(struct page *page, const struct scan_shape *shape)
{
        enum { APART = 12, MOST = 200 };
        static const char dots[] =
            "........................................................................................"
            "................................................................................................"
            "................";
        int count = shape->at.w / APART;

        page_add_word(page, dots,
            (size_t)(count < 6      ? 6
                     : count > MOST ? MOST
                                    : count),
            in_points(shape->at));
}

static void add_shapes(struct page *page, const struct scan_shapes *shapes)
{
        for (size_t i = 0; i < shapes->count; i++) {
                const struct scan_shape *shape = &shapes->items[i];
                struct page_box *box;

                if (shape->kind == SCAN_RULE)
                        page_add_rule(page, in_points(shape->at));
                else if (shape->kind == SCAN_DOTS)
                        add_dots(page, shape);
                if (shape->kind != SCAN_BOX)
                        continue;
                box = page_add_box(page, in_points(shape->at), shape->state >= SCAN_PERHAPS_ON);
                if (box)
                        box->doubtful = shape->state != SCAN_OFF && shape->state != SCAN_ON;
        }
}

/* What a person will compare the answers with: small, since nothing is measured in it. */
static void keep_picture(const struct scan_sheet *sheet, struct document *doc)
{
        const float small = 120.0F / SCAN_DPI;
        enum { GREYS = 16 };
        PIX *scaled = pixScale(sheet->grey, small, small);
        PIX *picture = scaled ? pixThresholdTo4bpp(scaled, GREYS, 0) : NULL;
        l_uint8 *png = NULL;
        size_t size = 0;

        if (picture && pixWriteMemPng(&png, &size, picture, 0) == 0)
                blobs_add(&doc->pictures, png, size); /* more than fit are in the mail itself */
        lept_free(png);
        pixDestroy(&picture);
        pixDestroy(&scaled);
}

/* Takes the picture. */
static int read_pixels(PIX *pix, struct page *page, struct document *doc)
{
        const double point = 72.0 / SCAN_DPI;
        const bool ready = scan_words_are_ready();
        struct scan_sheet sheet;
        struct scan_shapes shapes;

        if (scan_words_are_missed()) {
                pixDestroy(&pix);
                return -1; /* it will be read once more */
        }
        if (!scan_sheet_take(pix, &sheet)) {
                document_problem(doc, DAMAGED);
                return -1;
        }
        keep_picture(&sheet, doc);
        scan_shapes_take(&sheet, &shapes);
        if (!ready) {
                document_problem(doc, NOT_INSTALLED);
                scan_shapes_free(&shapes);
                scan_sheet_free(&sheet);
                return -1;
        }
        page->doubtful = true;
        page->width = pixGetWidth(sheet.grey) * point;
        page->height = pixGetHeight(sheet.grey) * point;
        add_shapes(page, &shapes);
        scan_words_read(&sheet, &shapes, page);
        scan_shapes_free(&shapes);
        scan_sheet_free(&sheet);
        return 0;
}

static bool is_small_enough(int width, int height, const struct bounds *bounds)
{
        return (double)width * height <= bounds->megapixels * 1e6;
}

int scan_page(
    const struct scan_pixels *pixels, const struct bounds *bounds, struct page *page, struct document *doc)
{
        PIX *pix;

        if (pixels->width <= 0 || pixels->height <= 0 ||
            !is_small_enough(pixels->width, pixels->height, bounds)) {
                document_problem(doc, TOO_LARGE);
                return -1;
        }
        pix = pixCreate(pixels->width, pixels->height, 8);
        if (!pix) {
                document_problem(doc, DAMAGED);
                return -1;
        }
        for (int y = 0; y < pixels->height; y++) {
                const unsigned char *from = pixels->rows + (size_t)y * (size_t)pixels->stride;
                l_uint32 *row = pixGetData(pix) + (size_t)y * (size_t)pixGetWpl(pix);

                for (int x = 0; x < pixels->width; x++)
                        SET_DATA_BYTE(row, x, from[x]);
        }
        pixSetResolution(pix, (int)pixels->dpi, (int)pixels->dpi);
        return read_pixels(pix, page, doc);
}

static int read_page(const struct scan_file *file, int index, const struct bounds *bounds, struct page *page,
    struct document *doc)
{
        struct scan_size size;
        PIX *pix;

        if (!scan_file_size(file, index, &size)) {
                document_problem(doc, DAMAGED);
                return -1;
        }
        if (!is_small_enough(size.width, size.height, bounds)) {
                document_problem(doc, TOO_LARGE);
                return -1;
        }
        pix = scan_file_page(file, index);
        if (!pix) {
                document_problem(doc, DAMAGED);
                return -1;
        }
        return read_pixels(pix, page, doc);
}

void scan_read(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc)
{
        struct scan_file file;
        struct page *pages;
        size_t count = 0;

        if (!scan_file_open(&file, bytes, size, bounds->ocr_pages)) {
                document_problem(doc, UNKNOWN);
                return;
        }
        if (file.pages > bounds->ocr_pages) {
                document_problem(doc, MORE);
                file.pages = bounds->ocr_pages;
        }
        pages = xcalloc((size_t)file.pages, sizeof *pages);
        for (int i = 0; i < file.pages; i++)
                if (read_page(&file, i, bounds, &pages[count], doc) == 0)
                        count++;
        layout_pages(pages, count, 0, doc);
        for (size_t i = 0; i < count; i++)
                page_free(&pages[i]);
        free(pages);
}
