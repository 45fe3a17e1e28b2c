/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/scan_box.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "page/scan_shape.h"
#include "page/scan_sheet.h"

/* Pixels at SCAN_DPI. */
enum {
        BOX_LEAST = 24,
        BOX_MOST = 75,
        SIDE_LEAST = 16,
        SMALL_BOX = 30, /* as large as a letter */
        SIDE_THICK = 14,
};

static int least(int a, int b)
{
        return a < b ? a : b;
}

/* How much of the weakest side is drawn. */
static double sides(PIX *frame, struct scan_place at)
{
        int thick = least(at.w, at.h) / 12 + 1, weakest = at.w + at.h, count[4] = { 0 };

        for (int i = 0; i < at.w; i++) {
                const struct scan_place up = { at.x + i, at.y, 1, thick };
                const struct scan_place down = { at.x + i, at.y + at.h - thick, 1, thick };

                count[0] += scan_shape_ink(frame, up) > 0;
                count[1] += scan_shape_ink(frame, down) > 0;
        }
        for (int i = 0; i < at.h; i++) {
                const struct scan_place left = { at.x, at.y + i, thick, 1 };
                const struct scan_place right = { at.x + at.w - thick, at.y + i, thick, 1 };

                count[2] += scan_shape_ink(frame, left) > 0;
                count[3] += scan_shape_ink(frame, right) > 0;
        }
        for (int i = 0; i < 4; i++)
                weakest = least(weakest, count[i]);
        return (double)weakest / (at.w > at.h ? at.w : at.h);
}

/* The straight parts of round letters lie inside the letter, those of a box around it. most: percent of a ring around
 * it that may be ink. */
static bool stands_out(PIX *ink, struct scan_place at, int most)
{
        enum { BLUR = 1, RING = 3 };
        const struct scan_place outer = { at.x - BLUR - RING, at.y - BLUR - RING, at.w + 2 * (BLUR + RING),
                at.h + 2 * (BLUR + RING) };
        const struct scan_place inner = { at.x - BLUR, at.y - BLUR, at.w + 2 * BLUR, at.h + 2 * BLUR };
        int area = outer.w * outer.h - inner.w * inner.h;

        return (scan_shape_ink(ink, outer) - scan_shape_ink(ink, inner)) * 100 < area * most;
}

static bool is_square(struct scan_place at)
{
        return at.w >= BOX_LEAST && at.h >= BOX_LEAST && at.w <= BOX_MOST && at.h <= BOX_MOST &&
               at.w * 4 >= at.h * 3 && at.h * 4 >= at.w * 3;
}

/* ---- what is in a box */

/* Without the frame. */
static struct scan_place inside_of(struct scan_place at)
{
        int edge = least(at.w, at.h) / 6 + 2;

        return (struct scan_place){ at.x + edge, at.y + edge, at.w - 2 * edge, at.h - 2 * edge };
}

static double fill_of(PIX *ink, struct scan_place at)
{
        const struct scan_place inside = inside_of(at);

        if (inside.w <= 0 || inside.h <= 0)
                return 0;
        return (double)scan_shape_ink(ink, inside) / (inside.w * inside.h);
}

static int compare_doubles(const void *a, const void *b)
{
        double one = *(const double *)a, other = *(const double *)b;

        return (one > other) - (one < other);
}

/* The mean grey of a line that runs parallel to a diagonal; black counts as grey, lest a speck be as much as a
 * stroke. */
static double grey_along(PIX *grey, struct scan_place inside, int aside, bool rising)
{
        enum { GREY = 195 };
        double sum = 0;
        int count = 0;

        for (int i = 0; i < inside.w; i++) {
                int down = i * inside.h / inside.w + aside;
                int across = rising ? inside.w - 1 - i : i;
                l_uint32 value = 255;

                if (down < 0 || down >= inside.h)
                        continue;
                pixGetPixel(grey, inside.x + across, inside.y + down, &value);
                sum += value < GREY ? GREY : value;
                count++;
        }
        return count ? sum / count : 255;
}

/* How much darker than the lines beside it the darkest line along a diagonal is: thin strokes of a cross in a
 * photograph are hardly grey, but grey all along. */
static double stroke_along(PIX *grey, struct scan_place at, bool rising)
{
        enum { ASIDE_MOST = 15 };
        const struct scan_place inside = inside_of(at);
        double greys[2 * ASIDE_MOST + 1], sorted[2 * ASIDE_MOST + 1], darkest = 255;
        int most = least(inside.h / 2, ASIDE_MOST);
        size_t count = 0;

        if (inside.w <= 0 || inside.h <= 0)
                return 0;
        for (int aside = -most; aside <= most; aside++)
                greys[count++] = grey_along(grey, inside, aside, rising);
        for (size_t i = 1; i + 1 < count; i++) {
                double mean = (greys[i - 1] + greys[i] + greys[i + 1]) / 3;

                darkest = mean < darkest ? mean : darkest;
        }
        memcpy(sorted, greys, sizeof sorted);
        qsort(sorted, count, sizeof *sorted, compare_doubles);
        return sorted[count / 2] - darkest;
}

