/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/below.h"

#include <stdbool.h>
#include <stdlib.h>

#include "core/document.h"
#include "core/form.h"
#include "form/answer.h"
#include "form/consent.h"
#include "form/grid.h"
#include "form/menu.h"
#include "form/section.h"

#define FRAMED 0.95
#define DOUBTFUL 0.75 /* a frame may hold a heading */

/* The answer last added, when its label's line is the last before the table and nothing was answered there. */
static struct answer *asked_above(struct scan *scan, const struct grid *grid)
{
        struct answer *last = scan->answers.count > 0 ? &scan->answers.items[scan->answers.count - 1] : NULL;
        size_t line = grid->count > 0 ? grid->cells[0].first_line : 0;

        while (line > 0 && sheet_line_is_blank(&scan->sheet, line - 1))
                line--;
        return last != NULL && line > 0 && last->value == NULL && last->person == 0 &&
                       scan->sheet.lines[line - 1].table < 0 &&
                       sheet_line_of(&scan->sheet, last->label.first) == line - 1
                   ? last
                   : NULL;
}

/* Takes the empty answer away, for a full one to come in its place; its label, believed "most" at most. */
static struct label_match take_asked(struct scan *scan, const struct answer *asked, double most)
{
        struct label_match match = { .field = asked->field,
                .part = asked->part,
                .start = asked->label.first,
                .after = asked->label.end,
                .confidence = DOUBTFUL,
                .also = LABEL_NONE };
        struct label_match found;

        if (label_find(scan->labels, &scan->sheet, match.start, match.after, LABEL_STRONG, &found) &&
            found.field == match.field)
                match.confidence = found.confidence;
        if (match.confidence > most)
                match.confidence = most;
        free(scan->answers.items[--scan->answers.count].raw);
        return match;
}

static size_t read_menu(struct scan *scan, const struct grid *grid, const struct answer *asked)
{
        struct choice choice;
        struct span label = asked->label;
        size_t field = asked->field, end;

        if (!menu_read(scan, grid, 0, field, &choice, &end))
                return 0;
        take_asked(scan, asked, 1);
        answer_add_choice(scan, field, &choice, choice.confidence, false, &label);
        return end;
}

/* "8|5|0|3|...": a row of boxes for a character each. */
static size_t read_letters(struct scan *scan, const struct grid *grid, const struct answer *asked)
{
        struct span spans[GRID_SPANS_MAX], span;
        size_t count = 0, end = grid_row_end(grid, 0);

        for (size_t i = 0; i < end; i++) {
                if (!grid_letter(scan, &grid->cells[i], &span) || count == GRID_SPANS_MAX)
                        return 0;
                if (span.end > span.first)
                        spans[count++] = span;
        }
        if (count < GRID_LETTERS_MIN)
                return 0;
        const struct label_match match = take_asked(scan, asked, FRAMED);
        answer_add(scan, &match, spans, count, sheet_line_of(&scan->sheet, match.start), 0);
        return end;
}

static bool is_bold(const struct sheet *sheet, const struct cell *cell)
{
        for (size_t i = cell->first; i < cell->end; i++)
                if (sheet->tokens[i].kind == TOKEN_WORD && !(sheet->tokens[i].marks & RUN_BOLD))
                        return false;
        return true;
}

/* A table of one cell, right below its label: a frame. */
static size_t read_frame(struct scan *scan, const struct grid *grid, const struct answer *asked)
{
        const struct cell *cell = &grid->cells[0];
        struct span spans[GRID_SPANS_MAX];
        struct consent_match consent;
        size_t count = grid_spans(scan, cell, cell->first, spans, 0);
        bool valid = true;

        if (grid->count != 1 || answer_is_choice(scan, asked->field) || cell->has_label ||
            cell->first_line == 0 || sheet_line_is_blank(&scan->sheet, cell->first_line - 1) ||
            scan->sheet.lines[cell->first_line - 1].first + scan->sheet.lines[cell->first_line - 1].count !=
                asked->label.end ||
            section_is_heading(&scan->sections, cell->first_line) || grid_is_remark(scan, cell) ||
            consent_find(scan, cell->first, cell->end, &consent) ||
            (count > 0 && answer_probe(scan, asked->field, spans, count, &valid) && !valid))
                return 0;
        struct label_match match = take_asked(scan, asked, is_bold(&scan->sheet, cell) ? DOUBTFUL : FRAMED);
        match.elsewhere = true;
        match.place = cell->first_line;
        answer_add(scan, &match, spans, count, sheet_line_of(&scan->sheet, match.start), 0);
        return 1;
}

size_t below_scan(struct scan *scan, const struct grid *grid)
{
        const struct answer *asked = asked_above(scan, grid);
        size_t end;

        if (asked == NULL)
                return 0;
        end = read_menu(scan, grid, asked);
        if (end == 0)
                end = read_letters(scan, grid, asked);
        return end > 0 ? end : read_frame(scan, grid, asked);
}
