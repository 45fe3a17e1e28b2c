/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/example.h"

#include <stdbool.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/grid.h"

enum { OTHERS_MIN = 2, HEADING_MAX = 6 };

/* ---- what says so */

/* Folded words. */
static bool is_example(const char *key)
{
        static const char *const whole[] = { "przyklad", "przyklady", "przyklad wypelnienia",
                "przyklady odpowiedzi", "przykladowa odpowiedz", "przykladowe odpowiedzi", "przykladowe dane",
                "przykladowe wypelnienie", "przykladowy wpis", "wzor", "wzor wypelnienia", "wzor odpowiedzi",
                "np", "n p", "e g", "example", "sposob wypelnienia", "sposob wypelniania", "jak wypelnic",
                "instrukcja wypelnienia", "uwagi do wypelnienia", "wskazowki", "objasnienia" };

        for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
                if (strcmp(key, whole[i]) == 0)
                        return true;
        return false;
}

/* The whole of a cell. */
static bool says_example(const struct scan *scan, const struct cell *cell)
{
        CLEANUP_FREE char *key = sheet_words(&scan->sheet, cell->first, cell->end);

        return !cell->has_label && is_example(key);
}

/* "np. Jan Kowalski", "Przykład: Jan Kowalski" */
static bool begins_example(const struct scan *scan, const struct cell *cell)
{
        static const char *const words[] = { "np$", "przyklad$", "wzor$", NULL };
        const struct sheet *sheet = &scan->sheet;
        size_t first = cell->first + (cell->first < cell->end && sheet_is_sign(sheet, cell->first, "(["));

        return !cell->has_label && first + 2 < cell->end && word_has_stem(sheet_key(sheet, first), words) &&
               sheet_is_sign(sheet, first + 1, ".:");
}

/* "Jan Kowalski (przykład)" */
static bool is_called_example(const struct scan *scan, const struct cell *cell)
{
        static const char *const words[] = { "przyklad$", "przykladow", "wzor$", "example$", NULL };
        const struct sheet *sheet = &scan->sheet;

        for (size_t i = cell->first; i + 2 < cell->end; i++)
                if (i > cell->first && sheet_is_sign(sheet, i, "(") &&
                    word_has_stem(sheet_key(sheet, i + 1), words) && sheet_is_sign(sheet, i + 2, ")"))
                        return true;
        return false;
}

static bool is_number(const struct scan *scan, const struct cell *cell)
{
        CLEANUP_FREE char *key = sheet_words(&scan->sheet, cell->first, cell->end);

        return *key != '\0' && strspn(key, "0123456789") == strlen(key);
}

static bool has_number(const struct scan *scan, const struct cell *cell, const char *number)
{
        CLEANUP_FREE char *key = sheet_words(&scan->sheet, cell->first, cell->end);

        return strcmp(key, number) == 0;
}

/* The heading of a column of prices, which the organiser has filled in. */
static bool says_price(const struct scan *scan, const struct cell *cell)
{
        static const char *const prices[] = { "cena$", "ceny$", "koszt$", "kwota$", "oplata$", "wartosc$",
                "price$", NULL };

        return !cell->has_label && cell->first < cell->end &&
               word_has_stem(sheet_key(&scan->sheet, cell->first), prices);
}

/* The heading of a column where somebody orders: "Liczba osób", "Zamawiam (X)", "TAK/NIE". */
static bool says_order(const struct scan *scan, const struct cell *cell)
{
        static const char *const orders[] = { "liczb", "ilosc", "sztuk", "osob", "zamawia", "zamowi", "wybor",
                "wybiera", "zaznacz", "tak$", "x$", "rezerwuj", "quantity", NULL };

        for (size_t i = cell->first; i < cell->end; i++)
                if (word_has_stem(sheet_key(&scan->sheet, i), orders))
                        return true;
        return false;
}

/* ---- rows */

