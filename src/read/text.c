/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "read/draft.h"
#include "read/forward.h"
#include "read/quote.h"
#include "read/weave.h"
#include "read/words.h"

void words_free(struct words *words)
{
        document_free(&words->own);
        document_free(&words->aside);
        document_free(&words->forwarded);
        document_free(&words->woven);
        buf_free(&words->text);
        buf_free(&words->head);
}

static void add_cut(struct buf *text, const char *line)
{
        size_t left = text->max - text->size, size = strlen(line);

        if (left <= 1)
                return;
        if (size > left - 1) {
                size = left - 1;
                while (size && ((unsigned char)line[size] & 0xC0) == 0x80)
                        size--;
        }
        buf_add(text, line, size);
        buf_putc(text, '\n');
}

void words_line(struct words *words, const char *line)
{
        add_cut(&words->text, line);
}

void words_head(struct words *words, const char *line)
{
        add_cut(&words->head, line);
}

/* One paragraph a line; control characters are left out, tabs become runs of their own. */
static void paragraph(struct draft *draft, const char *text)
{
        draft_end(draft);
        draft_touch(draft);
        while (*text) {
                size_t n = 0;

                while ((unsigned char)text[n] >= ' ' && text[n] != 0x7F)
                        n++;
                draft_text(draft, text, n, 0, NULL);
                text += n;
                if (*text == '\t')
                        draft_tab(draft, 0);
                if (*text)
                        text++;
        }
        draft_end(draft);
}

static bool is_empty(const char *line)
{
        return !line[strspn(line, " \t\r\f\v")];
}

/* Several empty lines are as good as one. */
static void add_line(struct draft *draft, const char *line, bool *after_empty)
{
        bool empty = is_empty(line);

        if (!empty || !*after_empty)
                paragraph(draft, empty ? "" : line);
        *after_empty = empty;
}

void text_read(const char *text, bool flowed, bool delsp, struct words *words)
{
        struct quote_lines lines = { 0 };
        struct draft own, aside, forwarded;
        bool own_empty = true, aside_empty = true, forwarded_empty = true;

        quote_split(text, flowed, delsp, &lines);
        quote_mark(&lines);
        if (words->mail)
                forward_mark(&lines, words->mail);
        draft_init(&own, &words->own);
        draft_init(&aside, &words->aside);
        draft_init(&forwarded, &words->forwarded);
        for (size_t i = 0; i < lines.count; i++) {
                const struct quote_line *line = &lines.items[i];

                words_head(words, line->text);
                words->has_aside |= line->aside;
                if (line->forwarded) {
                        add_line(&forwarded, line->text, &forwarded_empty);
                } else if (line->aside) {
                        add_line(&aside, line->text, &aside_empty);
                } else {
                        words_line(words, line->text);
                        add_line(&own, line->text, &own_empty);
                }
        }
        draft_free(&own);
        draft_free(&aside);
        draft_free(&forwarded);
        weave_lines(&lines, &words->woven);
        quote_free(&lines);
}

void text_read_document(const char *text, struct document *doc)
{
        struct draft draft;
        bool empty = true;

        draft_init(&draft, doc);
        while (*text) {
                size_t size = strcspn(text, "\r\n");
                CLEANUP_FREE char *line = xstrndup(text, size);

                add_line(&draft, line, &empty);
                text += size;
                text += *text == '\r' && text[1] == '\n' ? 2 : *text ? 1 : 0;
        }
        draft_free(&draft);
}
