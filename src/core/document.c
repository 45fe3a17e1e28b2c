/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/document.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "core/fold.h"

enum { PROBLEMS_MAX = 20 };

#define TOO_LARGE "the document is too large to be read whole"

void document_problem(struct document *doc, const char *problem)
{
        if (doc->problems.count < PROBLEMS_MAX && !str_list_has(&doc->problems, problem))
                str_list_add(&doc->problems, problem);
}

static int too_large(struct document *doc)
{
        document_problem(doc, TOO_LARGE);
        return -1;
}

int document_open(struct document *doc, enum document_kind kind, int table, int row, int column)
{
        if (doc->block_count >= LIMIT_DOC_BLOCKS)
                return too_large(doc);
        if (doc->block_count == doc->block_room) {
                doc->block_room = doc->block_room ? doc->block_room * 2 : 32;
                doc->blocks = xreallocarray(doc->blocks, doc->block_room, sizeof *doc->blocks);
        }
        doc->blocks[doc->block_count++] = (struct document_block){ .kind = kind,
                .table = table,
                .row = row,
                .column = column,
                .row_span = 1,
                .column_span = 1,
                .first_run = doc->run_count };
        return 0;
}

/* Everything below U+0300 is NFC already, and its UTF-8 begins with a byte below 0xCC. */
static bool is_plain(const char *text)
{
        for (const char *p = text; *p; p++)
                if ((unsigned char)*p >= 0xCC)
                        return false;
        return true;
}

/* Copies, in NFC and valid whatever the reader gave. */
static char *clean(const char *text, size_t size)
{
        char *copy = xstrndup(text, size), *better;

        if (is_plain(copy) && str_is_utf8(copy, strlen(copy)))
                return copy;
        better = fold_nfc(copy);
        free(copy);
        return better;
}

int document_add(struct document *doc, const char *text, size_t size, unsigned marks, const char *name)
{
        bool refused = doc->block_count == LIMIT_DOC_BLOCKS && str_list_has(&doc->problems, TOO_LARGE);

        if (!doc->block_count || refused || doc->run_count >= LIMIT_DOC_RUNS ||
            size > LIMIT_DOC_TEXT - doc->text_size)
                return too_large(doc);
        if (doc->run_count == doc->run_room) {
                doc->run_room = doc->run_room ? doc->run_room * 2 : 32;
                doc->runs = xreallocarray(doc->runs, doc->run_room, sizeof *doc->runs);
        }
        doc->runs[doc->run_count++] = (struct document_run){ .text = clean(text, size),
                .name = name && *name ? clean(name, strlen(name)) : NULL,
                .marks = marks };
        doc->blocks[doc->block_count - 1].run_count++;
        doc->text_size += size;
        return 0;
}

void document_span(struct document *doc, int row_span, int column_span)
{
        if (!doc->block_count)
                return;
        doc->blocks[doc->block_count - 1].row_span = row_span;
        doc->blocks[doc->block_count - 1].column_span = column_span;
}

void document_free(struct document *doc)
{
        for (size_t i = 0; i < doc->run_count; i++) {
                free(doc->runs[i].text);
                free(doc->runs[i].name);
        }
        free(doc->runs);
        free(doc->blocks);
        free(doc->name);
        str_list_free(&doc->problems);
        blobs_free(&doc->pictures);
        *doc = (struct document){ 0 };
}

bool document_is_empty(const struct document *doc)
{
        for (size_t i = 0; i < doc->run_count; i++) {
                CLEANUP_FREE char *key = fold_key(doc->runs[i].text);

                if (*key)
                        return false;
        }
        return true;
}

bool document_is_recognised(const struct document *doc)
{
        for (size_t i = 0; i < doc->run_count; i++)
                if (doc->runs[i].marks & RUN_RECOGNISED)
                        return true;
        return false;
}
