/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/scan_shape.h"

#include <leptonica/allheaders.h>
#include <stdlib.h>

#include "base/mem.h"
#include "page/scan_box.h"
#include "page/scan_ruling.h"
#include "page/scan_sheet.h"

/* Pixels at SCAN_DPI. */
enum {
        SHAPES_MAX = 5000,
        LONG = 140, /* a rule, whatever is around it */
        UPRIGHT = 90,
        SHORT = 34,      /* a strike or underline at least */
        LETTER_ROW = 44, /* a vertical line that joins two rules */
        THICK = 14,      /* no line is thicker */
        DOT_MOST = 11,
        DOT_APART = 26,
        DOTS_LEAST = 6,
};

struct scan_shape *scan_shape_add(struct scan_shapes *shapes, enum scan_kind kind, struct scan_place at)
{
        if (shapes->count >= SHAPES_MAX)
                return NULL;
        if (shapes->count == shapes->room) {
                shapes->room = shapes->room * 2 + 32;
                shapes->items = xreallocarray(shapes->items, shapes->room, sizeof *shapes->items);
        }
        shapes->items[shapes->count] = (struct scan_shape){ .kind = kind, .at = at };
        return &shapes->items[shapes->count++];
}

int scan_shape_ink(PIX *ink, struct scan_place at)
{
        BOX *box = boxCreate(at.x, at.y, at.w, at.h);
        int count = 0;

        if (box)
                pixCountPixelsInRect(ink, box, &count, NULL);
        boxDestroy(&box);
        return count;
}

struct scan_place scan_shape_place(BOXA *boxes, int index)
{
        struct scan_place at = { 0, 0, 0, 0 };

        boxaGetBoxGeometry(boxes, index, &at.x, &at.y, &at.w, &at.h);
        return at;
}

void scan_shape_take_off(struct scan_sheet *sheet, struct scan_place at, int margin)
{
        BOX *box = boxCreate(at.x - margin, at.y - margin, at.w + 2 * margin, at.h + 2 * margin);

        if (!box)
                return;
        pixClearInRect(sheet->ink, box);
        pixClearInRect(sheet->faint, box);
        pixSetInRect(sheet->grey, box);
        boxDestroy(&box);
}

static int least(int a, int b)
{
        return a < b ? a : b;
}

/* ---- lines */

/* Straight strokes at least this long; gaps of a few pixels and a slant of a pixel or two do no harm. */
static PIX *strokes(PIX *ink, int length, int gap, bool across)
{
        enum { SEED = 30 };
        int seed = least(length, SEED);
        PIX *thick = pixDilateBrick(NULL, ink, across ? 1 : 3, across ? 3 : 1), *open, *closed, *ret;

        open = pixOpenBrick(NULL, thick, across ? seed : 1, across ? 1 : seed);
        closed = pixCloseSafeBrick(NULL, open, across ? gap : 1, across ? 1 : gap);
        ret = pixOpenBrick(NULL, closed, across ? length : 1, across ? 1 : length);
        pixDestroy(&thick);
        pixDestroy(&open);
        pixDestroy(&closed);
        return ret;
}

/* A picture of the same size with the parts that the test takes. */
typedef bool (*line_test)(struct scan_place at, void *arg);

static PIX *chosen(PIX *lines, line_test test, void *arg)
{
        PIX *ret = pixCreateTemplate(lines);
        PIXA *parts = NULL;
        BOXA *boxes = pixConnComp(lines, &parts, 8);
        int count = boxes ? boxaGetCount(boxes) : 0;

        for (int i = 0; i < count; i++) {
                struct scan_place at = scan_shape_place(boxes, i);
                PIX *part = test(at, arg) ? pixaGetPix(parts, i, L_CLONE) : NULL;

                if (part)
                        pixRasterop(ret, at.x, at.y, at.w, at.h, PIX_PAINT, part, 0, 0);
                pixDestroy(&part);
        }
        boxaDestroy(&boxes);
        pixaDestroy(&parts);
        return ret;
}

