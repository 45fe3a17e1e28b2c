/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/pdf_box.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "page/page.h"

enum { BOXES_MAX = 2000, INKS_MAX = 5000, LOOKS_MAX = 20000000, ROW_OF_CELLS = 3 };

/* In points. */
#define SMALLEST 5.0
#define LARGEST 16.0
#define BESIDE 1.2
#define TOUCHING 1.6
#define FURTHER 3.0

/* How far from square, and how much of a box is filled by another square that is the box itself once more. */
#define SQUARE_LOW 0.72
#define SQUARE_HIGH 1.4
#define SAME_BOX 0.66
#define LARGEST_TICK 2.5

struct box {
        struct page_rect at;
        bool filled, on, dropped;
};

struct box_finder {
        struct page *page;
        struct box *boxes;
        size_t count;
        struct page_rect *inks;
        size_t ink_count;
        size_t looks;
};

struct box_finder *box_finder_new(struct page *page)
{
        struct box_finder *f = xcalloc(1, sizeof *f);

        f->page = page;
        f->boxes = xreallocarray(NULL, BOXES_MAX, sizeof *f->boxes);
        f->inks = xreallocarray(NULL, INKS_MAX, sizeof *f->inks);
        return f;
}

static double width_of(const struct page_rect *r)
{
        return r->x1 - r->x0;
}

static double height_of(const struct page_rect *r)
{
        return r->y1 - r->y0;
}

bool box_fits(const struct page_rect *at)
{
        double width = width_of(at), height = height_of(at);

        return width >= SMALLEST && width <= LARGEST && height >= SMALLEST && height <= LARGEST &&
               width >= SQUARE_LOW * height && width <= SQUARE_HIGH * height;
}

void box_add_square(struct box_finder *f, const struct page_rect *at, bool filled)
{
        if (f->count < BOXES_MAX)
                f->boxes[f->count++] = (struct box){ .at = *at, .filled = filled };
}

void box_add_ink(struct box_finder *f, const struct page_rect *at)
{
        if (f->ink_count < INKS_MAX)
                f->inks[f->ink_count++] = *at;
}

/* ---- squares of four lines */

static bool near(double a, double b)
{
        return fabs(a - b) <= BESIDE;
}

static int by_top(const void *a, const void *b)
{
        double one = ((const struct box *)a)->at.y0, other = ((const struct box *)b)->at.y0;

        return one < other ? -1 : one > other;
}

static int rules_by_top(const void *a, const void *b)
{
        double one = ((const struct page_rule *)a)->at.y0, other = ((const struct page_rule *)b)->at.y0;

        return one < other ? -1 : one > other;
}

static bool is_short(double length)
{
        return length >= SMALLEST && length <= LARGEST;
}

/* The upper side of a square: whether its other sides are there. Rules before "from" begin higher. */
static bool has_sides(struct box_finder *f, size_t from, size_t index, struct page_rect *ret_square)
{
        const struct page_rect *top = &f->page->rules[index].at;
        struct page_rect square = { top->x0, top->y0, top->x1, top->y1 };
        bool left = false, right = false, bottom = false;

        for (size_t i = from; i < f->page->rule_count && ++f->looks < LOOKS_MAX; i++) {
                const struct page_rect *r = &f->page->rules[i].at;

                if (r->y0 > top->y1 + LARGEST)
                        break;
                if (height_of(r) > width_of(r) && is_short(height_of(r)) && near(r->y0, top->y0)) {
                        left = left || near(r->x0, top->x0);
                        right = right || near(r->x1, top->x1);
                } else if (near(r->x0, top->x0) && near(r->x1, top->x1) && r->y0 > top->y0 + SMALLEST) {
                        bottom = true;
                        square.y1 = r->y1;
                }
        }
        *ret_square = square;
        return left && right && bottom && box_fits(&square);
}

