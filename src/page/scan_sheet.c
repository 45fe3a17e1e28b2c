/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/scan_sheet.h"

#include <leptonica/allheaders.h>
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "page/scan_photo.h"

enum {
        SIDE_MAX = 7000, /* pixels, after scaling */
};

static const double degree = 3.14159265358979 / 180;

static void replace(PIX **pix, PIX *other)
{
        if (!other)
                return;
        pixDestroy(pix);
        *pix = other;
}

/* ---- how large it is */

static bool is_plausible(double width, double height)
{
        double shorter = fmin(width, height), longer = fmax(width, height);

        return shorter >= 3 && shorter <= 14 && longer <= 24;
}

/* Faxes (ITU-T T.4): 1728, 2048 or 2432 dots a line, 204 an inch; 98 or 196 lines an inch. */
static bool is_fax_width(int width)
{
        return width == 1728 || width == 2048 || width == 2432;
}

struct scan_resolution scan_sheet_resolution(int width, int height, int said_x, int said_y, double letters)
{
        static const double a4 = 8.27, fax_x = 204, fax_y = 98;
        struct scan_resolution is = { said_x, said_y };
        double guessed = fmin(width, height) / a4;

        if (said_x > 0 && said_y > 0 && is_plausible((double)width / said_x, (double)height / said_y)) {
                /* Fax programs that write the same number twice have flattened letters. */
                if (is_fax_width(width) && said_x == said_y && letters > 0 && letters < 0.8)
                        is.y = is.x * fax_y / fax_x;
                return is;
        }
        if (is_fax_width(width) && letters > 0 && letters < 0.8)
                return (struct scan_resolution){ fax_x, fax_y };
        if (is_fax_width(width))
                return (struct scan_resolution){ fax_x, fax_x };
        return (struct scan_resolution){ guessed, guessed };
}

static int compare_doubles(const void *a, const void *b)
{
        double one = *(const double *)a, other = *(const double *)b;

        return (one > other) - (one < other);
}

/* The median height of letters to their width, 0 without enough of them. */
static double letters_of(PIX *ink)
{
        enum { ENOUGH = 40, MOST = 20000 };
        BOXA *boxes = pixConnComp(ink, NULL, 8);
        int count = boxes ? boxaGetCount(boxes) : 0;
        double *ratios = xcalloc(MOST, sizeof *ratios), median;
        size_t found = 0;

        for (int i = 0; i < count && found < MOST; i++) {
                int w = 0, h = 0;

                boxaGetBoxGeometry(boxes, i, NULL, NULL, &w, &h);
                if (w >= 7 && w <= 60 && h >= 5 && h <= 80)
                        ratios[found++] = (double)h / w;
        }
        qsort(ratios, found, sizeof *ratios, compare_doubles);
        median = found >= ENOUGH ? ratios[found / 2] : 0;
        free(ratios);
        boxaDestroy(&boxes);
        return median;
}

static PIX *scaled(PIX *pix, struct scan_resolution is)
{
        float x = (float)(SCAN_DPI / is.x), y = (float)(SCAN_DPI / is.y);
        double longer = fmax(pixGetWidth(pix) * x, pixGetHeight(pix) * y);

        if (longer > SIDE_MAX) {
                x *= (float)(SIDE_MAX / longer);
                y *= (float)(SIDE_MAX / longer);
        }
        if (x > 0.95F && x < 1.05F && y > 0.95F && y < 1.05F)
                return pixClone(pix);
        return pixScale(pix, x, y);
}

/* ---- black on white */

/* A fax: specks go, and white on black is turned over. */
static PIX *from_bits(PIX *pix, bool *ret_coarse)
{
        enum { SPECK = 3, COARSE = 130 /* lines an inch */ };
        l_float32 dark = 0;
        struct scan_resolution is;
        PIX *clean, *eight, *ret;

        pixForegroundFraction(pix, &dark);
        if (dark > 0.5F)
                pixInvert(pix, pix);
        clean = pixSelectBySize(pix, SPECK, SPECK, 8, L_SELECT_IF_EITHER, L_SELECT_IF_GTE, NULL);
        if (!clean)
                return NULL;
        is = scan_sheet_resolution(
            pixGetWidth(pix), pixGetHeight(pix), pixGetXRes(pix), pixGetYRes(pix), letters_of(clean));
        *ret_coarse = is.y < COARSE;
        eight = pixConvertTo8(clean, 0);
        pixDestroy(&clean);
        ret = eight ? scaled(eight, is) : NULL;
        pixDestroy(&eight);
        return ret;
}

