/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/layout_column.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "page/layout_stroke.h"
#include "page/page.h"

enum { ROWS_MIN = 3, ROWS_MAX = 60, BINS_MAX = 2000, GROUPS_MAX = 12 };

/* In points; a bin is one wide. */
#define SAME_END 2.5
#define HIGHEST 70.0
#define LOWEST 8.0
#define WIDEST_LINE_MIN 150.0
#define FREE_MIN 8
#define BESIDE 2.0
#define ALIGNED 3.0

/* Horizontal strokes of one length, one below the other. */
struct rows {
        double from, to, at[ROWS_MAX + 1];
        int count; /* of the strokes */
};

/* Per bin and row: whether a word is there. */
struct map {
        const struct rows *rows;
        int bins;
        unsigned char *used; /* bins * rows */
};

static bool continues(const struct rows *rows, const struct stroke *stroke)
{
        double down = stroke->at - rows->at[rows->count - 1];

        return !stroke->taken && fabs(stroke->from - rows->from) <= SAME_END &&
               fabs(stroke->to - rows->to) <= SAME_END && down >= LOWEST && down <= HIGHEST;
}

static void follow(const struct strokes *strokes, size_t first, bool *seen, struct rows *rows)
{
        const struct stroke *one = &strokes->items[first];

        *rows = (struct rows){ .from = one->from, .to = one->to, .at = { one->at }, .count = 1 };
        for (size_t i = first + 1; i < strokes->count && rows->count <= ROWS_MAX; i++) {
                if (strokes->items[i].at > rows->at[rows->count - 1] + HIGHEST)
                        break;
                if (!continues(rows, &strokes->items[i]))
                        continue;
                seen[i] = true;
                rows->at[rows->count++] = strokes->items[i].at;
        }
}

/* A table that has lines between its columns needs no others. */
static bool is_crossed(const struct rows *rows, const struct strokes *vertical)
{
        double top = rows->at[0], bottom = rows->at[rows->count - 1];

        for (size_t i = strokes_from(vertical, rows->from + BESIDE); i < vertical->count; i++) {
                const struct stroke *v = &vertical->items[i];

                if (v->at > rows->to - BESIDE)
                        break;
                if (v->from < bottom - BESIDE && v->to > top + BESIDE)
                        return true;
        }
        return false;
}

static int row_of(const struct rows *rows, double y)
{
        int row = 0;

        if (y <= rows->at[0] || y >= rows->at[rows->count - 1])
                return -1;
        while (y > rows->at[row + 1])
                row++;
        return row;
}

static void fill_place(struct map *map, const struct page_rect *r)
{
        int rows = map->rows->count - 1, row = row_of(map->rows, (r->y0 + r->y1) / 2);
        double from = fmax(r->x0 - map->rows->from, 0), to = fmin(r->x1 - map->rows->from, map->bins - 1);

        for (int bin = (int)from; row >= 0 && bin <= (int)to; bin++)
                map->used[bin * rows + row] = 1;
}

static void fill(const struct page *page, struct map *map)
{
        for (size_t i = 0; i < page->word_count; i++)
                fill_place(map, &page->words[i].at);
        for (size_t i = 0; i < page->control_count; i++)
                fill_place(map, &page->controls[i].at);
}

static bool is_used(const struct map *map, int first, int end, int row)
{
        int rows = map->rows->count - 1;

        for (int bin = first; bin < end; bin++)
                if (map->used[bin * rows + row])
                        return true;
        return false;
}

static bool is_free(const struct map *map, int bin)
{
        for (int row = 0; row < map->rows->count - 1; row++)
                if (is_used(map, bin, bin + 1, row))
                        return false;
        return true;
}

/* Whether most rows have something left of bin "start", and what is right of it begins at one place. */
static bool divides(const struct map *map, int start)
{
        int rows = map->rows->count - 1, left = 0, right = 0, aligned = 0;

        for (int row = 0; row < rows; row++) {
                left += is_used(map, 0, start, row);
                right += is_used(map, start, map->bins, row);
                aligned += is_used(
                    map, start, start + (int)ALIGNED < map->bins ? start + (int)ALIGNED : map->bins, row);
        }
        return left * 2 > rows && right > 1 && aligned * 2 > right;
}

static void divide(const struct map *map, struct strokes *vertical)
{
        int free_bins = 0;

        for (int bin = 0; bin < map->bins; bin++) {
                if (is_free(map, bin)) {
                        free_bins++;
                        continue;
                }
                if (free_bins >= FREE_MIN && free_bins < bin && divides(map, bin))
                        strokes_add(vertical, map->rows->from + bin - BESIDE, map->rows->at[0],
                            map->rows->at[map->rows->count - 1]);
                free_bins = 0;
        }
}

void columns_add(const struct page *page, const struct strokes *horizontal, struct strokes *vertical)
{
        bool *seen = xcalloc(horizontal->count + 1, sizeof *seen);
        size_t groups = 0;

        for (size_t i = 0; i < horizontal->count && groups < GROUPS_MAX; i++) {
                const struct stroke *stroke = &horizontal->items[i];
                double width = stroke->to - stroke->from;
                struct rows rows;
                struct map map = { .rows = &rows, .bins = (int)width };

                if (seen[i] || stroke->taken || width < WIDEST_LINE_MIN || width > BINS_MAX)
                        continue;
                follow(horizontal, i, seen, &rows);
                if (rows.count <= ROWS_MIN || is_crossed(&rows, vertical))
                        continue;
                groups++;
                map.used = xcalloc((size_t)map.bins * (size_t)rows.count, 1);
                fill(page, &map);
                divide(&map, vertical);
                free(map.used);
        }
        strokes_sort(vertical);
        free(seen);
}
