/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/scan_ruling.h"

#include <leptonica/allheaders.h>
#include <stdbool.h>
#include <stdlib.h>

#include "page/scan_shape.h"

enum { GAP_MOST = 300, STEP = 9 };

static int smaller(int a, int b)
{
        return a < b ? a : b;
}

/* Draws what is missing between two parts of a ruling. */
static void draw_between(PIX *rules, struct scan_place left, struct scan_place right)
{
        enum { THIN = 3 };
        int from = left.x + left.w, top = (left.y + left.h / 2 + right.y + right.h / 2) / 2 - THIN / 2;

        if (right.x > from)
                pixRasterop(rules, from - 1, top, right.x - from + 2, THIN, PIX_SET, NULL, 0, 0);
}

static bool is_level(const struct scan_shape *shape)
{
        return shape->kind == SCAN_RULE && shape->at.w > 2 * shape->at.h;
}

/* One that goes on at the same height, beyond a gap that is no longer than what is drawn. */
static bool goes_on(struct scan_place left, struct scan_place right)
{
        int gap = right.x - (left.x + left.w), drawn_most = left.w > right.w ? left.w : right.w;

        return gap <= GAP_MOST && gap <= drawn_most && gap >= -2 * STEP &&
               abs(left.y + left.h / 2 - right.y - right.h / 2) <= STEP;
}

static struct scan_place joined(struct scan_place left, struct scan_place right)
{
        int top = smaller(left.y, right.y);
        int bottom = left.y + left.h > right.y + right.h ? left.y + left.h : right.y + right.h;

        return (struct scan_place){ left.x, top, right.x + right.w - left.x, bottom - top };
}

/* Pieces of a ruling become one; the last of the shapes takes the place of each that is gone. */
static void join_pieces(PIX *rules, struct scan_shapes *shapes)
{
        for (size_t i = 0; i < shapes->count; i++)
                for (size_t k = 0; k < shapes->count; k++) {
                        if (k == i || !is_level(&shapes->items[i]) || !is_level(&shapes->items[k]) ||
                            !goes_on(shapes->items[i].at, shapes->items[k].at))
                                continue;
                        draw_between(rules, shapes->items[i].at, shapes->items[k].at);
                        shapes->items[i].at = joined(shapes->items[i].at, shapes->items[k].at);
                        shapes->items[k] = shapes->items[--shapes->count];
                        i -= i == shapes->count ? i - k : 0;
                        k = (size_t)-1;
                }
}

/* The nearest upright rule that a level one may reach at its left or right end. */
static const struct scan_shape *wall_at(const struct scan_shapes *shapes, struct scan_place at, bool left)
{
        const struct scan_shape *wall = NULL;
        int nearest = smaller(GAP_MOST, at.w), middle = at.y + at.h / 2;

        for (size_t i = 0; i < shapes->count; i++) {
                const struct scan_place other = shapes->items[i].at;
                int gap = left ? at.x - (other.x + other.w) : other.x - (at.x + at.w);

                if (shapes->items[i].kind != SCAN_RULE || other.h <= 2 * other.w || gap > nearest ||
                    gap < 0 || middle < other.y - STEP || middle > other.y + other.h + STEP)
                        continue;
                nearest = gap;
                wall = &shapes->items[i];
        }
        return wall;
}

static void reach_walls(PIX *rules, struct scan_shapes *shapes)
{
        for (size_t i = 0; i < shapes->count; i++)
                for (int left = 0; left < 2 && is_level(&shapes->items[i]); left++) {
                        struct scan_place *at = &shapes->items[i].at;
                        const struct scan_shape *wall = wall_at(shapes, *at, left);
                        struct scan_place end = *at;

                        if (!wall)
                                continue;
                        end.x = wall->at.x;
                        end.w = wall->at.w;
                        draw_between(rules, left ? end : *at, left ? *at : end);
                        *at = left ? joined(end, *at) : joined(*at, end);
                }
}

void scan_rulings_mend(PIX *rules, struct scan_shapes *shapes)
{
        join_pieces(rules, shapes);
        reach_walls(rules, shapes);
}