/* Shadows and yellow paper become white. */
static PIX *evened(PIX *pix)
{
        enum { PAPER = 200, DIM = 170 }; /* what the norm makes of paper; what is too dark for it */
        l_uint32 light = 255;
        PIX *norm, *bright = NULL;

        if (pixGetRankValue(pix, 8, 0.8F, &light) == 0 && light > 0 && light < DIM)
                bright = pixGammaTRC(NULL, pix, 1.0F, 0, (int)light);
        norm = pixBackgroundNormSimple(bright ? bright : pix, NULL, NULL);
        pixDestroy(&bright);
        if (!norm)
                return pixClone(pix);
        pixGammaTRC(norm, norm, 1.0F, 0, PAPER);
        return norm;
}

static PIX *from_grey(PIX *pix)
{
        PIX *flat = scan_photo_flatten(pix), *sized, *ret;
        const PIX *from = flat ? flat : pix;
        struct scan_resolution is = { SCAN_DPI, SCAN_DPI };

        if (!flat)
                is = scan_sheet_resolution(
                    pixGetWidth(from), pixGetHeight(from), pixGetXRes(from), pixGetYRes(from), 0);
        sized = scaled(flat ? flat : pix, is);
        pixDestroy(&flat);
        ret = sized ? evened(sized) : NULL;
        pixDestroy(&sized);
        return ret;
}

/* ---- straight and upright */

static PIX *ink_of(PIX *grey)
{
        enum { TILE = 2000, USUAL = 150 };
        PIX *ink = NULL;

        if (pixOtsuAdaptiveThreshold(grey, TILE, TILE, 0, 0, 0.1F, NULL, &ink) || !ink)
                ink = pixThresholdToBinary(grey, USUAL);
        return ink;
}

void scan_sheet_turn(struct scan_sheet *sheet, int quarters)
{
        if (quarters == 0)
                return;
        replace(&sheet->grey, pixRotateOrth(sheet->grey, quarters));
        replace(&sheet->ink, pixRotateOrth(sheet->ink, quarters));
        if (sheet->faint)
                replace(&sheet->faint, pixRotateOrth(sheet->faint, quarters));
}

struct skew {
        float angle, confidence, score;
};

static struct skew skew_of(PIX *ink)
{
        enum { SWEEP = 4, SEARCH = 2 };
        struct skew skew = { 0, 0, 0 };

        if (pixFindSkewSweepAndSearchScore(
                ink, &skew.angle, &skew.confidence, &skew.score, SWEEP, SEARCH, 0, 9, 1, 0.02F))
                skew = (struct skew){ 0, 0, 0 };
        return skew;
}

/* Lines of text make the rows of a page differ more than its columns. */
static struct skew upright(struct scan_sheet *sheet)
{
        PIX *turned = pixRotateOrth(sheet->ink, 1);
        struct skew as_is = skew_of(sheet->ink), other = turned ? skew_of(turned) : as_is;

        pixDestroy(&turned);
        if (other.score <= as_is.score)
                return as_is;
        scan_sheet_turn(sheet, 1);
        return other;
}

static void straighten(struct scan_sheet *sheet, struct skew skew)
{
        PIX *straight, *ink;

        if (skew.confidence < 2 || fabsf(skew.angle) < 0.05F)
                return;
        straight =
            pixRotate(sheet->grey, (float)(skew.angle * degree), L_ROTATE_AREA_MAP, L_BRING_IN_WHITE, 0, 0);
        ink = straight ? ink_of(straight) : NULL;
        replace(&sheet->ink, ink);
        if (ink)
                replace(&sheet->grey, straight);
}

static bool is_upside_down(PIX *ink)
{
        enum { CERTAIN = 5 };
        float up = 0;

        if (pixUpDownDetect(ink, &up, 0, 0, 0))
                return false;
        return up < -CERTAIN;
}

bool scan_sheet_take(struct Pix *pix, struct scan_sheet *ret_sheet)
{
        enum { FAINT = 215 };

        *ret_sheet = (struct scan_sheet){ .bits = pixGetDepth(pix) == 1 };
        ret_sheet->grey = ret_sheet->bits ? from_bits(pix, &ret_sheet->coarse) : from_grey(pix);
        pixDestroy(&pix);
        ret_sheet->ink = ret_sheet->grey ? ink_of(ret_sheet->grey) : NULL;
        if (!ret_sheet->ink) {
                scan_sheet_free(ret_sheet);
                return false;
        }
        straighten(ret_sheet, upright(ret_sheet));
        ret_sheet->faint = pixThresholdToBinary(ret_sheet->grey, FAINT);
        if (is_upside_down(ret_sheet->ink))
                scan_sheet_turn(ret_sheet, 2);
        return ret_sheet->faint != NULL;
}

void scan_sheet_free(struct scan_sheet *sheet)
{
        pixDestroy(&sheet->grey);
        pixDestroy(&sheet->ink);
        pixDestroy(&sheet->faint);
}
