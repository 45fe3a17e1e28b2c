/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/scan_region.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>

#include "base/mem.h"
#include "page/scan_sheet.h"

/* Pixels at SCAN_DPI. */
enum {
        REGIONS_MAX = 2000,
        COARSE = 4,      /* cells are found in a copy as many times smaller */
        CELL_WIDTH = 60, /* at least */
        CELL_HEIGHT = 32,
        INK_LEAST = 25, /* less is dirt */
        APART = 18,     /* blank rows between strips */
        MARGIN = 10,
        WALL = 6, /* letters of a cell reach so far into its walls */
};

static void add(struct scan_regions *regions, struct scan_place at)
{
        if (regions->count >= REGIONS_MAX)
                return;
        if (regions->count == regions->room) {
                regions->room = regions->room * 2 + 32;
                regions->items = xreallocarray(regions->items, regions->room, sizeof *regions->items);
        }
        regions->items[regions->count++] = at;
}

/* The part of the place that has ink, and a margin: tesseract reads nonsense in a line that is mostly empty, or
 * that ends where the picture ends. False: there is nothing but dirt. */
static bool trim(PIX *ink, struct scan_place *at)
{
        BOX *box = boxCreate(at->x, at->y, at->w, at->h), *inside = NULL;
        int count = 0;

        if (box && pixCountPixelsInRect(ink, box, &count, NULL) == 0 && count >= INK_LEAST &&
            pixClipBoxToForeground(ink, box, NULL, &inside) == 0 && inside) {
                boxGetGeometry(inside, &at->x, &at->y, &at->w, &at->h);
                *at = (struct scan_place){ at->x - MARGIN, at->y - MARGIN, at->w + 2 * MARGIN,
                        at->h + 2 * MARGIN };
                if (at->x < 1)
                        at->x = 1;
                if (at->y < 1)
                        at->y = 1;
        }
        boxDestroy(&box);
        boxDestroy(&inside);
        return count >= INK_LEAST;
}

static void clear(PIX *ink, PIX *grey, struct scan_place at)
{
        BOX *box = boxCreate(at.x, at.y, at.w, at.h);

        if (!box)
                return;
        pixClearInRect(ink, box);
        pixSetInRect(grey, box);
        boxDestroy(&box);
}

/* What is enclosed by rules is white between black walls. */
static PIX *rooms_of(PIX *table)
{
        PIX *walls = pixDilateBrick(NULL, table, 7, 7);
        PIX *small = walls ? pixReduceRankBinaryCascade(walls, 1, 1, 0, 0) : NULL;

        pixDestroy(&walls);
        if (small)
                pixInvert(small, small);
        return small;
}

static bool is_cell(PIX *part, struct scan_place at, int width, int height)
{
        int area = 0;

        if (at.x <= 0 || at.y <= 0 || at.x + at.w >= width || at.y + at.h >= height)
                return false;
        pixCountPixels(part, &area, NULL);
        return at.w * COARSE >= CELL_WIDTH && at.h * COARSE >= CELL_HEIGHT && area > 0.85 * at.w * at.h;
}

static void find_cells(PIX *table, struct scan_regions *regions)
{
        PIX *rooms = rooms_of(table);
        PIXA *parts = NULL;
        BOXA *boxes = rooms ? pixConnComp(rooms, &parts, 4) : NULL;
        int count = boxes ? boxaGetCount(boxes) : 0;

        for (int i = 0; i < count; i++) {
                PIX *part = pixaGetPix(parts, i, L_CLONE);
                struct scan_place at = { 0, 0, 0, 0 };

                boxaGetBoxGeometry(boxes, i, &at.x, &at.y, &at.w, &at.h);
                if (is_cell(part, at, pixGetWidth(rooms), pixGetHeight(rooms)))
                        add(regions, (struct scan_place){
                                         at.x * COARSE, at.y * COARSE, at.w * COARSE, at.h * COARSE });
                pixDestroy(&part);
        }
        boxaDestroy(&boxes);
        pixaDestroy(&parts);
        pixDestroy(&rooms);
}

/* Rows of ink with nothing between them for a while. */
static void find_strips(PIX *ink, struct scan_regions *regions)
{
        NUMA *rows = pixCountPixelsByRow(ink, NULL);
        int height = pixGetHeight(ink), width = pixGetWidth(ink), first = -1, last = -1;

        for (int y = 0; rows && y <= height; y++) {
                int count = 0;

                if (y < height)
                        numaGetIValue(rows, y, &count);
                if (first >= 0 && (y == height || y - last > APART)) {
                        struct scan_place at = { 0, first, width, last - first + 1 };

                        if (trim(ink, &at))
                                add(regions, at);
                        first = -1;
                }
                if (count > 1) {
                        last = y;
                        first = first < 0 ? y : first;
                }
        }
        numaDestroy(&rows);
}

void scan_regions_find(
    const struct scan_sheet *sheet, const struct scan_shapes *shapes, struct scan_regions *ret_regions)
{
        PIX *ink = pixCopy(NULL, sheet->ink);
        size_t kept = 0;

        *ret_regions = (struct scan_regions){ .rest = pixCopy(NULL, sheet->grey) };
        if (shapes->table)
                find_cells(shapes->table, ret_regions);
        for (size_t i = 0; i < ret_regions->count; i++) {
                struct scan_place cell = ret_regions->items[i];

                cell =
                    (struct scan_place){ cell.x - WALL, cell.y - WALL, cell.w + 2 * WALL, cell.h + 2 * WALL };
                clear(ink, ret_regions->rest, cell);
                if (trim(sheet->ink, &cell))
                        ret_regions->items[kept++] = cell;
        }
        ret_regions->count = ret_regions->cells = kept;
        find_strips(ink, ret_regions);
        pixDestroy(&ink);
}

void scan_regions_free(struct scan_regions *regions)
{
        free(regions->items);
        pixDestroy(&regions->rest);
        *regions = (struct scan_regions){ 0 };
}
