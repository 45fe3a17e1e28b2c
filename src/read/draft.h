/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a document model piece by piece: blocks open when their first text comes, pieces with the same
 * marks become one run. Beyond a bound of the model everything more is dropped (document_problem() was
 * noted). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "core/document.h"

/* Where the next block stands. Outside tables the numbers are -1. */
struct draft_place {
        enum document_kind kind;
        int table, row, column;
        int row_span, column_span;
};

struct draft {
        struct document *doc; /* borrowed */
        struct draft_place place;
        bool open;          /* the block of place exists */
        struct buf pending; /* text of the run being collected */
        unsigned marks;
        char *name;
        int tables; /* tables numbered so far */
};

extern const struct draft_place draft_paragraph; /* a paragraph outside tables */

void draft_init(struct draft *draft, struct document *doc);
void draft_free(struct draft *draft); /* ends the block; the document stays */

void draft_at(struct draft *draft, const struct draft_place *place); /* ends the block, then stands there */
void draft_text(struct draft *draft, const char *text, size_t size, unsigned marks, const char *name);
void draft_tab(struct draft *draft, unsigned marks);
void draft_box(struct draft *draft, bool checked, unsigned marks, const char *name);
void draft_touch(struct draft *draft); /* opens the block though it may stay empty */
void draft_end(struct draft *draft);   /* ends the block; the next text opens another at the same place */
bool draft_has_text(const struct draft *draft); /* whether text came since the block began */

/* A font whose letters are signs, by its name (NULL: none). */
enum { DRAFT_LETTERS, DRAFT_WINGDINGS, DRAFT_WINGDINGS2 };
int draft_font(const char *name);
/* Text in such a font, or with the private codes of one (U+F020 to U+F0FF): its boxes become boxes. */
void draft_symbols(struct draft *draft, const char *text, int font, unsigned marks, const char *name);
/* The tick of a Wingdings character (code of the font, or U+F0xx): 1 ticked, 0 empty box, -1 something else.
 * second: the font is Wingdings 2. */
int draft_wingdings(unsigned code, bool second);
