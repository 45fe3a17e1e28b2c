/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The paths of an SVG file as cairo writes it (https://www.w3.org/TR/SVG11/paths.html). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "page/page.h"

enum { SHAPE_POINTS_MAX = 64 };

/* A part of a path that is drawn without lifting the pen. */
struct shape {
        struct page_rect at; /* around all its points, control points of curves too */
        struct {
                double x, y;
                bool curve; /* a curve leads here */
        } points[SHAPE_POINTS_MAX];
        size_t count; /* of points, those left out as well */
        size_t curves;
        bool closed;
        bool filled, stroked;
        double width; /* of the stroke */
};

/* Told of each shape that can be seen. */
typedef void (*svg_shape)(const struct shape *shape, void *arg);

struct svg;
struct svg *svg_new(svg_shape told, void *arg);
void svg_write(struct svg *svg, const char *bytes, size_t size);
/* Letters drawn so far that no picture covers, as far as the order tells. */
size_t svg_letters(const struct svg *svg);
void svg_free(struct svg *svg);
