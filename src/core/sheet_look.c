/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Looking at a sheet: its tokens, lines and their words. */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "core/sheet.h"

const char *sheet_key(const struct sheet *sheet, size_t token)
{
        const struct token *t = &sheet->tokens[token];

        return t->kind == TOKEN_WORD ? sheet->keys.data + t->key : "";
}

bool sheet_is_sign(const struct sheet *sheet, size_t token, const char *signs)
{
        const struct token *t = &sheet->tokens[token];

        return t->kind == TOKEN_SIGN && t->size == 1 && strchr(signs, *t->text) != NULL;
}

bool sheet_is_letter(const struct sheet *sheet, size_t token)
{
        return str_characters(sheet->tokens[token].text, sheet->tokens[token].size) == 1;
}

bool sheet_has_content(const struct sheet *sheet, size_t first, size_t end)
{
        for (size_t i = first; i < end; i++) {
                const struct token *t = &sheet->tokens[i];
                if (t->kind == TOKEN_BOX || (t->kind == TOKEN_WORD && !(t->marks & RUN_STRIKE)))
                        return true;
        }
        return false;
}

size_t sheet_line_of(const struct sheet *sheet, size_t token)
{
        size_t low = 0, high = sheet->line_count;

        while (low + 1 < high) { /* the last line that begins at or before the token */
                size_t middle = (low + high) / 2;
                if (sheet->lines[middle].first <= token)
                        low = middle;
                else
                        high = middle;
        }
        return low;
}

size_t sheet_line_end(const struct sheet *sheet, size_t line)
{
        return sheet->lines[line].first + sheet->lines[line].count;
}

bool sheet_line_is_blank(const struct sheet *sheet, size_t line)
{
        const struct line *l = &sheet->lines[line];

        for (size_t i = l->first; i < l->first + l->count; i++)
                if (sheet->tokens[i].kind == TOKEN_WORD || sheet->tokens[i].kind == TOKEN_BOX)
                        return false;
        return true;
}

void sheet_text(const struct sheet *sheet, size_t first, size_t end, struct buf *out)
{
        bool gap = false, written = false;

        for (size_t i = first; i < end; i++) {
                const struct token *t = &sheet->tokens[i];
                bool skipped = t->kind == TOKEN_BOX || t->kind == TOKEN_LEADER || t->kind == TOKEN_TAB ||
                               (t->marks & RUN_STRIKE);
                gap = gap || t->gap > 0 || skipped;
                if (skipped)
                        continue;
                if (written && gap)
                        buf_putc(out, ' ');
                buf_add(out, t->text, t->size);
                written = true;
                gap = false;
        }
}

char *sheet_words(const struct sheet *sheet, size_t first, size_t end)
{
        struct buf out = BUF_INIT(8 * LIMIT_DOC_TEXT);

        for (size_t i = first; i < end; i++) {
                if (sheet->tokens[i].kind != TOKEN_WORD)
                        continue;
                if (out.size > 0)
                        buf_putc(&out, ' ');
                buf_puts(&out, sheet_key(sheet, i));
        }
        buf_add(&out, "", 0);
        return buf_detach(&out, NULL);
}

char *sheet_place(const struct sheet *sheet, size_t line)
{
        const struct line *place = &sheet->lines[line];
        const char *name = sheet->document != NULL ? sheet->document->name : NULL;

        if (name == NULL || *name == '\0')
                name = "mail text";
        return place->table >= 0 ? xasprintf("%s, table %d, row %d", name, place->table + 1, place->row + 1)
                                 : xasprintf("%s, line %zu", name, line + 1);
}
