/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/draft.h"

#include <libxml/xmlstring.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"

const struct draft_place draft_paragraph = {
        .kind = DOCUMENT_PARAGRAPH, .table = -1, .row = -1, .column = -1, .row_span = 1, .column_span = 1
};

void draft_init(struct draft *draft, struct document *doc)
{
        *draft = (struct draft){ .doc = doc, .place = draft_paragraph, .pending = BUF_INIT(LIMIT_DOC_TEXT) };
        for (size_t i = 0; i < doc->block_count; i++)
                if (doc->blocks[i].table >= draft->tables)
                        draft->tables = doc->blocks[i].table + 1;
}

static void flush(struct draft *draft)
{
        if (draft->pending.size)
                document_add(draft->doc, draft->pending.data, draft->pending.size, draft->marks, draft->name);
        buf_reset(&draft->pending);
        free(draft->name);
        draft->name = NULL;
}

void draft_free(struct draft *draft)
{
        flush(draft);
        buf_free(&draft->pending);
        draft->doc = NULL;
}

void draft_touch(struct draft *draft)
{
        const struct draft_place *at = &draft->place;

        if (draft->open)
                return;
        draft->open = true;
        if (document_open(draft->doc, at->kind, at->table, at->row, at->column) == 0)
                document_span(draft->doc, at->row_span, at->column_span);
}

void draft_end(struct draft *draft)
{
        flush(draft);
        draft->open = false;
}

void draft_at(struct draft *draft, const struct draft_place *place)
{
        draft_end(draft);
        draft->place = *place;
}

static bool same_run(const struct draft *draft, unsigned marks, const char *name)
{
        return draft->marks == marks && str_equal(draft->name ? draft->name : "", name ? name : "");
}

void draft_text(struct draft *draft, const char *text, size_t size, unsigned marks, const char *name)
{
        if (!size)
                return;
        draft_touch(draft);
        if (!same_run(draft, marks, name))
                flush(draft);
        draft->marks = marks;
        if (!draft->name)
                draft->name = xstrdup(name);
        if (buf_add(&draft->pending, text, size) < 0)
                document_problem(draft->doc, "the document is too large to be read whole");
}

/* A run that never grows together with its neighbours. */
static void single(struct draft *draft, const char *text, unsigned marks, const char *name)
{
        flush(draft);
        draft_text(draft, text, strlen(text), marks, name);
        flush(draft);
}

void draft_tab(struct draft *draft, unsigned marks)
{
        single(draft, "\t", marks | RUN_TAB, NULL);
}

void draft_box(struct draft *draft, bool checked, unsigned marks, const char *name)
{
        single(draft, checked ? "\u2612" : "\u2610", marks | RUN_BOX | (checked ? RUN_CHECKED : 0u), name);
}

bool draft_has_text(const struct draft *draft)
{
        const struct document *doc = draft->doc;

        return draft->open &&
               (draft->pending.size || (doc->block_count && doc->blocks[doc->block_count - 1].run_count));
}

int draft_wingdings(unsigned code, bool second)
{
        static const unsigned char ticked[] = { 0x78, 0xFB, 0xFC, 0xFD, 0xFE },
                                   empty[] = { 0x6F, 0x70, 0x71, 0x72, 0xA8 };
        static const unsigned char ticked2[] = { 0x4F, 0x50, 0x51, 0x52, 0x53, 0x54 },
                                   empty2[] = { 0x2A, 0x30, 0xA3 };

        if (code > 0xFF && (code < 0xF000 || code > 0xF0FF))
                return -1;
        code &= 0xFF;
        if (second)
                return memchr(ticked2, (int)code, sizeof ticked2) ? 1
                       : memchr(empty2, (int)code, sizeof empty2) ? 0
                                                                  : -1;
        return memchr(ticked, (int)code, sizeof ticked) ? 1 : memchr(empty, (int)code, sizeof empty) ? 0 : -1;
}

int draft_font(const char *name)
{
        if (name)
                name += strspn(name, "'\" ");
        if (!name || !str_starts_nocase(name, "Wingdings"))
                return DRAFT_LETTERS;
        return strchr(name, '2') ? DRAFT_WINGDINGS2 : DRAFT_WINGDINGS;
}

void draft_symbols(struct draft *draft, const char *text, int font, unsigned marks, const char *name)
{
        while (*text) {
                size_t plain = font ? 0 : strcspn(text, "\xEF"); /* EF 80 to EF 83 begin the private codes */
                int left = 4, code = xmlGetUTF8Char((const unsigned char *)text + plain, &left);
                size_t size = code < 0 ? 1 : (size_t)left;
                bool symbol = font || (code >= 0xF020 && code <= 0xF0FF);
                int box =
                    symbol && code > 0x20 ? draft_wingdings((unsigned)code, font == DRAFT_WINGDINGS2) : -1;

                draft_text(draft, text, plain, marks, name);
                text += plain;
                if (!*text)
                        return;
                if (box >= 0)
                        draft_box(draft, box == 1, marks, name);
                else if (font && code <= 0xFF) /* a telephone, a smile: letters only in other fonts */
                        draft_text(draft, " ", 1, marks, name);
                else
                        draft_text(draft, text, size, marks, name);
                text += size;
        }
}
