/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Pieces that stand side by side are a line. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "page/layout_piece.h"

struct draft;

struct line_of_pieces {
        struct page_rect at;
        double middle;
        bool dropped;         /* not to be written */
        struct pieces pieces; /* from left to right; leaders only where nothing is written on them */
};

struct lines_of_pieces {
        struct line_of_pieces *items; /* from above */
        size_t count, room;
};

/* Copies the pieces. */
void lines_make(const struct piece *pieces, size_t count, struct lines_of_pieces *ret_lines);
void lines_release(struct lines_of_pieces *lines);
/* Its text into the open block, with blanks and tabulators where there are gaps. */
void line_write(const struct line_of_pieces *line, unsigned marks, struct draft *draft);
bool line_is_spread(const struct line_of_pieces *line); /* somewhere in it words are far apart */
bool line_is_word(const struct line_of_pieces *line);   /* one word, and nothing else */
/* Whether the line's last word goes on in the next line without a blank: it has a hyphen there, or is too long for the
 * place between left and right. */
bool line_breaks_word(
    const struct line_of_pieces *line, const struct line_of_pieces *next, double left, double right);
bool line_is_overprinted(const struct line_of_pieces *line);
double line_first_text(const struct line_of_pieces *line); /* where its first word stands; -1: nowhere */
bool line_has_colon(const struct line_of_pieces *line);
/* Where what follows the last wide gap begins; -1: there is none. */
double line_last_column(const struct line_of_pieces *line);
/* How wide the line's first word is, in points. */
double line_first_width(const struct line_of_pieces *line);
