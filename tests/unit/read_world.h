/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A document model as one short text, for comparing: "p" paragraph, "i" item, "[table row column RxC]" cell;
 * runs with marks as "{bu:text}". */
#pragma once

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "core/document.h"

static inline void read_world_block(
    const struct document *doc, const struct document_block *b, struct buf *out)
{
        static const char letters[] = "busDIPxXFt?r"; /* in the order of enum document_mark */

        if (b->kind == DOCUMENT_CELL && (b->row_span != 1 || b->column_span != 1))
                buf_printf(out, "[%d %d %d %dx%d]", b->table, b->row, b->column, b->row_span, b->column_span);
        else if (b->kind == DOCUMENT_CELL)
                buf_printf(out, "[%d %d %d]", b->table, b->row, b->column);
        else
                buf_puts(out, b->kind == DOCUMENT_ITEM ? "i " : "p ");
        for (size_t i = b->first_run; i < b->first_run + b->run_count; i++) {
                const struct document_run *run = &doc->runs[i];

                if (run->marks) {
                        buf_putc(out, '{');
                        for (size_t bit = 0; letters[bit]; bit++)
                                if (run->marks & 1u << bit)
                                        buf_putc(out, letters[bit]);
                        buf_printf(
                            out, "%s%s:%s}", run->name ? " " : "", run->name ? run->name : "", run->text);
                } else {
                        buf_puts(out, run->text);
                }
        }
        buf_putc(out, '\n');
}

/* Owned by the caller. */
static inline char *read_world_model(const struct document *doc)
{
        struct buf out = BUF_INIT(1024 * 1024);

        buf_puts(&out, "");
        for (size_t i = 0; i < doc->block_count; i++)
                read_world_block(doc, &doc->blocks[i], &out);
        for (size_t i = 0; i < doc->problems.count; i++)
                buf_printf(&out, "! %s\n", doc->problems.items[i]);
        buf_add(&out, "", 0);
        return buf_detach(&out, NULL);
}
