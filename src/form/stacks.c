/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/stacks.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/form.h"
#include "core/sheet.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/label.h"
#include "form/roster.h"
#include "form/section.h"

enum { COLUMNS_MAX = 12, LABELS_MIN = 2, HEADS_MIN = 2 };

#define COMPLETE 0.9
#define SHIFTED 0.6 /* an empty cell may have been lost */

struct stack {
        struct label_match labels[COLUMNS_MAX]; /* of the columns after the number; valid where known */
        bool known[COLUMNS_MAX];
        size_t columns, first, row; /* lines: of the heading, of number 1 */
};

/* The line's number, when nothing else stands in it; 0: another line. */
static int number_of(const struct sheet *sheet, size_t line)
{
        size_t first = sheet->lines[line].first, end = first + sheet->lines[line].count;
        int64_t number;

        while (end > first + 1 && sheet_is_sign(sheet, end - 1, ".)"))
                end--;
        if (end != first + 1 || sheet->lines[line].table >= 0 ||
            str_to_int(sheet_key(sheet, first), 1, 4 * LIMIT_PEOPLE, &number) < 0)
                return 0;
        return (int)number;
}

static bool is_number_heading(const struct sheet *sheet, size_t line)
{
        static const char *const headings[] = { "lp", "l p", "nr", "no", NULL };
        size_t first = sheet->lines[line].first;
        CLEANUP_FREE char *key = sheet_words(sheet, first, first + sheet->lines[line].count);

        for (size_t i = 0; headings[i] != NULL; i++)
                if (strcmp(key, headings[i]) == 0)
                        return sheet->lines[line].table < 0;
        return false;
}

/* "Lp." at the line, headings below without a gap, a name's among them, then "1.". */
static bool find_heading(const struct scan *scan, size_t line, struct stack *ret_stack)
{
        const struct sheet *sheet = &scan->sheet;
        struct stack stack = { .first = line };
        size_t labels = 0, at = line + 1;
        bool name = false;

        if (!is_number_heading(sheet, line))
                return false;
        for (; at < sheet->line_count && number_of(sheet, at) != 1; at++) {
                size_t first = sheet->lines[at].first, end = first + sheet->lines[at].count;
                struct label_match *match = &stack.labels[stack.columns];

                if (stack.columns == COLUMNS_MAX || sheet_line_is_blank(sheet, at) ||
                    sheet->lines[at].table >= 0)
                        return false;
                stack.known[stack.columns] =
                    label_find(scan->labels, sheet, first, end, LABEL_STRONG, match) && match->after >= end;
                if (stack.known[stack.columns]) {
                        labels++;
                        name = name || scan->form->fields[match->field].type == FIELD_NAME;
                }
                stack.columns++;
        }
        stack.row = at;
        *ret_stack = stack;
        return at < sheet->line_count && name && labels >= LABELS_MIN;
}

/* Where the row ends: at the next number, or, in the last row, when its cells are used up or two lines are empty. */
static size_t row_end(const struct sheet *sheet, const struct stack *stack, size_t row, int number)
{
        size_t end = row + 1;

        for (; end < sheet->line_count && end <= row + 2 * COLUMNS_MAX; end++)
                if (number_of(sheet, end) == number + 1)
                        return end;
        for (end = row + 1; end < sheet->line_count && end <= row + stack->columns; end++)
                if (sheet->lines[end].table >= 0)
                        break;
        return end;
}

static struct span span_of(const struct sheet *sheet, size_t line)
{
        return (struct span){ sheet->lines[line].first, sheet->lines[line].first + sheet->lines[line].count };
}

/* An address or a telephone, which would have a column of its own. */
static bool is_of_other(
    const struct scan *scan, const struct stack *stack, size_t column, const struct span *span)
{
        for (size_t i = 0; i < stack->columns; i++) {
                size_t field = stack->labels[i].field;
                bool valid = false;

                if (i != column && stack->known[i] &&
                    (scan->form->fields[field].type == FIELD_EMAIL ||
                        scan->form->fields[field].type == FIELD_PHONE) &&
                    answer_probe(scan, field, span, 1, &valid) && valid)
                        return true;
        }
        return false;
}

/* Whether each of the row's lines is of the type of its column. */
static bool fits(const struct scan *scan, const struct stack *stack, size_t row, size_t end)
{
        for (size_t line = row + 1; line < end; line++) {
                struct span span = span_of(&scan->sheet, line);
                size_t column = line - row - 1;
                bool known = column < stack->columns && stack->known[column], valid = true;
                enum field_type type =
                    known ? scan->form->fields[stack->labels[column].field].type : FIELD_TEXT;

                if (sheet_line_is_blank(&scan->sheet, line))
                        continue;
                if (column >= stack->columns)
                        return false;
                if (type == FIELD_NAME || type == FIELD_ORGANISATION || type == FIELD_TEXT) {
                        if (is_of_other(scan, stack, column, &span))
                                return false;
                } else if (answer_probe(scan, stack->labels[column].field, &span, 1, &valid) && !valid) {
                        return false;
                }
        }
        return true;
}

