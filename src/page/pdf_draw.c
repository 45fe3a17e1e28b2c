/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/pdf_draw.h"

#include <cairo-svg.h>
#include <cairo.h>
#include <math.h>
#include <poppler.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "page/page.h"
#include "page/pdf_box.h"
#include "page/pdf_svg.h"

enum { LOOKS_MAX = 20000000 };

/* In points. */
#define THIN 2.6         /* a rectangle no thicker is a line */
#define FLAT 0.8         /* a line no more out of the straight is straight */
#define CONTROL_EDGE 3.0 /* the frame of a control stands so far around it */
#define RING_WIDTH_MIN 9.0
#define RING_WIDTH_MAX 330.0
#define RING_HEIGHT_MIN 7.0
#define RING_HEIGHT_MAX 90.0
#define CELL_MIN 10.0
#define CELL_HEIGHT_MIN 4.0

/* A filled rectangle that is nearly the page is its background. */
#define BACKGROUND 0.9
/* The slope of a line that still strikes words. */
#define SLOPE 0.25

struct painter {
        struct page *page;
        struct box_finder *boxes;
        size_t looks;
};

static bool is_in_control(struct painter *p, const struct page_rect *r)
{
        for (size_t i = 0; i < p->page->control_count && p->looks < LOOKS_MAX; i++, p->looks++) {
                const struct page_control *control = &p->page->controls[i];

                if (control->kind != PAGE_CONTROL_NOTE && r->x0 >= control->at.x0 - CONTROL_EDGE &&
                    r->x1 <= control->at.x1 + CONTROL_EDGE && r->y0 >= control->at.y0 - CONTROL_EDGE &&
                    r->y1 <= control->at.y1 + CONTROL_EDGE)
                        return true;
        }
        return false;
}

static double width_of(const struct page_rect *r)
{
        return r->x1 - r->x0;
}

static double height_of(const struct page_rect *r)
{
        return r->y1 - r->y0;
}

/* ---- filled shapes */

static void add_edges(struct painter *p, const struct page_rect *r)
{
        page_add_rule(p->page, (struct page_rect){ r->x0, r->y0, r->x1, r->y0 });
        page_add_rule(p->page, (struct page_rect){ r->x0, r->y1, r->x1, r->y1 });
        page_add_rule(p->page, (struct page_rect){ r->x0, r->y0, r->x0, r->y1 });
        page_add_rule(p->page, (struct page_rect){ r->x1, r->y0, r->x1, r->y1 });
}

/* Whether it is a rectangle that lies straight. */
static bool is_straight(const struct shape *shape)
{
        if (shape->curves || shape->count < 4 || shape->count > 6)
                return false;
        for (size_t i = 1; i < shape->count; i++) {
                double dx = fabs(shape->points[i].x - shape->points[i - 1].x);
                double dy = fabs(shape->points[i].y - shape->points[i - 1].y);

                if (dx > FLAT && dy > FLAT)
                        return false;
        }
        return true;
}

static void add_filled(struct painter *p, const struct shape *shape)
{
        const struct page_rect *r = &shape->at;
        double width = width_of(r), height = height_of(r);

        if (fmin(width, height) <= THIN && !shape->curves) {
                page_add_rule(p->page, *r);
        } else if (box_fits(r)) {
                if (is_straight(shape))
                        box_add_square(p->boxes, r, true);
                else
                        box_add_ink(p->boxes, r);
        } else if (!is_straight(shape)) {
                box_add_ink(p->boxes, r);
        } else if (width * height < BACKGROUND * p->page->width * p->page->height && width >= CELL_MIN &&
                   height >= CELL_HEIGHT_MIN) {
                add_edges(p, r);
        }
}

/* ---- lines */

static void add_segment(struct painter *p, double x0, double y0, double x1, double y1)
{
        struct page_rect r = { fmin(x0, x1), fmin(y0, y1), fmax(x0, x1), fmax(y0, y1) };
        double width = width_of(&r), height = height_of(&r), middle = (r.y0 + r.y1) / 2;

        if (height <= FLAT || width <= FLAT) {
                page_add_rule(p->page, r);
                return;
        }
        box_add_ink(p->boxes, &r);
        if (height < SLOPE * width && height < 8)
                page_add_rule(p->page, (struct page_rect){ r.x0, middle, r.x1, middle });
}

/* Drawn with curves and little else: "O" around a word, not a frame with round corners. */
static bool is_ring(const struct shape *shape)
{
        double straight = 0;

        for (size_t i = 1; i < shape->count && i < SHAPE_POINTS_MAX; i++)
                if (!shape->points[i].curve)
                        straight += hypot(shape->points[i].x - shape->points[i - 1].x,
                            shape->points[i].y - shape->points[i - 1].y);
        return shape->curves >= 2 && straight < 0.3 * (width_of(&shape->at) + height_of(&shape->at));
}

static void add_ring(struct painter *p, const struct page_rect *r)
{
        double width = width_of(r), height = height_of(r);

        if (width >= RING_WIDTH_MIN && width <= RING_WIDTH_MAX && height >= RING_HEIGHT_MIN &&
            height <= RING_HEIGHT_MAX)
                page_add_scrawl(p->page, *r);
}

static void add_stroked(struct painter *p, const struct shape *shape)
{
        bool filled = shape->filled && shape->closed;

        if (box_fits(&shape->at) && (is_straight(shape) || is_ring(shape)) &&
            (shape->closed || shape->count >= 5)) {
                if (!filled)
                        box_add_square(p->boxes, &shape->at, false);
                return;
        }
        if (!filled && is_ring(shape)) {
                box_add_ink(p->boxes, &shape->at);
                add_ring(p, &shape->at);
                return;
        }
        if (shape->curves)
                box_add_ink(p->boxes, &shape->at);
        for (size_t i = 1; i < shape->count && i < SHAPE_POINTS_MAX; i++)
                if (!shape->points[i].curve)
                        add_segment(p, shape->points[i - 1].x, shape->points[i - 1].y, shape->points[i].x,
                            shape->points[i].y);
}

static void add_shape(const struct shape *shape, void *arg)
{
        struct painter *p = arg;

        if (shape->at.x1 < 0 || shape->at.y1 < 0 || shape->at.x0 > p->page->width ||
            shape->at.y0 > p->page->height || is_in_control(p, &shape->at))
                return;
        if (shape->stroked)
                add_stroked(p, shape);
        else
                add_filled(p, shape);
}

static cairo_status_t receive(void *arg, const unsigned char *bytes, unsigned size)
{
        svg_write(arg, (const char *)bytes, size);
        return CAIRO_STATUS_SUCCESS;
}

size_t pdf_draw(PopplerPage *source, struct page *page)
{
        struct painter p = { .page = page, .boxes = box_finder_new(page) };
        struct svg *svg = svg_new(add_shape, &p);
        cairo_surface_t *surface =
            cairo_svg_surface_create_for_stream(receive, svg, page->width, page->height);
        cairo_t *cairo = cairo_create(surface);
        size_t letters;

        poppler_page_render_for_printing_with_options(source, cairo, POPPLER_PRINT_DOCUMENT);
        cairo_destroy(cairo);
        cairo_surface_finish(surface);
        cairo_surface_destroy(surface);
        letters = svg_letters(svg);
        svg_free(svg);
        box_finder_end(p.boxes);
        return letters;
}
