/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The one model that every format becomes: blocks in reading order, each a slice of runs. What comes after
 * knows no formats. Text is UTF-8 in NFC as the document has it (spaces not folded). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/blobs.h"
#include "base/str.h"

enum document_kind {
        DOCUMENT_PARAGRAPH,
        DOCUMENT_ITEM, /* list item */
        DOCUMENT_CELL, /* one paragraph of a table cell: a cell of several paragraphs is several blocks */
};

enum document_mark {
        RUN_BOLD = 1 << 0,
        RUN_UNDERLINE = 1 << 1,
        RUN_STRIKE = 1 << 2,      /* struck once or twice */
        RUN_DELETED = 1 << 3,     /* tracked deletion */
        RUN_INSERTED = 1 << 4,    /* tracked insertion */
        RUN_PLACEHOLDER = 1 << 5, /* "Kliknij, aby wprowadzić tekst" */
        RUN_BOX = 1 << 6,         /* a box to tick; its text is one character or empty */
        RUN_CHECKED = 1 << 7,     /* with RUN_BOX: ticked */
        RUN_FIELD = 1 << 8,       /* value of a form control; name is the control's */
        RUN_TAB = 1 << 9,         /* a tabulator; its text is "\t" */
        RUN_DOUBTFUL = 1 << 10,   /* the file has lost something of it, of a box whether it was ticked */
        RUN_RECOGNISED = 1 << 11, /* seen in a picture: no answer of such a document is sure */
};

struct document_run {
        char *text;     /* owned; '\n' is a line break inside the block */
        char *name;     /* owned; name of the form control, or NULL */
        unsigned marks; /* of enum document_mark */
};

struct document_block {
        enum document_kind kind;
        int table, row, column; /* cells: table counted over the document, from 0; else -1 */
        int row_span, column_span;
        size_t first_run, run_count; /* slice of document.runs */
};

/* Problems that the sender is told of, so that a better document comes. */
#define DOCUMENT_PROTECTED "the document is protected by a password"
#define DOCUMENT_ARCHIVE_PROTECTED "the archive is protected by a password"
#define DOCUMENT_DAMAGED "the document is damaged"

struct document {
        char *name; /* owned; for a person: "zgloszenie.docx", or "" for the mail's own text */
        struct document_block *blocks;
        size_t block_count, block_room;
        struct document_run *runs;
        size_t run_count, run_room;
        size_t text_size;         /* bytes of all runs */
        struct str_list problems; /* for a person: DOCUMENT_DAMAGED ... */
        struct blobs pictures; /* PNG: its pages as they were looked at, where text was recognised in them */
};

/* Building: a block is opened, runs are added to it. Each returns -1 when a bound of limits.h is passed
 * (nothing is added then, and a problem is noted once), so a reader may go on or stop. */
int document_open(struct document *doc, enum document_kind kind, int table, int row, int column);
int document_add(struct document *doc, const char *text, size_t size, unsigned marks, const char *name);
void document_span(struct document *doc, int row_span, int column_span); /* of the open block */
void document_problem(struct document *doc, const char *problem);
void document_free(struct document *doc);                /* empties; the struct is the caller's */
bool document_is_empty(const struct document *doc);      /* no letter or digit in it */
bool document_is_recognised(const struct document *doc); /* something of it was seen in a picture */
