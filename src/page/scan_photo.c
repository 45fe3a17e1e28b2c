/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/scan_photo.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdbool.h>

#include "page/scan_sheet.h"

enum {
        SMALL = 300,      /* pixels of the shorter side when looking for the sheet */
        LONG_SIDE = 3508, /* A4 at SCAN_DPI */
        SHORT_SIDE = 2480,
};

struct point {
        double x, y;
};

/* From the upper left one clockwise. */
struct corners {
        struct point at[4];
};

/* ---- the sheet in a small copy */

/* White where it is light. */
static PIX *light_of(PIX *pix, double factor)
{
        PIX *small = pixScaleAreaMap(pix, (float)factor, (float)factor), *soft = NULL, *dark = NULL;
        int threshold = 128;

        soft = small ? pixBlockconv(small, 2, 2) : NULL;
        if (soft && pixSplitDistributionFgBg(soft, 0.1F, 1, &threshold, NULL, NULL, NULL) == 0)
                dark = pixThresholdToBinary(soft, threshold);
        pixDestroy(&small);
        pixDestroy(&soft);
        if (dark)
                pixInvert(dark, dark);
        return dark;
}

/* How much of the picture's edge is light: little when a whole sheet lies inside. */
static double light_edge(PIX *light)
{
        int w = pixGetWidth(light), h = pixGetHeight(light), inside = 0, all = 0;
        BOX *box = boxCreate(2, 2, w - 4, h - 4);

        pixCountPixels(light, &all, NULL);
        pixCountPixelsInRect(light, box, &inside, NULL);
        boxDestroy(&box);
        return (double)(all - inside) / (2.0 * 2 * (w + h));
}

/* The largest light thing, its holes filled; NULL when it is no sheet. */
static PIX *sheet_of(PIX *light)
{
        PIX *closed = pixCloseBrick(NULL, light, 15, 15), *sheet = NULL, *whole;
        PIXA *parts = NULL;
        BOXA *boxes = closed ? pixConnComp(closed, &parts, 8) : NULL;
        int most = 0, x = 0, y = 0, w = pixGetWidth(light), h = pixGetHeight(light), best = -1;
        int count = boxes ? boxaGetCount(boxes) : 0;

        for (int i = 0; i < count; i++) {
                PIX *part = pixaGetPix(parts, i, L_CLONE);
                int area = 0;

                pixCountPixels(part, &area, NULL);
                pixDestroy(&part);
                if (area > most) {
                        most = area;
                        best = i;
                }
        }
        if (best >= 0 && most > 0.25 * w * h && most < 0.96 * w * h) {
                boxaGetBoxGeometry(boxes, best, &x, &y, NULL, NULL);
                whole = pixCreate(w, h, 1);
                sheet = pixaGetPix(parts, best, L_CLONE);
                pixRasterop(whole, x, y, pixGetWidth(sheet), pixGetHeight(sheet), PIX_SRC, sheet, 0, 0);
                pixDestroy(&sheet);
                sheet = whole;
        }
        boxaDestroy(&boxes);
        pixaDestroy(&parts);
        pixDestroy(&closed);
        return sheet;
}

/* Corners are what reaches farthest in the four diagonal directions. */
static struct corners corners_of(PIX *sheet)
{
        static const int way[4][2] = { { -1, -1 }, { 1, -1 }, { 1, 1 }, { -1, 1 } };
        double far[4] = { -1e9, -1e9, -1e9, -1e9 };
        struct corners ret = { 0 };

        for (int y = 0; y < pixGetHeight(sheet); y++) {
                const l_uint32 *row = pixGetData(sheet) + (size_t)y * (size_t)pixGetWpl(sheet);

                for (int x = 0; x < pixGetWidth(sheet); x++) {
                        if (!GET_DATA_BIT(row, x))
                                continue;
                        for (int i = 0; i < 4; i++) {
                                double reach = way[i][0] * x + way[i][1] * y;

                                if (reach > far[i]) {
                                        far[i] = reach;
                                        ret.at[i] = (struct point){ x, y };
                                }
                        }
                }
        }
        return ret;
}

static double distance(struct point a, struct point b)
{
        return hypot(a.x - b.x, a.y - b.y);
}

/* Four corners with nothing but the sheet between them. */
static bool is_filled(PIX *sheet, const struct corners *c)
{
        double twice = 0;
        int area = 0;

        for (int i = 0; i < 4; i++)
                twice += c->at[i].x * c->at[(i + 1) % 4].y - c->at[(i + 1) % 4].x * c->at[i].y;
        pixCountPixels(sheet, &area, NULL);
        return twice > 0 && fabs(twice / 2 - area) < 0.06 * area;
}

/* ---- straight from above */

/* Sheets are A4, unless they clearly are not. */
static void size_of(const struct corners *c, int *ret_width, int *ret_height)
{
        double across = distance(c->at[0], c->at[1]) + distance(c->at[3], c->at[2]);
        double down = distance(c->at[0], c->at[3]) + distance(c->at[1], c->at[2]);
        double ratio = fmax(across, down) / fmax(1, fmin(across, down));
        int longer = ratio > 1.15 && ratio < 1.7 ? LONG_SIDE : (int)fmin(2 * LONG_SIDE, SHORT_SIDE * ratio);

        *ret_width = across > down ? longer : SHORT_SIDE;
        *ret_height = across > down ? SHORT_SIDE : longer;
}

static PIX *mapped(PIX *pix, const struct corners *c, int width, int height)
{
        const struct point to[4] = { { 0, 0 }, { width, 0 }, { width, height }, { 0, height } };
        int w = pixGetWidth(pix), h = pixGetHeight(pix);
        PIX *canvas = pixCreate(w > width ? w : width, h > height ? h : height, 8), *out = NULL, *ret = NULL;
        PTA *source = ptaCreate(4), *target = ptaCreate(4);
        BOX *box = boxCreate(0, 0, width, height);

        for (int i = 0; i < 4; i++) {
                ptaAddPt(source, (float)c->at[i].x, (float)c->at[i].y);
                ptaAddPt(target, (float)to[i].x, (float)to[i].y);
        }
        if (canvas) {
                pixSetAll(canvas);
                pixRasterop(canvas, 0, 0, w, h, PIX_SRC, pix, 0, 0);
                out = pixProjectivePtaGray(canvas, target, source, 255);
        }
        ret = out ? pixClipRectangle(out, box, NULL) : NULL;
        pixDestroy(&canvas);
        pixDestroy(&out);
        ptaDestroy(&source);
        ptaDestroy(&target);
        boxDestroy(&box);
        return ret;
}

struct Pix *scan_photo_flatten(struct Pix *pix)
{
        int shorter = pixGetWidth(pix) < pixGetHeight(pix) ? pixGetWidth(pix) : pixGetHeight(pix);
        double factor = (double)SMALL / shorter;
        PIX *light = shorter > 2 * SMALL ? light_of(pix, factor) : NULL, *sheet = NULL, *ret = NULL;
        struct corners corners;
        int width, height;

        if (light && light_edge(light) < 0.4)
                sheet = sheet_of(light);
        if (sheet) {
                corners = corners_of(sheet);
                if (is_filled(sheet, &corners)) {
                        for (int i = 0; i < 4; i++) {
                                corners.at[i].x = (corners.at[i].x + 0.5) / factor;
                                corners.at[i].y = (corners.at[i].y + 0.5) / factor;
                        }
                        size_of(&corners, &width, &height);
                        ret = mapped(pix, &corners, width, height);
                }
        }
        pixDestroy(&light);
        pixDestroy(&sheet);
        return ret;
}