/* The page while its lines are told apart. */
struct lines {
        PIX *faint, *ink;
        PIX *across, *upright; /* strokes */
        PIX *letters;          /* ink without them */
        struct scan_shapes *shapes;
        enum scan_kind wanted;
        bool coarse;
};

static bool is_thin(int thickness, int length)
{
        return thickness <= THICK + length / 50;
}

/* Whether something of the other direction begins or ends here. */
static bool meets(PIX *others, struct scan_place at, bool across)
{
        const int NEAR = across ? 8 : 4; /* letters reach nearly from one ruling to the next */
        struct scan_place one = { at.x - NEAR, at.y - NEAR, across ? 2 * NEAR : at.w + 2 * NEAR,
                across ? at.h + 2 * NEAR : 2 * NEAR },
                          other = one;

        if (across)
                other.x = at.x + at.w - NEAR;
        else
                other.y = at.y + at.h - NEAR;
        return scan_shape_ink(others, one) > 0 && scan_shape_ink(others, other) > 0;
}

/* A "j" between two rulings has letters close by on both sides, a wall of a cell has not. */
static bool is_among_letters(PIX *ink, struct scan_place at)
{
        enum { OFF = 2, CLOSE = 8, ENOUGH = 8 };
        const struct scan_place left = { at.x - OFF - CLOSE, at.y + at.h / 5, CLOSE, at.h * 3 / 5 };
        const struct scan_place right = { at.x + at.w + OFF, left.y, CLOSE, left.h };

        return scan_shape_ink(ink, left) >= ENOUGH && scan_shape_ink(ink, right) >= ENOUGH;
}

static bool is_upright_rule(struct scan_place at, void *arg)
{
        struct lines *lines = arg;

        if (!is_thin(at.w, at.h) ||
            (at.h < UPRIGHT && (!meets(lines->across, at, false) || is_among_letters(lines->ink, at))))
                return false;
        scan_shape_add(lines->shapes, SCAN_RULE, at);
        return true;
}

/* Of the columns of a line: in how many there is a letter right above it, right below it, and on both sides. */
struct touch {
        double above, below, both, none;
};

static struct touch touch_of(PIX *letters, struct scan_place at, int from, int to)
{
        int above = 0, below = 0, both = 0, none = 0;

        for (int x = at.x; x < at.x + at.w; x++) {
                l_uint32 up = 0, down = 0, bit;

                for (int d = from; d < to; d++) {
                        if (pixGetPixel(letters, x, at.y - 1 - d, &bit) == 0)
                                up |= bit;
                        if (pixGetPixel(letters, x, at.y + at.h + d, &bit) == 0)
                                down |= bit;
                }
                above += up > 0;
                below += down > 0;
                both += up && down;
                none += !up && !down;
        }
        return (struct touch){ (double)above / at.w, (double)below / at.w, (double)both / at.w,
                (double)none / at.w };
}

/* Of the columns of a line: in how many it is really drawn. */
static double drawn(PIX *faint, struct scan_place at)
{
        int count = 0;

        for (int x = at.x; x < at.x + at.w; x++) {
                const struct scan_place column = { x, at.y, 1, at.h };

                count += scan_shape_ink(faint, column) > 0;
        }
        return (double)count / at.w;
}

/* A line through a word has parts of its letters above and below it, in the same columns. */
static bool is_strike(const struct lines *lines, struct scan_place at)
{
        enum {
                STRIKE_LEAST = 44,
                COARSE_LEAST = 36,
                PALE_LEAST = 60,
                LONG_LEAST = 90,
                STRIKE_MOST = 1500,
                NEAR = 12
        };
        struct touch near, close;
        double black;

        if (at.w < (lines->coarse ? COARSE_LEAST : STRIKE_LEAST) || at.w > STRIKE_MOST || at.h < 4 ||
            meets(lines->upright, at, true) || drawn(lines->faint, at) < 0.95)
                return false;
        near = touch_of(lines->letters, at, 0, NEAR);
        close = touch_of(lines->letters, at, 0, 4);
        black = drawn(lines->ink, at);
        if (black < 0.95 && (at.w < PALE_LEAST || near.above < 0.5 || near.below < 0.5 || close.none < 0.35))
                return false; /* letters that run into each other, most likely */
        return near.above > 0.25 && near.below > 0.25 && near.none > 0.1 && close.none > 0.13 &&
               close.both > (black > 0.97 && at.w >= LONG_LEAST ? 0.05 : 0.08); /* "TAK /" has few uprights */
}