/* Below other rows: "Wzór | Jan Kowalski | ...", "1 | np. Jan Kowalski | ...", "0 | ..." above row 1. */
static bool is_example_row(const struct scan *scan, const struct grid *grid, size_t start, size_t end)
{
        size_t first = start, count = 0;

        for (size_t i = start; i < end; i++) {
                if (grid->cells[i].is_label)
                        return false;
                count += !grid_is_empty(scan, &grid->cells[i]);
        }
        while (first < end && grid_is_empty(scan, &grid->cells[first]))
                first++;
        if (start == 0 || count < OTHERS_MIN)
                return false;
        if (says_example(scan, &grid->cells[first]) || begins_example(scan, &grid->cells[first]) ||
            (is_number(scan, &grid->cells[first]) && begins_example(scan, &grid->cells[first + 1])))
                return true;
        if (is_called_example(scan, &grid->cells[first]) || is_called_example(scan, &grid->cells[first + 1]))
                return true;
        return has_number(scan, &grid->cells[first], "0") && end < grid->count &&
               has_number(scan, &grid->cells[end], "1");
}

/* "Przykład:" in a row of its own below other rows: the row after it is one. */
static bool is_example_title(const struct scan *scan, const struct grid *grid, size_t start, size_t end)
{
        static const char *const words[] = { "przyklad", "wzor$", "example$", NULL };
        size_t count = 0, first = start;

        for (size_t i = start; i < end; i++) {
                first = count == 0 ? i : first;
                count += !grid_is_empty(scan, &grid->cells[i]);
        }
        return start > 0 && end < grid->count && count == 1 && says_example(scan, &grid->cells[first]) &&
               word_has_stem(sheet_key(&scan->sheet, grid->cells[first].first), words);
}

/* Takes cells [start, end) out; "rows" later cells move up. */
static void take(struct grid *grid, size_t start, size_t end, int rows)
{
        memmove(&grid->cells[start], &grid->cells[end], (grid->count - end) * sizeof *grid->cells);
        grid->count -= end - start;
        for (size_t i = start; i < grid->count; i++)
                grid->cells[i].row -= rows;
}

/* ---- columns */

/* Whether the row's other headings leave a column for the questions and one for the answers. */
static bool leaves_answers(
    const struct scan *scan, const struct grid *grid, size_t start, size_t end, size_t column)
{
        static const char *const numbers[] = { "lp$", "l$", "nr$", "p$", NULL };
        size_t headings = 0, rows = 0, answered = 0;

        for (size_t i = start; i < end; i++)
                headings += i != column && !grid_is_empty(scan, &grid->cells[i]) &&
                            !word_has_stem(sheet_key(&scan->sheet, grid->cells[i].first), numbers);
        for (size_t i = end; i < grid->count; i++) {
                const struct cell *label = &grid->cells[i];
                bool place = false;

                for (size_t k = i + 1; k < grid->count && grid->cells[k].row == label->row; k++)
                        place = place || (grid->cells[k].column != grid->cells[column].column &&
                                             !grid->cells[k].is_label);
                rows += label->has_label;
                answered += label->has_label && place;
        }
        return headings >= OTHERS_MIN || (answered > 0 && answered * 2 >= rows);
}

static void take_column(struct grid *grid, size_t heading)
{
        const int column = grid->cells[heading].column;

        for (size_t i = grid->count; i-- > heading;)
                if (grid->cells[i].column == column)
                        take(grid, i, i + 1, 0);
}

/* A column of prices beside one of orders. */
static bool is_priced(
    const struct scan *scan, const struct grid *grid, size_t start, size_t end, size_t column)
{
        bool order = false;

        for (size_t i = start; i < end; i++)
                order = order || (i != column && says_order(scan, &grid->cells[i]) &&
                                     !says_price(scan, &grid->cells[i]));
        return order && end - start > OTHERS_MIN && says_price(scan, &grid->cells[column]);
}

static void doubt_column(struct grid *grid, size_t heading)
{
        for (size_t i = heading; i < grid->count; i++)
                grid->cells[i].example =
                    grid->cells[i].example || grid->cells[i].column == grid->cells[heading].column;
}

static void take_columns(const struct scan *scan, struct grid *grid)
{
        for (size_t i = 0; i < grid->count; i++) {
                size_t start = i, end = grid_row_end(grid, i);

                while (start > 0 && grid->cells[start - 1].row == grid->cells[i].row)
                        start--;
                if (i > start &&
                    (is_priced(scan, grid, start, end, i) ||
                        (says_example(scan, &grid->cells[i]) && leaves_answers(scan, grid, start, end, i))))
                        take_column(grid, i--);
                else if (i > start && says_example(scan, &grid->cells[i]))
                        doubt_column(grid, i);
        }
}

