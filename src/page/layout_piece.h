/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A page's words, boxes and controls as pieces: each of one kind and with one set of marks. Strokes through words and
 * under them become marks, boxes learn what was put into them, lines to write on are pieces too. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "page/page.h"

struct marking;
struct strokes;

enum piece_kind {
        PIECE_TEXT,
        PIECE_LEADER, /* dots or a line to write on */
        PIECE_BOX,
        PIECE_FIELD, /* a form control's value, or a note laid over the page; may be empty */
};

struct piece {
        enum piece_kind kind;
        struct page_rect at;
        const char *text; /* borrowed from the page */
        size_t size;
        const char *name;
        unsigned marks;
        bool on;   /* PIECE_BOX */
        bool glue; /* belongs to the piece before it without a blank */
};

struct pieces {
        struct piece *items;
        size_t count, room;
};

/* Strokes that are neither marks nor a table's become lines to write on. */
void pieces_make(const struct page *page, const struct marking *marking, const struct strokes *horizontal,
    struct pieces *ret_pieces);
void pieces_free(struct pieces *pieces);
struct piece *pieces_add(struct pieces *pieces, const struct piece *piece);
