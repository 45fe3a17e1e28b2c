/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/layout_table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "page/layout_stroke.h"

enum { CELLS_MAX = 20000, CROSSINGS_MAX = 2000000 };

/* In points. */
#define TOUCH 2.5        /* lines that end so near to another touch it */
#define SAME_EDGE 4.0    /* double lines */
#define OPEN_SIDE 14.0   /* lines that reach so far beyond the last one across have a column there */
#define LONG_ENOUGH 10.0 /* shorter horizontal strokes are no lines of a table */
#define NARROWEST 30.0
#define OUTSIDE 1.0
#define ROW_HEIGHT 30.0

/* Half of an edge drawn is an edge. */
#define DRAWN 0.5

struct finder {
        struct strokes *across, *down; /* horizontal, vertical */
        size_t *parents;               /* of all strokes, those across first */
        bool *crossed;                 /* of those across: by one that goes down */
};

static size_t root_of(size_t *parents, size_t i)
{
        while (parents[i] != i) {
                parents[i] = parents[parents[i]];
                i = parents[i];
        }
        return i;
}

static void unite(size_t *parents, size_t a, size_t b)
{
        parents[root_of(parents, a)] = root_of(parents, b);
}

static bool is_line(const struct stroke *stroke)
{
        return !stroke->taken && stroke->to - stroke->from >= LONG_ENOUGH;
}

static void unite_crossing(struct finder *f)
{
        size_t looked = 0;

        for (size_t i = 0; i < f->across->count; i++) {
                const struct stroke *h = &f->across->items[i];

                if (!is_line(h))
                        continue;
                for (size_t k = strokes_from(f->down, h->from - TOUCH); k < f->down->count; k++) {
                        const struct stroke *v = &f->down->items[k];

                        if (v->at > h->to + TOUCH || ++looked > CROSSINGS_MAX)
                                break;
                        if (v->taken || h->at < v->from - TOUCH || h->at > v->to + TOUCH)
                                continue;
                        unite(f->parents, i, f->across->count + k);
                        f->crossed[i] = true;
                }
        }
}

/* The line next in length and place, above or below: rows without any line between their cells. */
static void unite_alone(struct finder *f)
{
        size_t looked = 0;

        for (size_t i = 0; i < f->across->count; i++) {
                const struct stroke *one = &f->across->items[i];

                for (size_t k = i + 1; is_line(one) && k < f->across->count; k++) {
                        const struct stroke *other = &f->across->items[k];

                        if (other->at > one->at + ROW_HEIGHT || ++looked > CROSSINGS_MAX)
                                break;
                        if (!is_line(other) || (f->crossed[i] && f->crossed[k]) ||
                            fabs(one->from - other->from) > TOUCH || fabs(one->to - other->to) > TOUCH)
                                continue;
                        unite(f->parents, i, k);
                        break;
                }
        }
}

/* ---- one group of strokes */

struct group {
        struct stroke **across, **down; /* borrowed */
        size_t across_count, down_count;
};

static int by_size(const void *a, const void *b)
{
        double one = *(const double *)a, other = *(const double *)b;

        return one < other ? -1 : one > other;
}

/* Sorts, and makes one of those that lie close together. */
static int cluster(double *values, size_t count)
{
        int kept = 0;

        qsort(values, count, sizeof *values, by_size);
        for (size_t i = 0; i < count;) {
                double sum = 0, first = values[i];
                size_t n = 0;

                for (; i < count && values[i] <= first + SAME_EDGE; i++, n++)
                        sum += values[i];
                values[kept++] = sum / (double)n;
        }
        return kept;
}

/* The lines' places, and where the lines across them end when nothing closes them. */
static double *edges_of(struct stroke *const *lines, size_t count, struct stroke *const *others,
    size_t other_count, int *ret_count)
{
        double *edges = xreallocarray(NULL, count + 2, sizeof *edges), low, high, first, last;
        size_t n = 0;

        for (size_t i = 0; i < count; i++)
                edges[n++] = lines[i]->at;
        n = (size_t)cluster(edges, n);
        low = first = edges[0];
        high = last = edges[n - 1];
        for (size_t i = 0; i < other_count; i++) {
                low = others[i]->from < low ? others[i]->from : low;
                high = others[i]->to > high ? others[i]->to : high;
        }
        if (low < first - OPEN_SIDE)
                edges[n++] = low;
        if (high > last + OPEN_SIDE)
                edges[n++] = high;
        *ret_count = cluster(edges, n);
        return edges;
}

/* Where in edges a value lies: the last edge that is not greater, -1 before the first. */
static int place_of(const double *edges, int count, double value)
{
        int low = 0, high = count;

        while (low < high) {
                int middle = low + (high - low) / 2;

                if (edges[middle] <= value)
                        low = middle + 1;
                else
                        high = middle;
        }
        return low - 1;
}

static int nearest(const double *edges, int count, double value)
{
        int place = place_of(edges, count, value);

        if (place < 0)
                return 0;
        if (place + 1 < count && edges[place + 1] - value < value - edges[place])
                return place + 1;
        return place;
}

