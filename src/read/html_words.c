/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "read/forward.h"
#include "read/quote.h"
#include "read/weave.h"
#include "read/words.h"

/* ---- own words, quoted ones, forwarded ones */

static char *block_text(const struct document *doc, const struct document_block *block)
{
        struct buf text = BUF_INIT(LIMIT_DOC_TEXT);

        for (size_t i = 0; i < block->run_count; i++)
                buf_puts(&text, doc->runs[block->first_run + i].text);
        return text.data ? buf_detach(&text, NULL) : xstrdup("");
}

/* Where a line belongs. */
static struct document *side_of(struct words *words, const struct quote_line *line)
{
        return line->forwarded ? &words->forwarded : line->aside ? &words->aside : &words->own;
}

static struct document *open_copy(struct document *to, const struct document_block *block)
{

        if (document_open(to, block->kind, block->table, block->row, block->column) < 0)
                return NULL;
        document_span(to, block->row_span, block->column_span);
        return to;
}

static void copy_run(struct document *to, const struct document_run *run, const char *text, size_t size)
{
        if (to && (size || !*run->text))
                document_add(to, text, size, run->marks, run->name);
}

/* A block goes to one side, or, where a quotation begins or ends inside it, line by line to several. */
static void copy_block(const struct document *all, const struct document_block *block,
    const struct quote_line *line, struct words *words)
{
        struct document *side = side_of(words, line), *to = open_copy(side, block);

        for (size_t i = 0; i < block->run_count; i++) {
                const struct document_run *run = &all->runs[block->first_run + i];
                const char *from = run->text, *p;

                for (p = from; *p; p++) {
                        if (*p != '\n' || side_of(words, ++line) == side)
                                continue;
                        copy_run(to, run, from, (size_t)(p - from));
                        from = p + 1;
                        side = side_of(words, line);
                        to = open_copy(side, block);
                }
                copy_run(to, run, from, (size_t)(p - from));
        }
}

/* The lines of a block: one more than it has line breaks. */
static void add_lines(struct quote_lines *lines, char *text, bool aside)
{
        for (;;) {
                char *end = strchr(text, '\n');
                int depth = *text == '>';

                if (end)
                        *end = 0;
                quote_add(lines, text + depth, strlen(text + depth), depth);
                lines->items[lines->count - 1].aside = aside;
                if (!end)
                        return;
                text = end + 1;
        }
}

static void split(const struct document *all, const bool *quoted, struct words *words)
{
        struct quote_lines lines = { 0 };
        size_t *first = xcalloc(all->block_count + 1, sizeof *first);

        for (size_t i = 0; i < all->block_count; i++) {
                CLEANUP_FREE char *text = block_text(all, &all->blocks[i]);

                first[i] = lines.count;
                add_lines(&lines, text, quoted[i]);
        }
        quote_mark(&lines);
        if (words->mail)
                forward_mark(&lines, words->mail);
        for (size_t i = 0; i < all->block_count; i++)
                copy_block(all, &all->blocks[i], &lines.items[first[i]], words);
        for (size_t i = 0; i < lines.count; i++) {
                words->has_aside |= lines.items[i].aside;
                words_head(words, lines.items[i].text);
                if (!lines.items[i].aside)
                        words_line(words, lines.items[i].text);
        }
        weave_lines(&lines, &words->woven);
        quote_free(&lines);
        free(first);
}

void html_read(const char *html, struct words *words)
{
        struct document all = { 0 };
        bool *aside = xcalloc(LIMIT_DOC_BLOCKS, sizeof *aside);

        html_read_all(html, &all, aside);
        split(&all, aside, words);
        for (size_t i = 0; i < all.problems.count; i++)
                document_problem(&words->own, all.problems.items[i]);
        document_free(&all);
        free(aside);
}
