/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/model_text.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "core/document.h"
#include "core/sheet.h"
#include "ctl/text.h"

enum { PLACE = 18, PARAGRAPH_MAX = 200, CELL_MAX = 100, CELL_LEAST = 16, GAP = 2 };

struct pen {
        struct buf *out;
        size_t left; /* columns that are free in this paragraph or cell */
        bool colour, cut;
};

/* ---- runs */

/* Around what is marked: the sign before, the sign after, and the colour. */
static const struct {
        unsigned mark;
        const char *before, *after, *colour;
} signs[] = {
        { RUN_DELETED, "{-", "-}", "\033[31m" },
        { RUN_INSERTED, "{+", "+}", "\033[32m" },
        { RUN_STRIKE, "~", "~", "\033[9m" },
        { RUN_BOLD, "*", "*", "\033[1m" },
        { RUN_UNDERLINE, "_", "_", "\033[4m" },
        { RUN_PLACEHOLDER, "<", ">", "\033[2m" },
        { RUN_DOUBTFUL, "", "(?)", "\033[33m" },
};
enum { SIGNS = sizeof signs / sizeof signs[0] };

static void put(struct pen *pen, const char *text)
{
        CLEANUP_FREE char *cut = NULL;

        if (pen->cut)
                return;
        cut = text_cut(text, pen->left);
        pen->cut = strlen(cut) != strlen(text) || text_width(text) > pen->left;
        pen->left -= pen->left < text_width(cut) ? pen->left : text_width(cut);
        buf_puts(pen->out, cut);
}

static void put_box(struct pen *pen, const struct document_run *run)
{
        if (pen->colour)
                buf_puts(pen->out, "\033[36m");
        put(pen, run->marks & RUN_CHECKED ? "[x]" : "[ ]");
        put(pen, run->marks & RUN_DOUBTFUL ? "(?)" : "");
        if (pen->colour)
                buf_puts(pen->out, "\033[0m");
}

static void put_words(struct pen *pen, const struct document_run *run)
{
        CLEANUP_FREE char *text = text_line(run->text), *name = text_line(run->name ? run->name : "");
        bool control = run->marks & RUN_FIELD || *name;

        for (size_t i = 0; i < SIGNS; i++)
                if (run->marks & signs[i].mark) {
                        buf_puts(pen->out, pen->colour ? signs[i].colour : "");
                        put(pen, signs[i].before);
                }
        if (control) {
                put(pen, "{");
                put(pen, name);
                put(pen, "=");
        }
        put(pen, text);
        put(pen, control ? "}" : "");
        for (size_t i = SIGNS; i-- > 0;)
                if (run->marks & signs[i].mark)
                        put(pen, signs[i].after);
        if (pen->colour && run->marks)
                buf_puts(pen->out, "\033[0m");
}

static void put_block(struct pen *pen, const struct document *doc, size_t index)
{
        const struct document_block *block = &doc->blocks[index];

        for (size_t i = 0; i < block->run_count; i++) {
                const struct document_run *run = &doc->runs[block->first_run + i];

                if (run->marks & RUN_TAB)
                        put(pen, " \u2192 ");
                else if (run->marks & RUN_BOX)
                        put_box(pen, run);
                else
                        put_words(pen, run);
        }
}

/* ---- rows of a table */

static bool same_row(const struct document_block *a, const struct document_block *b)
{
        return b->kind == DOCUMENT_CELL && a->table == b->table && a->row == b->row;
}

static size_t row_end(const struct document *doc, size_t start)
{
        size_t end = start;

        while (end < doc->block_count && same_row(&doc->blocks[start], &doc->blocks[end]))
                end++;
        return end;
}

static size_t cells_in(const struct document *doc, size_t start, size_t end)
{
        size_t count = 1;

        for (size_t i = start + 1; i < end; i++)
                count += doc->blocks[i].column != doc->blocks[i - 1].column;
        return count;
}

/* Columns that a cell may fill where all share the room. */
static size_t cell_room(size_t room, size_t cells)
{
        size_t share = room / cells;

        if (share > CELL_MAX)
                return CELL_MAX;
        return share < CELL_LEAST ? CELL_LEAST : share;
}

static void put_row(struct pen pen, const struct document *doc, size_t start, size_t end)
{
        const size_t room = cell_room(pen.left, cells_in(doc, start, end));

        for (size_t i = start; i < end; i++) {
                if (i > start && doc->blocks[i].column == doc->blocks[i - 1].column) {
                        put(&pen, " / ");
                } else {
                        CLEANUP_FREE char *head =
                            xasprintf("%s%d\u2502", i > start ? "  " : "", doc->blocks[i].column + 1);

                        pen.left = room;
                        pen.cut = false;
                        buf_puts(pen.out, pen.colour ? "\033[2m" : "");
                        put(&pen, head);
                        buf_puts(pen.out, pen.colour ? "\033[0m" : "");
                }
                put_block(&pen, doc, i);
        }
}

/* ---- */

static void put_place(struct buf *out, const struct document_block *block, size_t line)
{
        CLEANUP_FREE char *place = block->kind == DOCUMENT_CELL
                                       ? xasprintf("table %d, row %d", block->table + 1, block->row + 1)
                                       : xasprintf("line %zu", line + 1);

        buf_printf(out, "  %-*s", PLACE, place);
}

void model_text(const struct document *doc, size_t width, bool colour, struct buf *out)
{
        const size_t room = width > PLACE + CELL_LEAST + GAP ? width - PLACE - GAP : PARAGRAPH_MAX;
        struct sheet sheet;
        size_t line = 0;

        sheet_init(&sheet, doc);
        for (size_t i = 0; i < doc->block_count;) {
                const struct document_block *block = &doc->blocks[i];
                struct pen pen = { .out = out, .left = room, .colour = colour };
                size_t end = block->kind == DOCUMENT_CELL ? row_end(doc, i) : i + 1;

                while (line + 1 < sheet.line_count && sheet.lines[line].block < i)
                        line++;
                put_place(out, block, line);
                if (block->kind == DOCUMENT_CELL) {
                        put_row(pen, doc, i, end);
                } else {
                        put(&pen, block->kind == DOCUMENT_ITEM ? "\u2022 " : "");
                        put_block(&pen, doc, i);
                }
                while (out->size && buf_text(out)[out->size - 1] == ' ')
                        buf_truncate(out, out->size - 1);
                buf_putc(out, '\n');
                i = end;
        }
        sheet_free(&sheet);
}