static bool is_rule(const struct lines *lines, struct scan_place at)
{
        enum {
                UNDERLINE_LEAST = 60,
                DENSE = 600 /* letters of a blurred line of text may look as long as that */
        };
        struct touch touch = touch_of(lines->letters, at, 0, 3);

        if (at.w >= LONG)
                return touch.above + touch.below < (at.w < DENSE ? 0.2 : 0.5);
        if (meets(lines->upright, at, true))
                return true;
        return at.w >= UNDERLINE_LEAST && touch.above < 0.25 && touch.below < 0.1;
}

static bool is_across(struct scan_place at, void *arg)
{
        struct lines *lines = arg;
        bool strike = is_thin(at.h, at.w) && is_strike(lines, at);

        if (lines->wanted == SCAN_STRIKE ? !strike : strike || !is_thin(at.h, at.w) || !is_rule(lines, at))
                return false;
        scan_shape_add(lines->shapes, lines->wanted, at);
        return true;
}

/* Takes lines off, but for what letters across them need: where there is ink on both sides, it stays. */
static void take_off_lines(struct scan_sheet *sheet, PIX *lines, bool across)
{
        PIX *wide = pixDilateBrick(NULL, lines, across ? 3 : 5, across ? 5 : 3);
        PIX *letters = pixSubtract(NULL, sheet->ink, wide);
        PIX *through = pixCloseSafeBrick(NULL, letters, across ? 1 : THICK, across ? THICK : 1);

        pixSubtract(wide, wide, through);
        pixSubtract(sheet->ink, sheet->ink, wide);
        pixSubtract(sheet->faint, sheet->faint, wide);
        pixSetMasked(sheet->grey, wide, 255);
        pixDestroy(&wide);
        pixDestroy(&letters);
        pixDestroy(&through);
}

static bool is_long(struct scan_place at, void *arg)
{
        (void)arg;
        return at.w >= LONG;
}

static void take_lines(struct scan_sheet *sheet, struct scan_shapes *shapes)
{
        enum { FADED = 61, BROKEN = 13 }; /* gaps in a ruling of a bad fax; in a stroke of a pen */
        PIX *longer = strokes(sheet->faint, LONG, FADED, true), *rules, *strikes, *lines_off;
        PIX *across = strokes(sheet->faint, SHORT, BROKEN, true);
        PIX *upright = strokes(sheet->faint, LETTER_ROW, BROKEN, false);
        struct lines lines = { sheet->faint, sheet->ink, chosen(longer, is_long, NULL), NULL, NULL, shapes,
                SCAN_RULE, sheet->coarse };

        lines.upright = chosen(upright, is_upright_rule, &lines);
        lines_off = pixOr(NULL, across, lines.upright);
        pixOr(lines_off, lines_off, longer);
        pixDilateBrick(lines_off, lines_off, 3, 3);
        lines.letters = pixSubtract(NULL, sheet->ink, lines_off);
        rules = chosen(longer, is_across, &lines);
        pixDilateBrick(lines_off, rules, 5, 5);
        pixSubtract(across, across, lines_off);
        strikes = chosen(across, is_across, &lines);
        pixOr(rules, rules, strikes);
        lines.wanted = SCAN_STRIKE;
        pixDestroy(&strikes);
        strikes = chosen(across, is_across, &lines);
        if (sheet->coarse)
                scan_rulings_mend(rules, shapes);
        take_off_lines(sheet, lines.upright, false);
        take_off_lines(sheet, rules, true);
        take_off_lines(sheet, strikes, true);
        shapes->table = pixOr(NULL, rules, lines.upright);
        pixDestroy(&longer);
        pixDestroy(&across);
        pixDestroy(&upright);
        pixDestroy(&lines.across);
        pixDestroy(&lines.upright);
        pixDestroy(&lines.letters);
        pixDestroy(&lines_off);
        pixDestroy(&strikes);
        pixDestroy(&rules);
}

