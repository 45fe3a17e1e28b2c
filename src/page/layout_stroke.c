/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/layout_stroke.h"

#include <stdlib.h>

#include "base/mem.h"
#include "page/page.h"

/* In points: strokes no further apart are one line; gaps no wider belong to a dashed line. */
#define SAME_LINE 1.0
#define DASH_GAP 3.5
/* What is shorter when all is pieced together is a dot or a corner. */
#define SHORTEST 4.0

void strokes_add(struct strokes *strokes, double at, double from, double to)
{
        if (strokes->count == strokes->room) {
                strokes->room = strokes->room * 2 + 64;
                strokes->items = xreallocarray(strokes->items, strokes->room, sizeof *strokes->items);
        }
        strokes->items[strokes->count++] = (struct stroke){ .at = at, .from = from, .to = to };
}

static void add_rules(struct strokes *strokes, const struct page *page, bool horizontal)
{
        for (size_t i = 0; i < page->rule_count; i++) {
                const struct page_rect *r = &page->rules[i].at;

                if ((r->x1 - r->x0 >= r->y1 - r->y0) != horizontal)
                        continue;
                if (horizontal)
                        strokes_add(strokes, (r->y0 + r->y1) / 2, r->x0, r->x1);
                else
                        strokes_add(strokes, (r->x0 + r->x1) / 2, r->y0, r->y1);
        }
}

static int by_at(const void *a, const void *b)
{
        const struct stroke *one = a, *other = b;

        if (one->at < other->at || one->at > other->at)
                return one->at < other->at ? -1 : 1;
        return one->from < other->from ? -1 : one->from > other->from;
}

static int by_from(const void *a, const void *b)
{
        const struct stroke *one = a, *other = b;

        return one->from < other->from ? -1 : one->from > other->from;
}

/* Pieces items [first, end), which lie on one line, together; appends them at *ret_kept. */
static void join(struct strokes *strokes, size_t first, size_t end, size_t *kept)
{
        struct stroke *items = strokes->items;

        qsort(items + first, end - first, sizeof *items, by_from);
        for (size_t i = first; i < end;) {
                struct stroke whole = items[i];

                for (i++; i < end && items[i].from <= whole.to + DASH_GAP; i++)
                        if (items[i].to > whole.to)
                                whole.to = items[i].to;
                if (whole.to - whole.from >= SHORTEST)
                        items[(*kept)++] = whole;
        }
}

void strokes_collect(const struct page *page, bool horizontal, struct strokes *ret_strokes)
{
        struct strokes strokes = { 0 };
        size_t kept = 0;

        add_rules(&strokes, page, horizontal);
        if (strokes.count)
                qsort(strokes.items, strokes.count, sizeof *strokes.items, by_at);
        for (size_t first = 0, end; first < strokes.count; first = end) {
                for (end = first + 1; end < strokes.count; end++)
                        if (strokes.items[end].at > strokes.items[first].at + SAME_LINE)
                                break;
                join(&strokes, first, end, &kept);
        }
        strokes.count = kept;
        strokes_sort(&strokes);
        *ret_strokes = strokes;
}

void strokes_sort(struct strokes *strokes)
{
        if (strokes->count)
                qsort(strokes->items, strokes->count, sizeof *strokes->items, by_at);
}

void strokes_free(struct strokes *strokes)
{
        free(strokes->items);
        *strokes = (struct strokes){ 0 };
}

size_t strokes_from(const struct strokes *strokes, double at)
{
        size_t low = 0, high = strokes->count;

        while (low < high) {
                size_t middle = low + (high - low) / 2;

                if (strokes->items[middle].at < at)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low;
}
