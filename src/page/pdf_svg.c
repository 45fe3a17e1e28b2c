/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/pdf_svg.h"

#include <libxml/parser.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

enum { DEPTH_MAX = 100, VALUE_MAX = 64 };

/* Parts of a colour are percentages: from here on it is white paper. */
#define WHITE 97.0
#define FAINT 0.05

struct matrix {
        double a, b, c, d, e, f;
};

static const struct matrix identity = { 1, 0, 0, 1, 0, 0 };

struct svg {
        svg_shape told;
        void *arg;
        xmlParserCtxtPtr parser;
        struct matrix stack[DEPTH_MAX];
        size_t depth;
        size_t letters;
        size_t aside; /* how deep inside what only defines things */
        struct shape shape;
        double start_x, start_y, x, y; /* of the shape, as the path has them */
        const struct matrix *matrix;
};

static struct matrix product(const struct matrix *m, const struct matrix *n)
{
        return (struct matrix){ m->a * n->a + m->c * n->b, m->b * n->a + m->d * n->b,
                m->a * n->c + m->c * n->d, m->b * n->c + m->d * n->d, m->a * n->e + m->c * n->f + m->e,
                m->b * n->e + m->d * n->f + m->f };
}

/* ---- numbers; those of a file made by cairo, though of somebody's page: they may be huge */

static bool number(const char **at, double *ret_number)
{
        char *end;
        double value;

        while (**at == ' ' || **at == ',' || **at == '\n')
                (*at)++;
        value = strtod(*at, &end);
        if (end == *at || !isfinite(value) || fabs(value) > 1e7)
                return false;
        *at = end;
        *ret_number = value;
        return true;
}

static struct matrix matrix_of(const char *text)
{
        struct matrix m;
        const char *at = text ? strstr(text, "matrix(") : NULL;

        if (!at)
                return identity;
        at += strlen("matrix(");
        if (number(&at, &m.a) && number(&at, &m.b) && number(&at, &m.c) && number(&at, &m.d) &&
            number(&at, &m.e) && number(&at, &m.f))
                return m;
        return identity;
}

/* ---- shapes */

static void end_shape(struct svg *svg)
{
        if (svg->shape.count > 1)
                svg->told(&svg->shape, svg->arg);
        svg->shape.count = svg->shape.curves = 0;
        svg->shape.closed = false;
}

static void widen(struct svg *svg, double x, double y)
{
        struct page_rect *r = &svg->shape.at;

        if (svg->shape.count == 0)
                *r = (struct page_rect){ x, y, x, y };
        r->x0 = fmin(r->x0, x);
        r->y0 = fmin(r->y0, y);
        r->x1 = fmax(r->x1, x);
        r->y1 = fmax(r->y1, y);
}

static void point(struct svg *svg, double px, double py, bool curve)
{
        const struct matrix *m = svg->matrix;
        double x = m->a * px + m->c * py + m->e, y = m->b * px + m->d * py + m->f;
        struct shape *shape = &svg->shape;

        widen(svg, x, y);
        if (shape->count < SHAPE_POINTS_MAX) {
                shape->points[shape->count].x = x;
                shape->points[shape->count].y = y;
                shape->points[shape->count].curve = curve;
        }
        shape->count++;
        shape->curves += curve;
        svg->x = px;
        svg->y = py;
}

static void close_shape(struct svg *svg)
{
        if (svg->shape.count == 0)
                return;
        if (svg->x != svg->start_x || svg->y != svg->start_y)
                point(svg, svg->start_x, svg->start_y, false);
        svg->shape.closed = true;
        end_shape(svg);
}

/* After "Z" a line may go on from where the shape began. */
static void line_to(struct svg *svg, double x, double y)
{
        if (svg->shape.count == 0)
                point(svg, svg->start_x, svg->start_y, false);
        point(svg, x, y, false);
}

static bool curve_to(struct svg *svg, const char **at)
{
        double n[6];

        for (size_t i = 0; i < 6; i++)
                if (!number(at, &n[i]))
                        return false;
        if (svg->shape.count == 0)
                point(svg, svg->start_x, svg->start_y, false);
        point(svg, n[4], n[5], true);
        return true;
}

/* Absolute commands only: cairo writes no others. */
static void read_path(struct svg *svg, const char *at)
{
        double x, y;
        bool ok = true;

        svg->shape.count = svg->shape.curves = 0;
        while (ok && *at) {
                char command = *at++;

                switch (command) {
                case 'M':
                        end_shape(svg);
                        ok = number(&at, &x) && number(&at, &y);
                        if (ok) {
                                svg->start_x = x;
                                svg->start_y = y;
                                point(svg, x, y, false);
                        }
                        break;
                case 'L':
                        ok = number(&at, &x) && number(&at, &y);
                        if (ok)
                                line_to(svg, x, y);
                        break;
                case 'H':
                        ok = number(&at, &x);
                        if (ok)
                                line_to(svg, x, svg->y);
                        break;
                case 'V':
                        ok = number(&at, &y);
                        if (ok)
                                line_to(svg, svg->x, y);
                        break;
                case 'C':
                        ok = curve_to(svg, &at);
                        break;
                case 'Z':
                        close_shape(svg);
                        break;
                default:
                        ok = command == ' ' || command == '\n';
                }
        }
        end_shape(svg);
}

/* ---- elements */

