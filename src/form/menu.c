/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/menu.h"

#include <stdlib.h>

#include "core/form.h"
#include "core/word.h"
#include "core/wordings.h"
#include "form/answer.h"
#include "form/consent.h"
#include "form/grid.h"
#include "form/options.h"

enum { ROWS_MAX = 32, OPTIONS_MIN = 2 };

#define CROSSED 0.97
#define SAID 0.85
#define CONTRADICTORY 0.4

struct menu {
        const struct scan *scan;
        const struct grid *grid;
        struct wordings wordings;
        struct {
                size_t first, end;  /* cells */
                size_t option_cell; /* the first that begins with an option */
                int option;
                bool crossed, said;
        } rows[ROWS_MAX];
        size_t count;
        unsigned options; /* those met, as bits */
        size_t most;      /* options in one row */
        bool repeated;    /* one of them in two rows */
};

static bool is_cross(const struct sheet *sheet, size_t token)
{
        static const char *const crosses[] = { "x$", "v$", "xx$", NULL };
        const struct token *t = &sheet->tokens[token];

        return t->kind == TOKEN_BOX
                   ? t->on
                   : word_has_stem(sheet_key(sheet, token), crosses) || sheet_is_sign(sheet, token, "+*");
}

static bool is_empty_mark(const struct sheet *sheet, size_t token)
{
        return sheet->tokens[token].kind != TOKEN_WORD;
}

/* Nothing in the cell but crosses and signs, and a cross among them. */
static bool is_crossed(const struct sheet *sheet, const struct cell *cell)
{
        bool found = false;

        for (size_t i = cell->first; i < cell->end; i++) {
                if (!is_cross(sheet, i) && !is_empty_mark(sheet, i))
                        return false;
                found = found || is_cross(sheet, i);
        }
        return found;
}

static bool says_yes(const struct sheet *sheet, const struct cell *cell)
{
        static const char *const words[] = { "tak$", "yes$", "wybieram$", NULL };

        return cell->end > cell->first && word_has_stem(sheet_key(sheet, cell->first), words) &&
               !sheet_has_content(sheet, cell->first + 1, cell->end);
}

static int option_of(const struct menu *menu, const struct cell *cell)
{
        const struct sheet *sheet = &menu->scan->sheet;
        size_t at = cell->first, after;

        while (at < cell->end && (is_empty_mark(sheet, at) || is_cross(sheet, at)))
                at++;
        return at < cell->end ? wordings_find(&menu->wordings, sheet, at, cell->end, &after) : -1;
}

/* False: the row belongs to something else. */
static bool add_row(struct menu *menu, size_t first)
{
        const struct sheet *sheet = &menu->scan->sheet;
        size_t end = grid_row_end(menu->grid, first), found = 0;
        unsigned options = 0;

        if (menu->count == ROWS_MAX)
                return false;
        menu->rows[menu->count].first = first;
        menu->rows[menu->count].end = end;
        menu->rows[menu->count].option = -1;
        menu->rows[menu->count].crossed = menu->rows[menu->count].said = false;
        for (size_t i = first; i < end; i++) {
                const struct cell *cell = &menu->grid->cells[i];
                struct consent_match match;
                int option = option_of(menu, cell);

                if (cell->used || (cell->is_label && option < 0) ||
                    consent_find(menu->scan, cell->first, cell->end, &match))
                        return false;
                if (option >= 0 && option < 32 && !(options & (1U << option))) {
                        options |= 1U << option;
                        found++;
                        if (menu->rows[menu->count].option < 0) {
                                menu->rows[menu->count].option = option;
                                menu->rows[menu->count].option_cell = i;
                        }
                }
                if (is_crossed(sheet, cell))
                        menu->rows[menu->count].crossed = true;
                else if (says_yes(sheet, cell))
                        menu->rows[menu->count].said = true;
        }
        if (found == 0)
                return false;
        menu->repeated = menu->repeated || (menu->options & options) != 0;
        menu->options |= options;
        menu->most = found > menu->most ? found : menu->most;
        menu->count++;
        return true;
}

