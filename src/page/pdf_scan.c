/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/pdf_scan.h"

#include <cairo.h>
#include <math.h>
#include <poppler.h>
#include <stdlib.h>

#include "base/mem.h"
#include "core/document.h"
#include "page/page.h"
#include "page/scan.h"
#include "read/bounds.h"

#define DPI 300.0
#define POINTS_PER_INCH 72.0
#define MOST 0.6

bool pdf_is_picture(PopplerPage *source, const struct page *page)
{
        GList *list = poppler_page_get_image_mapping(source);
        double largest = 0;

        for (GList *item = list; item; item = item->next) {
                const PopplerRectangle *r = &((const PopplerImageMapping *)item->data)->area;

                largest = fmax(largest, fabs(r->x2 - r->x1) * fabs(r->y2 - r->y1));
        }
        poppler_page_free_image_mapping(list);
        return largest >= MOST * page->width * page->height;
}

static void see_letters(cairo_surface_t *observer, cairo_surface_t *target, void *seen)
{
        (void)observer, (void)target;
        *(bool *)seen = true;
}

/* A surface that only listens: nothing is drawn or packed. */
bool pdf_shows_text(PopplerPage *source, const struct page *page)
{
        const cairo_rectangle_t all = { 0, 0, page->width, page->height };
        cairo_surface_t *target = cairo_recording_surface_create(CAIRO_CONTENT_COLOR, &all);
        cairo_surface_t *observer = cairo_surface_create_observer(target, CAIRO_SURFACE_OBSERVER_NORMAL);
        cairo_t *cairo = cairo_create(observer);
        bool seen = false;

        cairo_surface_observer_add_glyphs_callback(observer, see_letters, &seen);
        poppler_page_render_for_printing_with_options(source, cairo, POPPLER_PRINT_DOCUMENT);
        cairo_destroy(cairo);
        cairo_surface_destroy(observer);
        cairo_surface_destroy(target);
        return seen;
}

/* 0.30, 0.59 and 0.11 of red, green and blue; owned. */
static unsigned char *grey_of(cairo_surface_t *surface, int width, int height)
{
        const unsigned char *bytes = cairo_image_surface_get_data(surface);
        int stride = cairo_image_surface_get_stride(surface);
        unsigned char *grey = xreallocarray(NULL, (size_t)width * (size_t)height, 1);

        for (int y = 0; y < height; y++) {
                const unsigned char *from = bytes + (size_t)y * (size_t)stride;
                unsigned char *to = grey + (size_t)y * (size_t)width;

                for (int x = 0; x < width; x++, from += 4)
                        to[x] = (unsigned char)((from[0] * 11 + from[1] * 59 + from[2] * 30) / 100);
        }
        return grey;
}

static cairo_surface_t *draw(PopplerPage *source, int width, int height, double scale)
{
        cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
        cairo_t *cairo;

        if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) {
                cairo_surface_destroy(surface);
                return NULL;
        }
        cairo = cairo_create(surface);
        cairo_set_source_rgb(cairo, 1, 1, 1);
        cairo_paint(cairo);
        cairo_scale(cairo, scale, scale);
        poppler_page_render_for_printing_with_options(source, cairo, POPPLER_PRINT_MARKUP_ANNOTS);
        cairo_destroy(cairo);
        cairo_surface_flush(surface);
        return surface;
}

int pdf_recognise(PopplerPage *source, const struct bounds *bounds, struct page *page, struct document *doc)
{
        double area = page->width * page->height, most = bounds->megapixels * 1e6;
        double dpi = fmin(DPI, sqrt(most / area) * POINTS_PER_INCH), scale = dpi / POINTS_PER_INCH;
        int width = (int)(page->width * scale), height = (int)(page->height * scale), r;
        struct scan_pixels pixels = { .width = width, .height = height, .stride = width, .dpi = dpi };
        cairo_surface_t *surface = width > 0 && height > 0 ? draw(source, width, height, scale) : NULL;
        unsigned char *grey;

        if (!surface) {
                document_problem(doc, "a page that cannot be drawn");
                return -1;
        }
        grey = grey_of(surface, width, height);
        cairo_surface_destroy(surface);
        pixels.rows = grey;
        r = scan_page(&pixels, bounds, page, doc);
        free(grey);
        page->doubtful = true;
        return r;
}
