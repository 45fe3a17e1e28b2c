/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/overwrite.h"

#include "form/answer.h"
#include "form/pair.h"

enum { LINES_MAX = 6 };

static bool is_plain(const struct sheet *sheet, size_t line)
{
        return sheet->lines[line].table < 0;
}

/* The line of the document with the words of this one of the blank form: half of them, or more. */
static bool kept_as(const struct pair *pair, size_t line, size_t *ret_line)
{
        const struct sheet *printed = &pair->printed->sheet, *sheet = &pair->scan->sheet;
        const struct line *own = &printed->lines[line];
        size_t words = 0, kept = 0, at = 0;

        for (size_t i = own->first; i < own->first + own->count; i++) {
                size_t token = pair->align.doc_of[i];

                if (printed->tokens[i].kind != TOKEN_WORD)
                        continue;
                words++;
                if (token == ALIGN_NONE || (kept > 0 && sheet_line_of(sheet, token) != at))
                        continue;
                at = sheet_line_of(sheet, token);
                kept++;
        }
        *ret_line = at;
        return kept > 0 && 2 * kept >= words && is_plain(sheet, at);
}

/* Nothing of the line stands in the other sheet. */
static bool is_lost(const struct sheet *sheet, const size_t *other, size_t line)
{
        bool words = false;

        for (size_t i = 0; i < sheet->lines[line].count; i++) {
                size_t token = sheet->lines[line].first + i;

                if (sheet->tokens[token].kind != TOKEN_WORD)
                        continue;
                words = true;
                if (other[token] != ALIGN_NONE)
                        return false;
        }
        return words;
}

/* Lines with something in them between the two, LINES_MAX + 1 at most. */
static size_t between(const struct sheet *sheet, size_t first, size_t last)
{
        size_t count = 0;

        for (size_t line = first + 1; line < last && count <= LINES_MAX; line++)
                count += sheet->lines[line].count > 0;
        return count;
}

/* The nearest line before (step -1) or after (1) that was kept; its number in the blank form and in the document. */
static bool nearest(const struct pair *pair, size_t line, int step, size_t *ret_printed, size_t *ret_line)
{
        const struct sheet *printed = &pair->printed->sheet;

        for (size_t tried = 0; tried <= LINES_MAX; tried++) {
                do {
                        if (step < 0 ? line == 0 : line + 1 >= printed->line_count)
                                return false;
                        line = step < 0 ? line - 1 : line + 1;
                } while (printed->lines[line].count == 0);
                if (!is_plain(printed, line))
                        return false;
                if (kept_as(pair, line, ret_line)) {
                        *ret_printed = line;
                        return true;
                }
        }
        return false;
}

/* The line with something in it that is "count" such lines on. */
static size_t go_on(const struct sheet *sheet, size_t line, size_t count)
{
        while (count > 0 && line + 1 < sheet->line_count)
                count -= sheet->lines[++line].count > 0;
        return line;
}

bool overwrite_line(const struct pair *pair, const struct answer *label, size_t *ret_line)
{
        const struct sheet *printed = &pair->printed->sheet, *sheet = &pair->scan->sheet;
        size_t own, above, below, from, to, line;

        if (label->label.end <= label->label.first || label->under || label->inside || label->elsewhere)
                return false;
        own = sheet_line_of(printed, label->label.first);
        if (!is_plain(printed, own) || !is_lost(printed, pair->align.doc_of, own) ||
            !nearest(pair, own, -1, &above, &from) || !nearest(pair, own, 1, &below, &to) || to <= from)
                return false;
        if (between(printed, above, below) != between(sheet, from, to))
                return false;
        line = go_on(sheet, from, between(printed, above, own) + 1);
        if (!is_plain(sheet, line) || !is_lost(sheet, pair->align.blank_of, line))
                return false;
        *ret_line = line;
        return true;
}
