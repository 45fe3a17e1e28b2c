/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/doc_table.h"

#include <stdlib.h>

#include "base/mem.h"
#include "core/document.h"
#include "read/draft.h"

enum { ROWS_MAX = 10000, EDGES_MAX = 256, NEAR = 30 /* twips: half a millimetre */ };

struct doc_table_row {
        struct doc_row shape;
        size_t first, end; /* blocks */
};

/* The table's vertical lines, from left to right. */
struct grid {
        int edges[EDGES_MAX];
        int count;
};

void doc_table_begin(struct doc_table *ret_table, int number, const struct document *doc)
{
        *ret_table = (struct doc_table){ .number = number, .row_start = doc->block_count };
}

struct draft_place doc_table_place(const struct doc_table *table)
{
        return (struct draft_place){ DOCUMENT_CELL, table->number, table->row, table->column, 1, 1 };
}

void doc_table_end_cell(struct doc_table *table)
{
        if (table->column < DOC_CELLS_MAX - 1)
                table->column++;
}

void doc_table_end_row(struct doc_table *table, const struct doc_row *row, const struct document *doc)
{
        if (table->count == table->room) {
                table->room = table->room * 2 + 16;
                table->rows = xreallocarray(table->rows, table->room, sizeof *table->rows);
        }
        if (table->row < ROWS_MAX) {
                table->rows[table->count++] =
                    (struct doc_table_row){ *row, table->row_start, doc->block_count };
                table->row++;
        }
        table->row_start = doc->block_count;
        table->column = 0;
}

static int find_edge(const struct grid *grid, int edge)
{
        for (int i = 0; i < grid->count; i++)
                if (abs(grid->edges[i] - edge) <= NEAR)
                        return i;
        return -1;
}

static void add_edge(struct grid *grid, int edge)
{
        int at = grid->count;

        if (find_edge(grid, edge) >= 0 || grid->count == EDGES_MAX)
                return;
        for (; at > 0 && grid->edges[at - 1] > edge; at--)
                grid->edges[at] = grid->edges[at - 1];
        grid->edges[at] = edge;
        grid->count++;
}

static void make_grid(const struct doc_table *table, struct grid *ret_grid)
{
        *ret_grid = (struct grid){ 0 };
        for (size_t i = 0; i < table->count; i++)
                for (int k = 0; table->rows[i].shape.cells && k <= table->rows[i].shape.cells; k++)
                        add_edge(ret_grid, table->rows[i].shape.edges[k]);
}

/* The cell whose part this one is: to the left, past those merged with it. */
static int first_of(const struct doc_row *row, int cell)
{
        while (cell > 0 && row->merged[cell])
                cell--;
        return cell;
}

static void place_block(const struct grid *grid, const struct doc_row *row, struct document_block *block)
{
        int cell = first_of(row, block->column), next = cell + 1, from, to;

        while (next < row->cells && row->merged[next])
                next++;
        from = find_edge(grid, row->edges[cell]);
        to = find_edge(grid, row->edges[next]);
        if (from < 0 || to <= from)
                return;
        block->column = from;
        block->column_span = to - from;
}

/* The cell above grows, over all rows that the merged one goes on through. */
static void grow(const struct doc_table *table, struct document *doc, size_t row, int column)
{
        for (size_t i = row; i-- > 0;) {
                bool found = false;

                for (size_t k = table->rows[i].first; k < table->rows[i].end; k++) {
                        struct document_block *block = &doc->blocks[k];

                        if (block->table != table->number || block->column != column)
                                continue;
                        block->row_span = (int)(row - i) + 1;
                        found = true;
                }
                if (found)
                        return;
        }
}

/* What only goes on and has no text of its own is no block. */
static bool is_part(const struct doc_row *row, const struct document_block *block)
{
        int cell = block->column;

        return !block->run_count && cell < row->cells && (row->goes_on[cell] || row->merged[cell]);
}

void doc_table_end(struct doc_table *table, struct document *doc)
{
        size_t start = table->count ? table->rows[0].first : doc->block_count, kept = start, next = start;
        struct grid grid;

        make_grid(table, &grid);
        for (size_t i = 0; i < table->count; i++) {
                struct doc_table_row *row = &table->rows[i];
                size_t end = row->end;

                row->first = kept;
                for (; next < end; next++) {
                        struct document_block block = doc->blocks[next];

                        if (block.table == table->number) {
                                bool goes_on =
                                    block.column < row->shape.cells && row->shape.goes_on[block.column];
                                bool part = is_part(&row->shape, &block);

                                if (block.column < row->shape.cells)
                                        place_block(&grid, &row->shape, &block);
                                if (part && goes_on)
                                        grow(table, doc, i, block.column);
                                if (part)
                                        continue;
                        }
                        doc->blocks[kept++] = block;
                }
                row->end = kept;
        }
        while (next < doc->block_count)
                doc->blocks[kept++] = doc->blocks[next++];
        doc->block_count = kept;
        free(table->rows);
        *table = (struct doc_table){ 0 };
}