static void add(struct scan *scan, const struct stack *stack, size_t column, size_t line, double most)
{
        struct label_match match = stack->labels[column];
        struct span span = span_of(&scan->sheet, line);

        match.confidence = match.confidence < most ? match.confidence : most;
        match.elsewhere = true;
        match.place = line;
        answer_add(scan, &match, &span, !sheet_line_is_blank(&scan->sheet, line), line, scan->people);
}

/* Cells were left out: an address and a telephone tell their column, and the name where it comes first. */
static void add_by_type(struct scan *scan, const struct stack *stack, size_t row, size_t end)
{
        for (size_t column = 0; column < stack->columns; column++) {
                enum field_type type;

                if (!stack->known[column])
                        continue;
                type = scan->form->fields[stack->labels[column].field].type;
                for (size_t line = row + 1; line < end; line++) {
                        struct span span = span_of(&scan->sheet, line);
                        bool valid = false;

                        if (type == FIELD_NAME ? column != 0 || line != row + 1
                                               : type != FIELD_EMAIL && type != FIELD_PHONE)
                                continue;
                        if (answer_probe(scan, stack->labels[column].field, &span, 1, &valid) && valid) {
                                add(scan, stack, column, line, SHIFTED);
                                break;
                        }
                }
        }
}

static void read_row(struct scan *scan, const struct stack *stack, size_t row, size_t end)
{
        bool gap = false;

        scan->people++;
        if (!fits(scan, stack, row, end)) {
                add_by_type(scan, stack, row, end);
                return;
        }
        for (size_t line = row + 1; line < end && line - row <= stack->columns; line++) {
                size_t column = line - row - 1;
                enum field_type type =
                    stack->known[column] ? scan->form->fields[stack->labels[column].field].type : FIELD_TEXT;

                gap = gap || sheet_line_is_blank(&scan->sheet, line);
                if (stack->known[column])
                        add(scan, stack, column, line,
                            gap && type != FIELD_EMAIL && type != FIELD_PHONE ? SHIFTED : COMPLETE);
        }
}

static size_t read_stack(struct scan *scan, const struct stack *stack)
{
        const struct sheet *sheet = &scan->sheet;
        size_t row = stack->row, end, last;
        int number = 1;

        for (last = row; last < sheet->line_count && number_of(sheet, last) == number;) {
                last = row_end(sheet, stack, last, number);
                number++;
        }
        roster_forget(scan, stack->first, last, LABEL_NONE);
        for (number = 1; row < last; row = end, number++) {
                end = row_end(sheet, stack, row, number);
                read_row(scan, stack, row, end);
        }
        return last;
}

/* ---- "Uczestnik 1", "Uczestnik 2", and below each label an answer of each */

/* How many headings of people follow each other from the line on. */
static size_t count_heads(const struct scan *scan, size_t line)
{
        size_t count = 0;

        while (line + count < scan->sheet.line_count && count < LIMIT_PEOPLE &&
               scan->sheet.lines[line + count].table < 0 &&
               section_is_heading(&scan->sections, line + count) &&
               scan->sections.lines[line + count].person == (int)count + 1)
                count++;
        return count >= HEADS_MIN ? count : 0;
}

static bool is_whole_label(const struct scan *scan, size_t line, struct label_match *ret_match)
{
        struct span span = span_of(&scan->sheet, line);

        return scan->sheet.lines[line].table < 0 &&
               label_find(scan->labels, &scan->sheet, span.first, span.end, LABEL_STRONG, ret_match) &&
               ret_match->after >= span.end;
}

static size_t read_column(struct scan *scan, size_t label, size_t heads, const struct label_match *match)
{
        const struct sheet *sheet = &scan->sheet;
        enum field_type type = scan->form->fields[match->field].type;
        struct label_match next;
        size_t line = label + 1;
        bool gap = false;

        roster_forget(scan, label, label + heads + 1, match->field);
        for (; line < sheet->line_count && line <= label + heads && !is_whole_label(scan, line, &next);
             line++) {
                struct span span = span_of(sheet, line);
                struct label_match own = *match;

                gap = gap || sheet_line_is_blank(sheet, line);
                if (gap && type != FIELD_EMAIL && type != FIELD_PHONE && own.confidence > SHIFTED)
                        own.confidence = SHIFTED;
                own.elsewhere = true;
                own.place = line;
                answer_add(scan, &own, &span, !sheet_line_is_blank(sheet, line), line,
                    scan->people + (int)(line - label));
        }
        return line;
}

static size_t read_heads(struct scan *scan, size_t line, size_t heads)
{
        struct label_match match;
        size_t end = line + heads, columns = 0;

        while (end < scan->sheet.line_count) {
                if (is_whole_label(scan, end, &match) && !answer_is_choice(scan, match.field)) {
                        end = read_column(scan, end, heads, &match);
                        columns++;
                } else if (sheet_line_is_blank(&scan->sheet, end)) {
                        end++;
                } else {
                        break;
                }
        }
        if (columns > 0)
                scan->people += (int)heads;
        return end;
}

void stacks_scan(struct scan *scan)
{
        struct stack stack;

        for (size_t line = 0; line < scan->sheet.line_count;) {
                size_t heads = count_heads(scan, line);

                if (heads > 0)
                        line = read_heads(scan, line, heads);
                else
                        line = find_heading(scan, line, &stack) ? read_stack(scan, &stack) : line + 1;
        }
}
