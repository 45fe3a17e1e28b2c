/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document as lines of tokens: what labels, choices and values are looked for in. Borrows the document.
 * Tracked deletions and placeholder text are left out. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "base/str.h"

struct document;

enum token_kind {
        TOKEN_WORD,   /* letters and digits */
        TOKEN_SIGN,   /* one character of punctuation */
        TOKEN_BOX,    /* a box to tick, drawn in whatever way: "☐", "[ ]", "( )", a form's check box */
        TOKEN_LEADER, /* dots or a line to write on */
        TOKEN_TAB,
};

struct token {
        enum token_kind kind;
        bool on;          /* a ticked box */
        unsigned marks;   /* of enum document_mark; of a word in pieces those that most of it has */
        unsigned gap;     /* blanks before it */
        const char *text; /* borrowed from the document or from sheet.joined, not terminated */
        size_t size;
        size_t key; /* words: offset of the folded word in sheet.keys */
};

struct line {
        size_t first, count; /* of sheet.tokens */
        size_t width;        /* in characters */
        int table, row, column;
        int row_span;
        size_t block; /* of the document */
        bool number;  /* nothing but a row's number: tables that came as lines of text */
};

struct sheet {
        const struct document *document;
        struct token *tokens;
        size_t token_count, token_room;
        struct line *lines;
        size_t line_count, line_room;
        struct buf keys;
        struct str_list joined; /* words that the document has in pieces */
        size_t
            wrap; /* where the writer's program broke long lines: width of the longest, 0 when it did not */
};

void sheet_init(struct sheet *ret_sheet, const struct document *document);
/* One line of plain text, which must outlive the sheet. */
void sheet_init_text(struct sheet *ret_sheet, const char *text);
void sheet_free(struct sheet *sheet);

const char *sheet_key(const struct sheet *sheet, size_t token);                 /* "" for what is no word */
bool sheet_is_sign(const struct sheet *sheet, size_t token, const char *signs); /* one of these ASCII signs */
bool sheet_is_letter(const struct sheet *sheet, size_t token);                  /* one character */
bool sheet_has_content(
    const struct sheet *sheet, size_t first, size_t end);         /* a word that is not struck, or a box */
size_t sheet_line_of(const struct sheet *sheet, size_t token);    /* where a token stands */
size_t sheet_line_end(const struct sheet *sheet, size_t line);    /* the token after its last */
bool sheet_line_is_blank(const struct sheet *sheet, size_t line); /* no word and no box */
/* Appends the text of tokens [first, end): single blanks where there were some, without leaders, boxes and
 * what is struck. */
void sheet_text(const struct sheet *sheet, size_t first, size_t end, struct buf *out);
/* The folded words of tokens [first, end) with single blanks; owned. */
char *sheet_words(const struct sheet *sheet, size_t first, size_t end);
/* The line for a person: "zgloszenie.docx, table 1, row 3"; owned. */
char *sheet_place(const struct sheet *sheet, size_t line);