static void find_drawn(struct box_finder *f)
{
        if (f->page->rule_count)
                qsort(f->page->rules, f->page->rule_count, sizeof *f->page->rules, rules_by_top);
        for (size_t i = 0; i < f->page->rule_count; i++) {
                const struct page_rect *r = &f->page->rules[i].at;
                struct page_rect square;
                size_t from = i;

                if (width_of(r) <= height_of(r) || !is_short(width_of(r)))
                        continue;
                while (from > 0 && f->page->rules[from - 1].at.y0 >= r->y0 - BESIDE && ++f->looks < LOOKS_MAX)
                        from--;
                if (has_sides(f, from, i, &square))
                        box_add_square(f, &square, false);
        }
}

/* ---- what is a box */

static bool contains(const struct page_rect *outer, const struct page_rect *r)
{
        double x = (r->x0 + r->x1) / 2, y = (r->y0 + r->y1) / 2;

        return x >= outer->x0 - BESIDE && x <= outer->x1 + BESIDE && y >= outer->y0 - BESIDE &&
               y <= outer->y1 + BESIDE;
}

/* One inside another: the same drawn twice, or a filled square that ticks it. */
static void join_nested(struct box *outer, struct box *inner)
{
        if (inner->filled && !outer->filled && width_of(&inner->at) < 0.95 * width_of(&outer->at))
                outer->on = true;
        if (!inner->filled && width_of(&inner->at) < SAME_BOX * width_of(&outer->at))
                outer->on = true;
        inner->dropped = true;
}

/* Sorted from above: pairs no further apart than a box is high. */
static void look_at_pairs(struct box_finder *f)
{
        for (size_t i = 0; i < f->count; i++)
                for (size_t k = i + 1;
                     k < f->count && f->boxes[k].at.y0 <= f->boxes[i].at.y1 && f->looks++ < LOOKS_MAX; k++) {
                        struct box *one = &f->boxes[i], *other = &f->boxes[k];

                        if (one->dropped || other->dropped || !contains(&one->at, &other->at))
                                continue;
                        if (one->filled == other->filled ? width_of(&one->at) >= width_of(&other->at)
                                                         : !one->filled)
                                join_nested(one, other);
                        else
                                join_nested(other, one);
                }
}

/* Squares side by side are cells for one letter each. */
static void find_cells(struct box_finder *f)
{
        for (size_t i = 0; i < f->count; i++) {
                size_t row[64], n = 1;

                row[0] = i;
                if (f->boxes[i].dropped)
                        continue;
                for (size_t k = 0; k < f->count && n < 64 && f->looks++ < LOOKS_MAX; k++) {
                        const struct page_rect *last = &f->boxes[row[n - 1]].at, *r = &f->boxes[k].at;

                        if (!f->boxes[k].dropped && fabs(r->x0 - last->x1) <= TOUCHING &&
                            fabs(r->y0 - last->y0) <= TOUCHING && r->x0 > last->x0 + SMALLEST) {
                                row[n++] = k;
                                k = (size_t)-1;
                        }
                }
                for (size_t k = 0; n >= ROW_OF_CELLS && k < n; k++) {
                        const struct page_rect *r = &f->boxes[row[k]].at;

                        f->boxes[row[k]].dropped = true;
                        page_add_rule(f->page, (struct page_rect){ r->x0, r->y0, r->x1, r->y0 });
                        page_add_rule(f->page, (struct page_rect){ r->x0, r->y1, r->x1, r->y1 });
                        page_add_rule(f->page, (struct page_rect){ r->x0, r->y0, r->x0, r->y1 });
                        page_add_rule(f->page, (struct page_rect){ r->x1, r->y0, r->x1, r->y1 });
                }
        }
}

