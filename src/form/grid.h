/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table's cells, each with the label that it holds; what labels and answers in tables are looked for in. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "form/label.h"

struct scan;
struct span;

enum { GRID_SPANS_MAX = 64, GRID_LETTERS_MIN = 3 };

struct cell {
        size_t first_line, last_line; /* [first, last) */
        size_t first, end;            /* tokens */
        int row, column, row_span;
        bool used;
        bool is_label; /* whole or with a colon: cannot be taken for an answer */
        bool has_label;
        bool
            example; /* under the heading of examples, with no other place for answers: written over, perhaps */
        struct label_match label;
};

struct grid {
        struct cell *cells; /* owned; in reading order */
        size_t count, room;
        int yes_column, no_column; /* headed "TAK" and "NIE"; -1: there are none so far */
};

/* The cells of lines [first, end), without their labels. */
void grid_init(struct grid *grid, const struct scan *scan, size_t first, size_t end);
void grid_free(struct grid *grid);
void grid_find_label(const struct scan *scan, struct cell *cell);

bool grid_is_empty(const struct scan *scan, const struct cell *cell);
/* Something after the label in its own cell that is more than a hint in brackets. */
bool grid_has_rest(const struct scan *scan, const struct cell *cell);
/* All of the cell is the label, though some harmless words more may be there. */
bool grid_is_surely_label(const struct cell *cell);
/* The character in a cell that is meant for one, as a span; empty for an empty cell. False: more stands there. */
bool grid_letter(const struct scan *scan, const struct cell *cell, struct span *ret_span);
/* "* niepotrzebne skreślić" */
bool grid_is_remark(const struct scan *scan, const struct cell *cell);
/* The same for the cells [start, end) of a row. */
bool grid_is_remark_row(const struct scan *scan, const struct grid *grid, size_t start, size_t end);

/* Adds the cell's lines, from token "from" on, to the spans; returns their new count. */
size_t grid_spans(
    const struct scan *scan, const struct cell *cell, size_t from, struct span *spans, size_t count);
struct cell *grid_right_of(struct grid *grid, size_t index); /* NULL: none */
struct cell *grid_in_row(struct grid *grid, int row, int column);
size_t grid_row_end(const struct grid *grid, size_t start); /* index of the first cell after the row */
/* Adds the answer that the cell "value" (the label's own, too) gives to the label. */
void grid_answer(struct scan *scan, const struct cell *label, struct cell *value, double factor);