/* ---- dots */

static int by_left(const void *a, const void *b)
{
        const struct scan_place *one = a, *other = b;

        return one->x != other->x ? (one->x > other->x) - (one->x < other->x)
                                  : (one->y > other->y) - (one->y < other->y);
}

struct chain {
        struct scan_place at;
        int dots, middle;
};

enum { SPECKS_MAX = 8000, CHAINS = 200 };

/* The chain that a dot goes on, or the one to begin with it. */
static struct chain *chain_for(struct chain *chains, struct scan_place dot)
{
        struct chain *oldest = &chains[0];
        int middle = dot.y + dot.h / 2;

        for (struct chain *c = chains; c < chains + CHAINS; c++) {
                int gap = dot.x - (c->at.x + c->at.w);

                if (c->dots && gap >= 0 && gap <= DOT_APART && abs(middle - c->middle) <= 4)
                        return c;
                if (c->dots < DOTS_LEAST &&
                    (oldest->dots >= DOTS_LEAST || c->at.x + c->at.w < oldest->at.x + oldest->at.w))
                        oldest = c;
        }
        oldest->dots = 0;
        return oldest;
}

static void link_dots(
    const struct scan_place *dots, size_t count, struct scan_sheet *sheet, struct scan_shapes *shapes)
{
        struct chain *chains = xcalloc(CHAINS, sizeof *chains);

        for (size_t i = 0; i < count; i++) {
                struct chain *c = chain_for(chains, dots[i]);
                int top = dots[i].y, end = dots[i].y + dots[i].h;

                if (!c->dots)
                        c->at = dots[i];
                top = least(top, c->at.y);
                end = end > c->at.y + c->at.h ? end : c->at.y + c->at.h;
                c->at = (struct scan_place){ c->at.x, top, dots[i].x + dots[i].w - c->at.x, end - top };
                c->middle = dots[i].y + dots[i].h / 2;
                c->dots++;
        }
        for (size_t i = 0; i < CHAINS; i++)
                if (chains[i].dots >= DOTS_LEAST) {
                        scan_shape_add(shapes, SCAN_DOTS, chains[i].at);
                        scan_shape_take_off(sheet, chains[i].at, 2);
                }
        free(chains);
}

static void take_dots(struct scan_sheet *sheet, struct scan_shapes *shapes)
{
        struct scan_place *dots = xcalloc(SPECKS_MAX, sizeof *dots);
        BOXA *boxes = pixConnComp(sheet->ink, NULL, 8);
        int count = boxes ? boxaGetCount(boxes) : 0;
        size_t found = 0;

        for (int i = 0; i < count && found < SPECKS_MAX; i++) {
                struct scan_place at = scan_shape_place(boxes, i);

                if (at.h <= DOT_MOST && at.w <= 3 * DOT_MOST && at.w * 2 >= at.h)
                        dots[found++] = at;
        }
        boxaDestroy(&boxes);
        qsort(dots, found, sizeof *dots, by_left);
        link_dots(dots, found, sheet, shapes);
        free(dots);
}

void scan_shapes_take(struct scan_sheet *sheet, struct scan_shapes *ret_shapes)
{
        *ret_shapes = (struct scan_shapes){ 0 };
        scan_boxes_take(sheet, false, ret_shapes); /* before two of them look like a line */
        take_lines(sheet, ret_shapes);
        scan_boxes_take(sheet, true, ret_shapes);
        scan_boxes_doubt(sheet, ret_shapes);
        take_dots(sheet, ret_shapes);
}

void scan_shapes_free(struct scan_shapes *shapes)
{
        free(shapes->items);
        pixDestroy(&shapes->table);
        *shapes = (struct scan_shapes){ 0 };
}