/* A square whose sides go on as longer lines is a cell of a table. */
static bool is_cell(struct box_finder *f, const struct page_rect *box)
{
        int sides = 0;

        for (size_t i = 0; i < f->page->rule_count && f->looks++ < LOOKS_MAX && sides < 2; i++) {
                const struct page_rect *r = &f->page->rules[i].at;
                double x = (r->x0 + r->x1) / 2, y = (r->y0 + r->y1) / 2;

                if (width_of(r) > height_of(r))
                        sides += (near(y, box->y0) || near(y, box->y1)) && r->x0 <= box->x0 + BESIDE &&
                                 r->x1 >= box->x1 - BESIDE && width_of(r) > width_of(box) + FURTHER;
                else
                        sides += (near(x, box->x0) || near(x, box->x1)) && r->y0 <= box->y0 + BESIDE &&
                                 r->y1 >= box->y1 - BESIDE && height_of(r) > height_of(box) + FURTHER;
        }
        return sides >= 2;
}

static void drop_cells(struct box_finder *f)
{
        for (size_t i = 0; i < f->count; i++) {
                const struct page_rect *r = &f->boxes[i].at;

                if (f->boxes[i].dropped || !is_cell(f, r))
                        continue;
                f->boxes[i].dropped = true;
                page_add_rule(f->page, (struct page_rect){ r->x0, r->y0, r->x1, r->y0 });
                page_add_rule(f->page, (struct page_rect){ r->x0, r->y1, r->x1, r->y1 });
                page_add_rule(f->page, (struct page_rect){ r->x0, r->y0, r->x0, r->y1 });
                page_add_rule(f->page, (struct page_rect){ r->x1, r->y0, r->x1, r->y1 });
        }
}

/* ---- what is in it */

static bool is_inside(const struct page_rect *box, const struct page_rect *r)
{
        return r->x0 >= box->x0 - BESIDE && r->x1 <= box->x1 + BESIDE && r->y0 >= box->y0 - BESIDE &&
               r->y1 <= box->y1 + BESIDE;
}

static bool is_side(const struct page_rect *box, const struct page_rect *r)
{
        double x = (r->x0 + r->x1) / 2, y = (r->y0 + r->y1) / 2;

        return width_of(r) > height_of(r) ? near(y, box->y0) || near(y, box->y1)
                                          : near(x, box->x0) || near(x, box->x1);
}

/* Lines that are no sides tick it; none of its lines is a line of the page. */
static void take_lines(struct box_finder *f, struct box *box)
{
        size_t kept = 0, strokes = 0;

        for (size_t i = 0; i < f->page->rule_count; i++) {
                const struct page_rect *r = &f->page->rules[i].at;

                if (!is_inside(&box->at, r))
                        f->page->rules[kept++] = f->page->rules[i];
                else
                        strokes += !is_side(&box->at, r) && fmax(width_of(r), height_of(r)) > SMALLEST / 2;
        }
        f->looks += f->page->rule_count;
        f->page->rule_count = kept;
        box->on = box->on || strokes > 0;
}

static void look_inside(struct box_finder *f, struct box *box)
{
        for (size_t i = 0; i < f->ink_count && f->looks < LOOKS_MAX; i++, f->looks++) {
                const struct page_rect *ink = &f->inks[i];

                if (contains(&box->at, ink) && width_of(ink) <= LARGEST_TICK * width_of(&box->at) &&
                    height_of(ink) <= LARGEST_TICK * height_of(&box->at))
                        box->on = true;
        }
        if (f->looks < LOOKS_MAX)
                take_lines(f, box);
}

void box_finder_end(struct box_finder *f)
{
        find_drawn(f);
        if (f->count)
                qsort(f->boxes, f->count, sizeof *f->boxes, by_top);
        look_at_pairs(f);
        find_cells(f);
        drop_cells(f);
        for (size_t i = 0; i < f->count; i++) {
                struct box *box = &f->boxes[i];

                if (box->dropped || box->filled)
                        continue;
                look_inside(f, box);
                page_add_box(f->page, box->at, box->on);
        }
        free(f->boxes);
        free(f->inks);
        free(f);
}