/* "Telefon | np. 600 100 200 | " */
static void take_cells(const struct scan *scan, struct grid *grid)
{
        for (size_t i = grid->count; i-- > 1;) {
                const struct cell *cell = &grid->cells[i];

                if (i + 1 < grid->count && cell[1].row == cell->row && cell[-1].row == cell->row &&
                    cell[-1].has_label && !cell[1].is_label && begins_example(scan, cell))
                        take(grid, i, i + 1, 0);
        }
}

void example_take_out(const struct scan *scan, struct grid *grid)
{
        take_columns(scan, grid);
        take_cells(scan, grid);
        for (size_t start = 0, end; start < grid->count; start = end) {
                bool title;

                end = grid_row_end(grid, start);
                title = is_example_title(scan, grid, start, end);
                if (!title && !is_example_row(scan, grid, start, end))
                        continue;
                if (title)
                        take(grid, start, end, 1);
                take(grid, start, grid_row_end(grid, start), 1);
                end = start;
        }
}

/* ---- with the blank form */

/* The words of the cell before the line's own, in its row. */
static char *words_before(const struct sheet *sheet, size_t line)
{
        const struct line *own = &sheet->lines[line];
        size_t last = line, first;

        while (last > 0 && sheet->lines[last].column == own->column)
                last--;
        if (sheet->lines[last].table != own->table || sheet->lines[last].row != own->row)
                return NULL;
        for (first = last; first > 0 && sheet->lines[first - 1].table == own->table &&
                           sheet->lines[first - 1].row == own->row &&
                           sheet->lines[first - 1].column == sheet->lines[last].column;)
                first--;
        return sheet_words(
            sheet, sheet->lines[first].first, sheet->lines[last].first + sheet->lines[last].count);
}

/* The blank form has the same beside this label, and its place for the answer after it. */
static bool is_printed_beside(const struct scan *scan, size_t field, const struct cell *right)
{
        CLEANUP_FREE char *words = sheet_words(&scan->sheet, right->first, right->end);
        const struct answers *printed = scan->printed != NULL ? &scan->printed->answers : NULL;

        for (size_t i = 0; printed != NULL && i < printed->count; i++) {
                CLEANUP_FREE char *before = NULL;

                if (printed->items[i].field != field || !printed->items[i].elsewhere)
                        continue;
                before = words_before(&scan->printed->sheet, printed->items[i].place);
                if (before != NULL && strcmp(before, words) == 0)
                        return true;
        }
        return false;
}

struct cell *example_past(const struct scan *scan, struct grid *grid, size_t index)
{
        const size_t field = grid->cells[index].label.field;
        struct cell *right = grid_right_of(grid, index), *next;

        if (right == NULL || right->is_label || grid_is_empty(scan, right) || answer_is_choice(scan, field))
                return right;
        next = grid_right_of(grid, index + 1);
        if (next == NULL || next->is_label || next->used)
                return right;
        if (scan->is_blank ? grid_is_empty(scan, next) : is_printed_beside(scan, field, right))
                return next;
        return right;
}

/* ---- tables that came as lines of text */

bool example_is_headed(const struct scan *scan, size_t first, size_t last)
{
        const struct sheet *sheet = &scan->sheet;
        struct label_match match;

        for (size_t line = first; line + 1 < last; line++) {
                const struct line *own = &sheet->lines[line], *next = own + 1;
                CLEANUP_FREE char *key = sheet_words(sheet, own->first, own->first + own->count);

                if (label_find(
                        scan->labels, sheet, own->first, own->first + own->count, LABEL_STRONG, &match))
                        return false;
                if (is_example(key) && line > first && own[-1].count > 0 && own[-1].count <= HEADING_MAX &&
                    next->count > 0 && next->count <= HEADING_MAX &&
                    !label_find(
                        scan->labels, sheet, next->first, next->first + next->count, LABEL_STRONG, &match))
                        return true;
        }
        return false;
}