static size_t distinct(const struct menu *menu)
{
        size_t count = 0;

        for (unsigned left = menu->options; left != 0; left &= left - 1)
                count++;
        return count;
}

/* Printed rows without any mark in cells: an option may be struck or underlined. */
static void by_look(const struct menu *menu, size_t field, struct choice *choice)
{
        struct span spans[GRID_SPANS_MAX];
        size_t count = 0;

        for (size_t i = 0; i < menu->count && count < GRID_SPANS_MAX; i++) {
                if (menu->most > 1)
                        count += options_spans(menu->scan, menu->grid, menu->rows[i].first, menu->rows[i].end,
                            spans + count, GRID_SPANS_MAX - count);
                else
                        count = grid_spans(menu->scan, &menu->grid->cells[menu->rows[i].option_cell],
                            menu->grid->cells[menu->rows[i].option_cell].first, spans, count);
        }
        choice_read(&menu->scan->form->fields[field], &menu->scan->sheet, spans, count, choice);
}

/* One option a row: the row that is crossed, or else the one that says "tak". */
static void by_row(const struct menu *menu, size_t field, struct choice *choice)
{
        size_t crossed = 0, said = 0, row = 0;

        for (size_t i = 0; i < menu->count; i++) {
                crossed += menu->rows[i].crossed;
                said += menu->rows[i].said;
        }
        if (crossed == 0 && said == 0) {
                by_look(menu, field, choice);
                return;
        }
        while (crossed > 0 ? !menu->rows[row].crossed : !menu->rows[row].said)
                row++;
        choice->value = wordings_text(&menu->scan->form->fields[field], (size_t)menu->rows[row].option, 0);
        choice->confidence = crossed == 1 ? CROSSED : crossed == 0 && said == 1 ? SAID : CONTRADICTORY;
}

/* Crosses in the row below a row of options; ret_end moves past it. */
static bool by_row_below(const struct menu *menu, size_t field, struct choice *choice, size_t *ret_end)
{
        struct span spans[GRID_SPANS_MAX];
        size_t option, row, count;

        if (menu->count != 1 || !options_crossed_below(menu->scan, menu->grid, menu->rows[0].first,
                                    menu->rows[0].end, &option, &row))
                return false;
        count = grid_spans(menu->scan, &menu->grid->cells[option], menu->grid->cells[option].first, spans, 0);
        choice_read(&menu->scan->form->fields[field], &menu->scan->sheet, spans, count, choice);
        *ret_end = grid_row_end(menu->grid, row);
        return choice->value != NULL;
}

static bool read_rows(struct menu *menu, size_t from, size_t field, struct choice *choice, size_t *ret_end)
{
        size_t at = from;

        if (at < menu->grid->count && !add_row(menu, at)) /* "Lp. | Termin | Wybór" */
                at = grid_row_end(menu->grid, at);
        else if (at < menu->grid->count)
                at = menu->rows[0].end;
        while (at < menu->grid->count && add_row(menu, at))
                at = menu->rows[menu->count - 1].end;
        if (distinct(menu) < OPTIONS_MIN || menu->repeated)
                return false;
        *ret_end = at;
        choice->offered = true;
        if (menu->most == 1)
                by_row(menu, field, choice);
        else if (!by_row_below(menu, field, choice, ret_end))
                by_look(menu, field, choice);
        return true;
}

bool menu_read(const struct scan *scan, const struct grid *grid, size_t from, size_t field,
    struct choice *ret_choice, size_t *ret_end)
{
        struct menu menu = { .scan = scan, .grid = grid };
        bool found;

        *ret_choice = (struct choice){ 0 };
        if (scan->form->fields[field].type != FIELD_CHOICE)
                return false;
        menu.wordings = wordings_of(&scan->form->fields[field]);
        found = read_rows(&menu, from, field, ret_choice, ret_end);
        wordings_free(&menu.wordings);
        return found;
}
