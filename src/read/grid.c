/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/grid.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/document.h"
#include "read/draft.h"

enum { ROWS_MAX = 10000, EDGES_MAX = 256, NEAR = 30 /* twips: half a millimetre */ };

struct grid_line {
        struct grid_row shape;
        size_t first, end; /* blocks */
};

/* The table's vertical lines, from left to right. */
struct edges {
        int at[EDGES_MAX];
        int count;
};

void grid_begin(struct grid *ret_grid, int table, const struct document *doc)
{
        *ret_grid = (struct grid){ .table = table, .line_start = doc->block_count };
}

struct draft_place grid_place(const struct grid *grid)
{
        return (struct draft_place){ DOCUMENT_CELL, grid->table, grid->row, grid->column, 1, 1 };
}

void grid_end_cell(struct grid *grid)
{
        if (grid->column < GRID_CELLS_MAX - 1)
                grid->column++;
}

void grid_end_row(struct grid *grid, const struct grid_row *row, const struct document *doc)
{
        if (grid->count == grid->room) {
                grid->room = grid->room * 2 + 16;
                grid->lines = xreallocarray(grid->lines, grid->room, sizeof *grid->lines);
        }
        if (grid->row < ROWS_MAX) {
                grid->lines[grid->count++] = (struct grid_line){ *row, grid->line_start, doc->block_count };
                grid->row++;
        }
        grid->line_start = doc->block_count;
        grid->column = 0;
}

static int find_edge(const struct edges *edges, int edge)
{
        for (int i = 0; i < edges->count; i++)
                if (abs(edges->at[i] - edge) <= NEAR)
                        return i;
        return -1;
}

static void add_edge(struct edges *edges, int edge)
{
        int at = edges->count;

        if (find_edge(edges, edge) >= 0 || edges->count == EDGES_MAX)
                return;
        for (; at > 0 && edges->at[at - 1] > edge; at--)
                edges->at[at] = edges->at[at - 1];
        edges->at[at] = edge;
        edges->count++;
}

static void find_edges(const struct grid *grid, struct edges *ret_edges)
{
        *ret_edges = (struct edges){ 0 };
        for (size_t i = 0; i < grid->count; i++)
                for (int k = 0; grid->lines[i].shape.cells && k <= grid->lines[i].shape.cells; k++)
                        add_edge(ret_edges, grid->lines[i].shape.edges[k]);
}

/* The block's column and span on the grid; as they were told where the row does not say. */
static void place_block(const struct edges *edges, const struct grid_row *row, struct document_block *block)
{
        int cell = block->column, next = cell + 1, from, to;

        if (cell >= row->cells)
                return;
        while (cell > 0 && row->merged[cell])
                cell--;
        while (next < row->cells && row->merged[next])
                next++;
        from = find_edge(edges, row->edges[cell]);
        to = find_edge(edges, row->edges[next]);
        if (from < 0 || to <= from)
                return;
        block->column = from;
        block->column_span = to - from;
}

/* The cell above grows, over all rows that the merged one goes on through. */
static void grow(const struct grid *grid, struct document *doc, size_t row, int column)
{
        for (size_t i = row; i-- > 0;) {
                bool found = false;

                for (size_t k = grid->lines[i].first; k < grid->lines[i].end; k++) {
                        struct document_block *block = &doc->blocks[k];

                        if (block->table != grid->table || block->column != column)
                                continue;
                        block->row_span = (int)(row - i) + 1;
                        found = true;
                }
                if (found)
                        return;
        }
}

/* Puts the block in its place; false: it is part of another cell and has no text of its own. */
static bool settle(const struct grid *grid, struct document *doc, const struct edges *edges, size_t line,
    struct document_block *block)
{
        const struct grid_row *row = &grid->lines[line].shape;
        int cell = block->column;
        bool known = cell < row->cells, empty = !block->run_count;

        if (block->table != grid->table)
                return true;
        place_block(edges, row, block);
        if (!known || !empty)
                return true;
        if (row->goes_on[cell])
                grow(grid, doc, line, block->column);
        return !row->goes_on[cell] && !row->merged[cell];
}

void grid_end(struct grid *grid, struct document *doc)
{
        size_t next = grid->count ? grid->lines[0].first : doc->block_count, kept = next;
        struct edges edges;

        find_edges(grid, &edges);
        for (size_t i = 0; i < grid->count; i++) {
                struct grid_line *line = &grid->lines[i];

                line->first = kept;
                for (; next < line->end; next++) {
                        struct document_block block = doc->blocks[next];

                        if (settle(grid, doc, &edges, i, &block))
                                doc->blocks[kept++] = block;
                }
                line->end = kept;
        }
        while (next < doc->block_count)
                doc->blocks[kept++] = doc->blocks[next++];
        doc->block_count = kept;
        free(grid->lines);
        *grid = (struct grid){ 0 };
}