static enum scan_state state_of(const struct scan_sheet *sheet, struct scan_place at)
{
        static const double dirt = 0.02, on = 0.12, visible = 8, clear = 20;
        double fill = fill_of(sheet->faint, at);
        double rising = stroke_along(sheet->grey, at, true), falling = stroke_along(sheet->grey, at, false);

        if (fill > on || (rising > clear && falling > clear))
                return SCAN_ON;
        return fill > dirt || rising > visible || falling > visible ? SCAN_PERHAPS_ON : SCAN_OFF;
}

/* How thick the frame is, in pixels. */
static double thickness(PIX *ink, struct scan_place at)
{
        const struct scan_place outside = { at.x - 1, at.y - 1, at.w + 2, at.h + 2 };

        return (double)(scan_shape_ink(ink, outside) - scan_shape_ink(ink, inside_of(at))) /
               (2 * (at.w + at.h));
}

void scan_boxes_doubt(const struct scan_sheet *sheet, struct scan_shapes *shapes)
{
        static const double hair = 2.1;
        double *thick = xcalloc(shapes->count + 1, sizeof *thick);
        size_t count = 0;

        for (size_t i = 0; i < shapes->count; i++)
                if (shapes->items[i].kind == SCAN_BOX)
                        thick[count++] = shapes->items[i].thickness;
        qsort(thick, count, sizeof *thick, compare_doubles);
        for (size_t i = 0; i < shapes->count && sheet->bits && thick[count / 2] < hair; i++)
                if (shapes->items[i].kind == SCAN_BOX && shapes->items[i].state == SCAN_OFF)
                        shapes->items[i].state = SCAN_PERHAPS_OFF;
        free(thick);
}

static bool is_box(PIX *frames, PIX *faint, struct scan_place at, int most)
{
        return is_square(at) && sides(frames, at) >= (at.w < SMALL_BOX ? 0.9 : 0.8) &&
               stands_out(faint, at, most);
}

static void take_box(struct scan_sheet *sheet, struct scan_place at, struct scan_shapes *shapes)
{
        struct scan_shape *box = scan_shape_add(shapes, SCAN_BOX, at);

        if (box) {
                box->state = state_of(sheet, at);
                box->thickness = thickness(sheet->ink, at);
        }
        scan_shape_take_off(sheet, at, 4);
}

/* The box between two uprights of the same height; empty when they are not. */
static struct scan_place between(struct scan_place a, struct scan_place b)
{
        enum { APART = 5 };

        if (b.x <= a.x || abs(a.y - b.y) > APART || abs(a.h - b.h) > APART)
                return (struct scan_place){ 0, 0, 0, 0 };
        return (struct scan_place){ a.x, least(a.y, b.y), b.x + b.w - a.x, a.h > b.h ? a.h : b.h };
}

/* Boxes under each other that touch: their uprights stand apart all the same. */
static void take_pairs(struct scan_sheet *sheet, PIX *frames, PIX *upright, struct scan_shapes *shapes)
{
        enum { UPRIGHTS_MAX = 3000, NEIGHBOUR = 30, HIGH = 36 /* no letter */ };
        BOXA *boxes = pixConnComp(upright, NULL, 8);
        int count = boxes ? least(boxaGetCount(boxes), UPRIGHTS_MAX) : 0;

        for (int i = 0; i < count; i++) {
                const struct scan_place left = scan_shape_place(boxes, i);

                if (left.h < HIGH || left.w > SIDE_THICK || !scan_shape_ink(sheet->faint, left))
                        continue;
                for (int k = 0; k < count; k++) {
                        struct scan_place at = between(left, scan_shape_place(boxes, k));

                        if (!is_box(frames, sheet->faint, at, NEIGHBOUR))
                                continue;
                        take_box(sheet, at, shapes);
                        break;
                }
        }
        boxaDestroy(&boxes);
}

void scan_boxes_take(struct scan_sheet *sheet, bool broken, struct scan_shapes *shapes)
{
        enum { ALONE = 7 };
        PIX *closed = broken ? pixCloseSafeBrick(NULL, sheet->faint, 3, 3) : pixClone(sheet->faint);
        PIX *frames, *upright;
        BOXA *boxes;
        int count;

        frames = pixOpenBrick(NULL, closed, SIDE_LEAST, 1);
        upright = pixOpenBrick(NULL, closed, 1, SIDE_LEAST);
        pixOr(frames, frames, upright);
        boxes = pixConnComp(frames, NULL, 8);
        count = boxes ? boxaGetCount(boxes) : 0;
        for (int i = 0; i < count; i++) {
                struct scan_place at = scan_shape_place(boxes, i);

                if (is_box(frames, sheet->faint, at, ALONE))
                        take_box(sheet, at, shapes);
        }
        take_pairs(sheet, frames, upright, shapes);
        boxaDestroy(&boxes);
        pixDestroy(&closed);
        pixDestroy(&frames);
        pixDestroy(&upright);
}