/* How much of each piece of each edge is drawn: sums[edge * pieces + piece]. */
static double *drawn(struct stroke *const *lines, size_t count, const double *edges, int edge_count,
    const double *cuts, int cut_count)
{
        int pieces = cut_count - 1;
        double *sums = xcalloc((size_t)edge_count * (size_t)pieces, sizeof *sums);

        for (size_t i = 0; i < count; i++) {
                const struct stroke *line = lines[i];
                double *row = sums + nearest(edges, edge_count, line->at) * pieces;
                int first = place_of(cuts, cut_count, line->from);

                for (int k = first < 0 ? 0 : first; k < pieces && cuts[k] < line->to; k++) {
                        double from = line->from > cuts[k] ? line->from : cuts[k];
                        double to = line->to < cuts[k + 1] ? line->to : cuts[k + 1];

                        row[k] += to > from ? to - from : 0;
                }
        }
        return sums;
}

static void merge_open(const struct table *t, const struct group *group, size_t *parents)
{
        double *v = drawn(group->down, group->down_count, t->xs, t->columns + 1, t->ys, t->rows + 1);
        double *h = drawn(group->across, group->across_count, t->ys, t->rows + 1, t->xs, t->columns + 1);

        for (int row = 0; row < t->rows; row++)
                for (int column = 0; column < t->columns; column++) {
                        size_t here = (size_t)(row * t->columns + column);
                        double height = t->ys[row + 1] - t->ys[row];
                        double width = t->xs[column + 1] - t->xs[column];

                        if (column + 1 < t->columns && v[(column + 1) * t->rows + row] < DRAWN * height)
                                unite(parents, here + 1, here);
                        if (row + 1 < t->rows && h[(row + 1) * t->columns + column] < DRAWN * width)
                                unite(parents, here + (size_t)t->columns, here);
                }
        free(v);
        free(h);
}

/* A cell for each group of united places: the rectangle around them. */
static void make_cells(struct table *t, size_t *parents)
{
        size_t places = (size_t)t->rows * (size_t)t->columns;

        t->cell_at = xreallocarray(NULL, places, sizeof *t->cell_at);
        t->cells = xreallocarray(NULL, places, sizeof *t->cells);
        for (size_t i = 0; i < places; i++)
                t->cell_at[i] = -1;
        for (size_t i = 0; i < places; i++) {
                size_t root = root_of(parents, i);
                int row = (int)(i / (size_t)t->columns), column = (int)(i % (size_t)t->columns);
                struct table_cell *cell;

                if (t->cell_at[root] < 0) { /* the first place in reading order */
                        t->cell_at[root] = (int)t->cell_count;
                        t->cells[t->cell_count++] = (struct table_cell){ row, column, 1, 1 };
                }
                t->cell_at[i] = t->cell_at[root];
                cell = &t->cells[t->cell_at[i]];
                if (column < cell->column) {
                        cell->column_span += cell->column - column;
                        cell->column = column;
                }
                if (column >= cell->column + cell->column_span)
                        cell->column_span = column - cell->column + 1;
                if (row >= cell->row + cell->row_span)
                        cell->row_span = row - cell->row + 1;
        }
}

static void free_table(struct table *t)
{
        free(t->xs);
        free(t->ys);
        free(t->cell_at);
        free(t->cells);
}

/* False: these lines make no table. */
static bool make_table(const struct group *group, struct table *ret_table)
{
        struct table t = { 0 };
        size_t *parents;
        bool fits;

        if (!group->across_count || !group->down_count)
                return false;
        t.xs = edges_of(group->down, group->down_count, group->across, group->across_count, &t.columns);
        t.ys = edges_of(group->across, group->across_count, group->down, group->down_count, &t.rows);
        t.columns--;
        t.rows--;
        fits = t.columns > 0 && t.rows > 0 && (double)t.columns * t.rows <= CELLS_MAX;
        if (!fits || t.xs[t.columns] - t.xs[0] < NARROWEST) {
                free_table(&t);
                return false;
        }
        t.at = (struct page_rect){ t.xs[0], t.ys[0], t.xs[t.columns], t.ys[t.rows] };
        parents = xreallocarray(NULL, (size_t)t.rows * (size_t)t.columns, sizeof *parents);
        for (size_t i = 0; i < (size_t)t.rows * (size_t)t.columns; i++)
                parents[i] = i;
        merge_open(&t, group, parents);
        make_cells(&t, parents);
        free(parents);
        *ret_table = t;
        return true;
}

/* ---- all groups */

struct member {
        size_t root;
        struct stroke *stroke;
        bool down;
};

static int by_root(const void *a, const void *b)
{
        const struct member *one = a, *other = b;

        if (one->root != other->root)
                return one->root < other->root ? -1 : 1;
        return one->down - other->down;
}

static int by_area(const void *a, const void *b)
{
        const struct page_rect *one = &((const struct table *)a)->at, *other = &((const struct table *)b)->at;
        double area = (one->x1 - one->x0) * (one->y1 - one->y0);
        double other_area = (other->x1 - other->x0) * (other->y1 - other->y0);

        return area < other_area ? -1 : area > other_area;
}

