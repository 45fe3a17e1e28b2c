/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/columns.h"

#include <stdbool.h>
#include <stddef.h>

#include "base/limits.h"
#include "core/sheet.h"
#include "form/answer.h"
#include "form/label.h"
#include "form/roster.h"
#include "form/section.h"

enum { SPANS_MAX = 8, COLUMNS_MIN = 2 };

struct heads {
        int columns[LIMIT_PEOPLE];
        size_t count;
};

static bool same_row(const struct sheet *sheet, size_t a, size_t b)
{
        return sheet->lines[a].table == sheet->lines[b].table && sheet->lines[a].row == sheet->lines[b].row;
}

/* The headings of the row that begins at the line, all of them of participants, none above the labels. */
static bool find_heads(const struct scan *scan, size_t line, struct heads *ret_heads)
{
        const struct sheet *sheet = &scan->sheet;
        struct heads heads = { .count = 0 };

        for (size_t i = line; i < sheet->line_count && same_row(sheet, i, line); i++) {
                if (sheet_line_is_blank(sheet, i))
                        continue;
                if (!section_is_heading(&scan->sections, i) ||
                    scan->sections.lines[i].kind != SECTION_PERSON || sheet->lines[i].column == 0 ||
                    heads.count == LIMIT_PEOPLE)
                        return false;
                heads.columns[heads.count++] = sheet->lines[i].column;
        }
        *ret_heads = heads;
        return heads.count >= COLUMNS_MIN;
}

/* The lines of a cell that hold something, among those of its row. */
static size_t cell_spans(
    const struct sheet *sheet, size_t row, int column, struct span *ret_spans, size_t *ret_line)
{
        size_t count = 0;

        for (size_t i = row; i < sheet->line_count && same_row(sheet, i, row); i++) {
                const struct line *line = &sheet->lines[i];
                if (line->column != column)
                        continue;
                if (count == 0)
                        *ret_line = i;
                if (count < SPANS_MAX && sheet_has_content(sheet, line->first, line->first + line->count))
                        ret_spans[count++] = (struct span){ line->first, line->first + line->count };
        }
        return count;
}

static void read_row(struct scan *scan, size_t row, const struct heads *heads, int first_person)
{
        const struct sheet *sheet = &scan->sheet;
        size_t end = sheet->lines[row].first + sheet->lines[row].count;
        struct label_match match;

        if (sheet->lines[row].column != 0 ||
            !label_find(scan->labels, sheet, label_skip_number(sheet, sheet->lines[row].first, end, NULL),
                end, LABEL_STRONG, &match))
                return;
        for (size_t k = 0; k < heads->count; k++) {
                struct span spans[SPANS_MAX];
                size_t line = row, count = cell_spans(sheet, row, heads->columns[k], spans, &line);

                match.elsewhere = true;
                match.place = line;
                answer_add(scan, &match, spans, count, line, first_person + (int)k);
        }
}

static size_t read_table(struct scan *scan, size_t line, const struct heads *heads)
{
        const struct sheet *sheet = &scan->sheet;
        size_t first = line, row;
        int table = sheet->lines[line].table;

        while (first < sheet->line_count && same_row(sheet, first, line))
                first++;
        row = first;
        while (row < sheet->line_count && sheet->lines[row].table == table)
                row++;
        roster_forget(scan, first, row, LABEL_NONE);
        for (size_t end = row, i = first; i < end; i++)
                if (i == first || !same_row(sheet, i - 1, i))
                        read_row(scan, i, heads, scan->people + 1);
        scan->people += (int)heads->count;
        return row;
}

void columns_scan(struct scan *scan)
{
        struct heads heads;
        size_t line = 0;

        while (line < scan->sheet.line_count) {
                bool begins = scan->sheet.lines[line].table >= 0 &&
                              (line == 0 || !same_row(&scan->sheet, line - 1, line));
                line = begins && find_heads(scan, line, &heads) ? read_table(scan, line, &heads) : line + 1;
        }
}