static const char *attribute(const xmlChar **attributes, const char *name)
{
        for (; attributes && attributes[0]; attributes += 2)
                if (str_equal((const char *)attributes[0], name))
                        return (const char *)attributes[1];
        return NULL;
}

/* A property, from the style or an attribute of its own (cairo 1.16 and later ones); "" when it is not there. */
static void property(const xmlChar **attributes, const char *name, char ret_value[VALUE_MAX])
{
        const char *style = attribute(attributes, "style"), *own = attribute(attributes, name),
                   *found = style;
        size_t size = strlen(name), n = 0;

        while (found && (found = strstr(found, name)) &&
               !((found == style || found[-1] == ';') && found[size] == ':'))
                found += size;
        if (found)
                own = found + size + 1;
        for (; own && own[n] && own[n] != ';' && n + 1 < VALUE_MAX; n++)
                ret_value[n] = own[n];
        ret_value[n] = '\0';
}

static bool is_seen(const xmlChar **attributes, const char *paint, const char *opacity, bool otherwise)
{
        char value[VALUE_MAX];
        const char *at;
        double parts[3];

        property(attributes, opacity, value);
        at = value;
        if (number(&at, &parts[0]) && parts[0] < FAINT)
                return false;
        property(attributes, paint, value);
        if (!*value)
                return otherwise;
        if (!str_starts(value, "rgb("))
                return !str_equal(value, "none") && !str_equal(value, "white");
        at = value + 4;
        for (size_t i = 0; i < 3; i++) {
                if (!number(&at, &parts[i]))
                        return true;
                at += *at == '%';
        }
        return parts[0] < WHITE || parts[1] < WHITE || parts[2] < WHITE;
}

/* Beyond the deepest level that is kept, its matrix stands. */
static const struct matrix *matrix_now(const struct svg *svg)
{
        size_t level = svg->depth < DEPTH_MAX ? svg->depth : DEPTH_MAX;

        return level ? &svg->stack[level - 1] : &identity;
}

static void read_element(struct svg *svg, const xmlChar **attributes)
{
        const char *path = attribute(attributes, "d"), *at;
        char width[VALUE_MAX];
        struct matrix own = matrix_of(attribute(attributes, "transform"));
        struct matrix all = product(matrix_now(svg), &own);

        svg->shape.filled = is_seen(attributes, "fill", "fill-opacity", true);
        svg->shape.stroked = is_seen(attributes, "stroke", "stroke-opacity", false);
        property(attributes, "stroke-width", width);
        at = width;
        if (!number(&at, &svg->shape.width))
                svg->shape.width = 1;
        svg->shape.width *= sqrt(fabs(all.a * all.d - all.b * all.c));
        svg->matrix = &all;
        if (path && (svg->shape.filled || svg->shape.stroked))
                read_path(svg, path);
        svg->matrix = &identity;
}

/* A letter or a picture that was defined before. */
static void read_use(struct svg *svg, const char *what)
{
        if (what && str_starts(what, "#glyph"))
                svg->letters++;
        else if (what && str_starts(what, "#image"))
                svg->letters = 0;
}

static bool defines(const char *name)
{
        return str_equal(name, "defs") || str_equal(name, "symbol") || str_equal(name, "clipPath") ||
               str_equal(name, "mask") || str_equal(name, "pattern");
}

static void start(void *arg, const xmlChar *name, const xmlChar **attributes)
{
        struct svg *svg = arg;

        if (svg->aside || defines((const char *)name)) {
                svg->aside++;
                return;
        }
        if (str_equal((const char *)name, "path"))
                read_element(svg, attributes);
        else if (str_equal((const char *)name, "use"))
                read_use(svg, attribute(attributes, "xlink:href"));
        else if (str_equal((const char *)name, "image"))
                svg->letters = 0;
        if (svg->depth < DEPTH_MAX) {
                struct matrix own = matrix_of(attribute(attributes, "transform"));

                svg->stack[svg->depth] = product(matrix_now(svg), &own);
        }
        svg->depth++;
}

static void end(void *arg, const xmlChar *name)
{
        struct svg *svg = arg;

        (void)name;
        if (svg->aside)
                svg->aside--;
        else if (svg->depth)
                svg->depth--;
}

static xmlSAXHandler handler = { .startElement = start, .endElement = end };

struct svg *svg_new(svg_shape told, void *arg)
{
        struct svg *svg = xcalloc(1, sizeof *svg);

        svg->told = told;
        svg->arg = arg;
        svg->matrix = &identity;
        svg->parser = xmlCreatePushParserCtxt(&handler, svg, NULL, 0, NULL);
        if (svg->parser)
                xmlCtxtUseOptions(
                    svg->parser, XML_PARSE_NONET | XML_PARSE_HUGE | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
        return svg;
}

void svg_write(struct svg *svg, const char *bytes, size_t size)
{
        while (svg->parser && size > 0) {
                int part = size < INT_MAX / 2 ? (int)size : INT_MAX / 2;

                if (xmlParseChunk(svg->parser, bytes, part, 0) != 0)
                        return;
                bytes += part;
                size -= (size_t)part;
        }
}

size_t svg_letters(const struct svg *svg)
{
        return svg->letters;
}

void svg_free(struct svg *svg)
{
        if (svg->parser) {
                xmlParseChunk(svg->parser, "", 0, 1);
                xmlFreeDoc(svg->parser->myDoc);
        }
        xmlFreeParserCtxt(svg->parser);
        free(svg);
}
