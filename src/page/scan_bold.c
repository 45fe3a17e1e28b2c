/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/scan_bold.h"

#include <leptonica/allheaders.h>

#define BOLDER 1.35

/* How wide the strokes are across, in pixels: the mean of the runs of all rows. */
static double stroke_of(PIX *ink, struct scan_place at)
{
        enum { ENOUGH = 150 };
        BOX *box = boxCreate(at.x, at.y, at.w, at.h);
        PIX *word = box ? pixClipRectangle(ink, box, NULL) : NULL, *edges = word ? pixCopy(NULL, word) : NULL;
        int area = 0, runs = 0;

        if (edges) {
                /* A run begins where there is no ink at its left. */
                pixRasterop(edges, 1, 0, at.w - 1, at.h, PIX_NOT(PIX_SRC) & PIX_DST, word, 0, 0);
                pixCountPixels(word, &area, NULL);
                pixCountPixels(edges, &runs, NULL);
        }
        boxDestroy(&box);
        pixDestroy(&word);
        pixDestroy(&edges);
        return area >= ENOUGH && runs > 0 ? (double)area / runs : 0;
}

int scan_bold_of(struct Pix *ink, struct scan_place first, struct scan_place second)
{
        double one = stroke_of(ink, first), other = stroke_of(ink, second);

        if (one == 0 || other == 0)
                return 0;
        return one > BOLDER * other ? -1 : other > BOLDER * one ? 1 : 0;
}