static void add_table(struct tables *tables, const struct table *table)
{
        if (tables->count == tables->room) {
                tables->room = tables->room * 2 + 8;
                tables->items = xreallocarray(tables->items, tables->room, sizeof *tables->items);
        }
        tables->items[tables->count++] = *table;
}

/* members [first, end) crossed one another. */
static void take_group(
    struct member *members, size_t first, size_t end, struct stroke **room, struct tables *tables)
{
        struct group group = { .across = room, .down = room };
        struct table table;

        for (size_t i = first; i < end; i++) {
                room[i - first] = members[i].stroke;
                if (!members[i].down)
                        group.down++;
        }
        group.across_count = (size_t)(group.down - group.across);
        group.down_count = end - first - group.across_count;
        if (tables->count == TABLES_MAX || !make_table(&group, &table))
                return;
        for (size_t i = first; i < end; i++)
                members[i].stroke->taken = true;
        add_table(tables, &table);
}

static size_t list_members(struct finder *f, struct member *members)
{
        size_t count = 0;

        for (size_t i = 0; i < f->across->count; i++)
                if (is_line(&f->across->items[i]))
                        members[count++] =
                            (struct member){ root_of(f->parents, i), &f->across->items[i], false };
        for (size_t i = 0; i < f->down->count; i++)
                if (!f->down->items[i].taken)
                        members[count++] = (struct member){ root_of(f->parents, f->across->count + i),
                                &f->down->items[i], true };
        return count;
}

void tables_find(struct strokes *horizontal, struct strokes *vertical, struct tables *ret_tables)
{
        size_t all = horizontal->count + vertical->count, count;
        struct finder f = { horizontal, vertical, xreallocarray(NULL, all + 1, sizeof *f.parents),
                xcalloc(horizontal->count + 1, sizeof *f.crossed) };
        struct member *members = xreallocarray(NULL, all + 1, sizeof *members);
        struct stroke **room = xreallocarray(NULL, all + 1, sizeof(struct stroke *));
        struct tables tables = { 0 };

        for (size_t i = 0; i < all; i++)
                f.parents[i] = i;
        unite_crossing(&f);
        unite_alone(&f);
        count = list_members(&f, members);
        if (count)
                qsort(members, count, sizeof *members, by_root);
        for (size_t first = 0, end; first < count; first = end) {
                for (end = first + 1; end < count && members[end].root == members[first].root; end++)
                        ;
                take_group(members, first, end, room, &tables);
        }
        if (tables.count)
                qsort(tables.items, tables.count, sizeof *tables.items, by_area);
        free(f.parents);
        free(f.crossed);
        free(members);
        free(room);
        *ret_tables = tables;
}

void table_add_column(struct table *t, double x)
{
        size_t places = (size_t)t->rows * (size_t)(t->columns + 1);
        double *xs = xreallocarray(NULL, (size_t)t->columns + 2, sizeof *xs);
        int *cell_at = xreallocarray(NULL, places, sizeof *cell_at);
        struct table_cell *cells = xreallocarray(NULL, t->cell_count + (size_t)t->rows, sizeof *cells);

        xs[0] = x;
        memcpy(xs + 1, t->xs, ((size_t)t->columns + 1) * sizeof *xs);
        for (int row = 0; row < t->rows; row++) {
                cells[row] = (struct table_cell){ row, 0, 1, 1 };
                cell_at[row * (t->columns + 1)] = row;
                for (int column = 0; column < t->columns; column++)
                        cell_at[row * (t->columns + 1) + column + 1] =
                            t->cell_at[row * t->columns + column] + t->rows;
        }
        for (size_t i = 0; i < t->cell_count; i++) {
                cells[(size_t)t->rows + i] = t->cells[i];
                cells[(size_t)t->rows + i].column++;
        }
        free(t->xs);
        free(t->cell_at);
        free(t->cells);
        t->xs = xs;
        t->cell_at = cell_at;
        t->cells = cells;
        t->cell_count += (size_t)t->rows;
        t->columns++;
        t->at.x0 = x;
}

void tables_free(struct tables *tables)
{
        for (size_t i = 0; i < tables->count; i++)
                free_table(&tables->items[i]);
        free(tables->items);
        *tables = (struct tables){ 0 };
}

int table_cell_at(const struct table *t, double x, double y)
{
        int column = place_of(t->xs, t->columns + 1, x), row = place_of(t->ys, t->rows + 1, y);

        if (x < t->at.x0 - OUTSIDE || x > t->at.x1 + OUTSIDE || y < t->at.y0 - OUTSIDE ||
            y > t->at.y1 + OUTSIDE)
                return -1;
        column = column < 0 ? 0 : column >= t->columns ? t->columns - 1 : column;
        row = row < 0 ? 0 : row >= t->rows ? t->rows - 1 : row;
        return t->cell_at[row * t->columns + column];
}

struct page_rect table_cell_rect(const struct table *t, int cell)
{
        const struct table_cell *c = &t->cells[cell];

        return (struct page_rect){ t->xs[c->column], t->ys[c->row], t->xs[c->column + c->column_span],
                t->ys[c->row + c->row_span] };
}
