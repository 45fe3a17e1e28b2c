/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/sequel.h"

#include <stdbool.h>

#include "base/buf.h"
#include "base/limits.h"
#include "core/form.h"
#include "form/answer.h"
#include "form/consent.h"
#include "form/fullname.h"
#include "form/grid.h"

enum { COLUMNS_MAX = 32, COLUMNS_MIN = 3, BLANKS_MAX = 3 };

#define CONTINUED 0.9

/* What was asked in the columns of the list above, by the answers of its last row. */
struct sequel {
        struct {
                int column;
                struct label_match label;
        } items[COLUMNS_MAX];
        size_t count;
        int name; /* the name's column; -1: none */
};

/* The last line of the table right above line; LABEL_NONE: something else stands there. */
static size_t table_above(const struct sheet *sheet, size_t line)
{
        size_t above = line;

        while (above > 0 && line - above < BLANKS_MAX && sheet->lines[above - 1].table < 0 &&
               sheet_line_is_blank(sheet, above - 1))
                above--;
        return above > 0 && sheet->lines[above - 1].table >= 0 ? above - 1 : LABEL_NONE;
}

/* The last column of the rows from line on, or up to it, that belong to its table. */
static int width_of(const struct sheet *sheet, size_t line)
{
        int table = sheet->lines[line].table, width = 0;
        size_t first = line;

        while (first > 0 && sheet->lines[first - 1].table == table)
                first--;
        for (; first < sheet->line_count && sheet->lines[first].table == table; first++)
                if (sheet->lines[first].column >= width)
                        width = sheet->lines[first].column + 1;
        return width;
}

static struct sequel columns_above(const struct scan *scan, size_t last)
{
        const struct line *end = &scan->sheet.lines[last];
        struct sequel sequel = { .name = -1 };

        for (size_t i = 0; i < scan->answers.count && sequel.count < COLUMNS_MAX; i++) {
                const struct answer *answer = &scan->answers.items[i];
                const struct line *place = &scan->sheet.lines[answer->place];

                if (answer->person == 0 || answer->person != scan->people || !answer->elsewhere ||
                    place->table != end->table || place->row != end->row)
                        continue;
                sequel.items[sequel.count].column = place->column;
                sequel.items[sequel.count].label = (struct label_match){ .field = answer->field,
                        .part = answer->part,
                        .start = answer->label.first,
                        .after = answer->label.end,
                        .confidence = CONTINUED,
                        .also = LABEL_NONE,
                        .elsewhere = true };
                sequel.count++;
                if (scan->form->fields[answer->field].type == FIELD_NAME && answer->part == LABEL_WHOLE)
                        sequel.name = place->column;
        }
        return sequel;
}

static bool is_name(const struct scan *scan, const struct cell *cell)
{
        struct buf text = BUF_INIT(8 * LIMIT_FIELD_VALUE);
        bool name;

        if (cell == NULL)
                return false;
        sheet_text(&scan->sheet, cell->first, cell->end, &text);
        name = fullname_is(buf_text(&text));
        buf_free(&text);
        return name;
}

/* Nothing is asked or declared in the row, and a name stands where names stood above. */
static bool is_person(
    const struct scan *scan, struct grid *grid, const struct sequel *sequel, size_t row, size_t end)
{
        struct consent_match match;

        for (size_t i = row; i < end; i++) {
                const struct cell *cell = &grid->cells[i];

                if (!grid_is_empty(scan, cell) && (cell->is_label || grid_is_remark(scan, cell) ||
                                                      consent_find(scan, cell->first, cell->end, &match)))
                        return false;
        }
        return is_name(scan, grid_in_row(grid, grid->cells[row].row, sequel->name));
}

static void answer_row(struct scan *scan, struct grid *grid, const struct sequel *sequel, int row)
{
        scan->people++;
        for (size_t i = 0; i < sequel->count; i++) {
                struct label_match match = sequel->items[i].label;
                struct cell *value = grid_in_row(grid, row, sequel->items[i].column);
                struct span spans[GRID_SPANS_MAX];

                if (value == NULL)
                        continue;
                value->used = true;
                match.place = value->first_line;
                answer_add(scan, &match, spans, grid_spans(scan, value, value->first, spans, 0),
                    value->first_line, scan->people);
        }
}

size_t sequel_scan(struct scan *scan, struct grid *grid)
{
        size_t line = grid->count > 0 ? grid->cells[0].first_line : 0, row = 0, next;
        size_t above = line > 0 ? table_above(&scan->sheet, line) : LABEL_NONE;
        struct sequel sequel;

        if (above == LABEL_NONE || width_of(&scan->sheet, line) < COLUMNS_MIN ||
            width_of(&scan->sheet, line) != width_of(&scan->sheet, above))
                return 0;
        sequel = columns_above(scan, above);
        if (sequel.name < 0)
                return 0;
        for (; row < grid->count; row = next) {
                next = grid_row_end(grid, row);
                if (!is_person(scan, grid, &sequel, row, next))
                        break;
                answer_row(scan, grid, &sequel, grid->cells[row].row);
        }
        return row;
}
