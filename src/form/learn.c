/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/learn.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/document.h"
#include "core/fold.h"
#include "core/sheet.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/form_read.h"
#include "form/label.h"

enum {
        LABEL_WORDS = 14,
        OPTIONS_MAX = 20,
        WIDE_GAP = 3,
        CONSENT_LINES = 8,
        PREFILLED_WORDS = 4,
        LIKELY_WORDS = 7
};

struct learner {
        struct sheet sheet;
        struct learned *learned;
        bool stars_strike; /* "* niepotrzebne skreślić": a star marks options, not what must be answered */
};

/* ---- adding a question */

static void add(struct learner *learner, size_t first, size_t end, struct learn_place *place)
{
        const struct sheet *sheet = &learner->sheet;
        CLEANUP_FREE char *label = NULL;
        size_t words = learn_count_words(sheet, first, end);

        while (end > first && sheet_is_sign(sheet, first, "(") && sheet_is_sign(sheet, end - 1, ")"))
                first++, end--;
        for (size_t i = first; i < end + 1 && i < sheet->token_count && !learner->stars_strike; i++)
                place->star = place->star || sheet_is_sign(sheet, i, "*");
        label = learn_text(sheet, first, end);
        if (words > 0 && words <= LABEL_WORDS && learn_kind_of(label) != LEARN_NOTHING)
                learn_add(learner->learned, label, place);
        str_list_free(&place->options);
}

static void add_plain(struct learner *learner, size_t first, size_t end)
{
        struct learn_place place = { 0 };

        add(learner, first, end, &place);
}

static void add_consent(struct learner *learner, size_t first, size_t end)
{
        struct learn_place place = { .sentence = true };
        CLEANUP_FREE char *text = learn_text(&learner->sheet, first, end);
        CLEANUP_FREE char *label = learn_consent_label(text);

        learn_add(learner->learned, label, &place);
}

/* Past numbers and boxes. */
static size_t content_of(const struct sheet *sheet, size_t first, size_t end)
{
        size_t at = label_skip_number(sheet, first, end, NULL);

        while (at < end && sheet->tokens[at].kind == TOKEN_BOX)
                at = label_skip_number(sheet, at + 1, end, NULL);
        return at;
}

static bool is_consent(const struct sheet *sheet, size_t first, size_t end)
{
        CLEANUP_FREE char *text = learn_text(sheet, content_of(sheet, first, end), end);

        return learn_is_consent(text);
}

/* ---- lines */

enum ending { ENDING_NONE, ENDING_COLON, ENDING_GAP };

/* Where the words that may be a label end. */
static size_t label_end(const struct sheet *sheet, size_t start, size_t end, enum ending *ret_ending)
{
        int depth = 0;

        for (size_t i = start; i < end; i++) {
                const struct token *token = &sheet->tokens[i];
                *ret_ending = ENDING_GAP;
                if (token->kind == TOKEN_LEADER || token->kind == TOKEN_TAB || token->kind == TOKEN_BOX ||
                    (token->marks & RUN_FIELD) || (i > start && token->gap >= WIDE_GAP) ||
                    learn_is_yes_no(sheet, i, end))
                        return i;
                depth += sheet_is_sign(sheet, i, "([");
                depth -= depth > 0 && sheet_is_sign(sheet, i, ")]");
                *ret_ending = ENDING_COLON;
                if (depth == 0 && sheet_is_sign(sheet, i, ":?"))
                        return i;
        }
        *ret_ending = ENDING_NONE;
        return end;
}

/* Words and a colon: a question of its own. */
static bool begins_with_label(const struct sheet *sheet, size_t line)
{
        enum ending ending;
        size_t start = label_skip_number(sheet, sheet->lines[line].first, sheet_line_end(sheet, line), NULL);

        return label_end(sheet, start, sheet_line_end(sheet, line), &ending) > start &&
               ending == ENDING_COLON;
}

/* Lines that belong to the options of the one above: broken by a program, or with a box of their own. */
static size_t options_end(const struct sheet *sheet, size_t line, size_t last)
{
        while (line + 1 < last && sheet->lines[line + 1].count > 0) {
                size_t first = sheet->lines[line + 1].first, end = sheet_line_end(sheet, line + 1);
                bool boxed = sheet->tokens[first].kind == TOKEN_BOX && !is_consent(sheet, first, end);
                if (begins_with_label(sheet, line + 1))
                        break;
                if (!boxed && !answer_is_wrapped(sheet, line, first))
                        break;
                line++;
        }
        return line;
}

/* "Sektor (proszę zaznaczyć):" */
static bool asks_to_choose(const struct sheet *sheet, size_t first, size_t end)
{
        static const char *const stems[] = { "zaznacz", "skresl", "wybra", "wybor", "wybier", "podkresl",
                "choose", "select", "tick$", NULL };

        for (size_t i = first; i < end; i++)
                if (word_has_stem(sheet_key(sheet, i), stems))
                        return true;
        return false;
}

/* Nothing but what may be chosen: no label and no consent before it. */
static bool begins_with_options(const struct sheet *sheet, size_t line)
{
        size_t first = sheet->lines[line].first, end = sheet_line_end(sheet, line);
        enum ending ending;
        size_t label = label_end(sheet, first, end, &ending);

        return learn_offers(sheet, first, end) && !is_consent(sheet, first, end) &&
               (ending == ENDING_NONE || label == first);
}

/* An option a line, below its question. The last of them; the question's own line: none. */
static size_t take_option_lines(
    struct learner *learner, size_t line, size_t last, bool asked, struct learn_place *place)
{
        const struct sheet *sheet = &learner->sheet;
        size_t at = line + 1, first, end;

        if (at < last && !sheet_line_is_blank(sheet, at) && begins_with_options(sheet, at)) {
                first = sheet->lines[at].first;
                at = options_end(sheet, at, last);
                learn_take_options(sheet, first, sheet_line_end(sheet, at), place);
                return at;
        }
        for (; asked && at < last && !sheet_line_is_blank(sheet, at); at++) {
                enum ending ending;
                first = sheet->lines[at].first;
                end = sheet_line_end(sheet, at);
                label_end(sheet, first, end, &ending);
                if (ending != ENDING_NONE || learn_count_words(sheet, first, end) > LEARN_OPTION_WORDS)
                        break;
                learn_take_option(sheet, first, end, place);
        }
        learn_settle_options(place);
        return at - 1;
}

/* A few words that forms usually ask, where nothing else says that it is a label. */
static bool is_likely(const struct sheet *sheet, size_t first, size_t end)
{
        static const char *const headings[] = { "dane$", "danych$", "informacj", NULL };
        CLEANUP_FREE char *text = learn_text(sheet, first, end);

        return learn_count_words(sheet, first, end) <= LIKELY_WORDS && learn_kind_of(text) == LEARN_LIKELY &&
               !word_has_stem(sheet_key(sheet, first), headings);
}

/* What stands behind a label without a line to write on: printed for all, or something else altogether. */
static bool is_prefilled(const struct sheet *sheet, size_t first, size_t end)
{
        for (size_t i = first; i < end; i++)
                if (sheet_is_sign(sheet, i, "@") || strpbrk(sheet_key(sheet, i), "0123456789") != NULL)
                        return false;
        return learn_count_words(sheet, first, end) <= PREFILLED_WORDS;
}

/* The first word from there on that a gap or a line to write on divides from what stands before; end: none. */
static size_t next_piece(const struct sheet *sheet, size_t at, size_t end)
{
        while (
            at < end && (sheet->tokens[at].kind == TOKEN_LEADER || sheet->tokens[at].kind == TOKEN_TAB ||
                            sheet->tokens[at].kind == TOKEN_SIGN ||
                            (sheet->tokens[at].kind != TOKEN_BOX && (sheet->tokens[at].marks & RUN_FIELD))))
                at++;
        return at;
}

/* Where a tabulator divides the options from the next label in their line. */
static size_t column_end(const struct sheet *sheet, size_t at, size_t end)
{
        for (; at + 1 < end; at++)
                if (sheet->tokens[at].kind == TOKEN_TAB && sheet->tokens[at + 1].kind == TOKEN_WORD &&
                    !learn_is_yes_no(sheet, at + 1, end))
                        return at;
        return end;
}

/* One label from token start on; returns where to go on in the line, and in *line the last line that it took. */
static size_t scan_label(struct learner *learner, size_t start, size_t end, size_t last, size_t *line)
{
        const struct sheet *sheet = &learner->sheet;
        struct learn_place place = { 0 };
        enum ending ending, then;
        size_t label = label_end(sheet, start, end, &ending), after = label + (ending == ENDING_COLON), next,
               column;
        bool leader;

        if (ending == ENDING_NONE) {
                bool apart = start > sheet->lines[*line].first && sheet->tokens[start - 1].kind == TOKEN_TAB;
                if (apart && is_likely(sheet, start, label))
                        add_plain(learner, start, label);
                if (*line + 1 < last && sheet_line_is_blank(sheet, *line + 1) &&
                    sheet->lines[*line + 1].count > 0)
                        add_plain(learner, start, label);
                return end;
        }
        while (after < end && sheet_is_sign(sheet, after, "?:*"))
                after++;
        next = next_piece(sheet, after, end);
        leader = learn_has_leader(sheet, after, next) ||
                 (after < next && (sheet->tokens[after].marks & RUN_FIELD));
        if (after == end) {
                *line = take_option_lines(learner, *line, last, asks_to_choose(sheet, start, label), &place);
                add(learner, start, label, &place);
                return end;
        }
        column = column_end(sheet, next, end);
        if (next < end && learn_offers(sheet, next, column) && !learn_has_leader(sheet, next, column)) {
                if (column == end)
                        *line = options_end(sheet, *line, last);
                learn_take_options(sheet, next, column < end ? column : sheet_line_end(sheet, *line), &place);
                add(learner, start, label, &place);
                return column < end ? column + 1 : end;
        }
        if (leader || next == end) {
                add(learner, start, label, &place);
                return next;
        }
        label_end(sheet, next, end, &then);
        if (then == ENDING_COLON || sheet->tokens[next].gap >= WIDE_GAP || next > after) {
                if (ending == ENDING_COLON || is_likely(sheet, start, label))
                        add(learner, start, label, &place);
                return next;
        }
        if (ending == ENDING_COLON && is_prefilled(sheet, next, end))
                add(learner, start, label, &place);
        return end;
}

/* "(imię i nazwisko)      (stanowisko)" under a line to write on. */
static bool scan_captions(struct learner *learner, size_t line)
{
        const struct sheet *sheet = &learner->sheet;
        size_t end = sheet_line_end(sheet, line), open = end;

        if (line == 0 || !sheet_line_is_blank(sheet, line - 1) || !sheet->lines[line - 1].count ||
            !sheet_is_sign(sheet, sheet->lines[line].first, "("))
                return false;
        for (size_t i = sheet->lines[line].first; i < end; i++) {
                if (sheet_is_sign(sheet, i, "("))
                        open = i;
                else if (open < end && sheet_is_sign(sheet, i, ")"))
                        add_plain(learner, open, i + 1);
        }
        return true;
}

/* The last line of the sentence that begins in this one. */
static size_t consent_end(const struct sheet *sheet, size_t line, size_t last)
{
        size_t at = line;

        while (at + 1 < last && at + 1 < line + CONSENT_LINES && !sheet_line_is_blank(sheet, at + 1)) {
                size_t first = sheet->lines[at + 1].first, end = sheet_line_end(sheet, at + 1);
                enum ending ending;
                label_end(sheet, first, end, &ending);
                if (sheet->tokens[first].kind == TOKEN_BOX || is_consent(sheet, first, end) ||
                    (ending != ENDING_NONE && !learn_offers(sheet, first, end)) ||
                    !answer_is_wrapped(sheet, at, first))
                        break;
                at++;
        }
        return at;
}

static void scan_lines(struct learner *learner, size_t first, size_t last)
{
        const struct sheet *sheet = &learner->sheet;

        for (size_t line = first; line < last; line++) {
                size_t start = sheet->lines[line].first, end = sheet_line_end(sheet, line), to = end;
                if (sheet_line_is_blank(sheet, line) || scan_captions(learner, line))
                        continue;
                if (line + 1 < last && answer_is_wrapped(sheet, line, end))
                        to = sheet_line_end(sheet, line + 1);
                if (is_consent(sheet, start, to)) {
                        size_t stop = consent_end(sheet, line, last);
                        add_consent(learner, content_of(sheet, start, end), sheet_line_end(sheet, stop));
                        line = stop;
                        continue;
                }
                start = label_skip_number(sheet, start, end, NULL);
                if (start < end && sheet->tokens[start].kind == TOKEN_BOX)
                        continue;
                while (start < end)
                        start = scan_label(learner, start, end, last, &line);
        }
}

/* ---- tables */

struct cell {
        size_t first_line, last_line, first, end;
        int row, column, row_span;
};

static bool is_empty(const struct sheet *sheet, const struct cell *cell)
{
        for (size_t line = cell->first_line; line < cell->last_line; line++)
                if (!sheet_line_is_blank(sheet, line))
                        return false;
        return true;
}

static const struct cell *cell_at(const struct cell *cells, size_t count, int row, int column)
{
        for (size_t i = 0; i < count; i++)
                if (cells[i].row == row && cells[i].column == column)
                        return &cells[i];
        return NULL;
}

/* Several questions in one cell, or one with its own place to write. */
static bool holds_questions(const struct sheet *sheet, const struct cell *cell)
{
        size_t labels = 0;

        for (size_t line = cell->first_line; line < cell->last_line; line++) {
                enum ending ending;
                size_t end = sheet_line_end(sheet, line),
                       start = label_skip_number(sheet, sheet->lines[line].first, end, NULL);
                size_t label = label_end(sheet, start, end, &ending);
                labels += ending == ENDING_COLON && label > start;
                if (ending != ENDING_NONE && label > start &&
                    (learn_has_leader(sheet, label, end) || learn_offers(sheet, label, end)))
                        return true;
        }
        return labels > 1;
}

static bool starts_with_option(const struct sheet *sheet, size_t first, size_t end)
{
        return first < end && (sheet->tokens[first].kind == TOKEN_BOX || learn_is_yes_no(sheet, first, end));
}

/* Above an empty row, but no question: the form's title, all in capitals, or what goes on from the line above. */
static bool is_title(const struct sheet *sheet, size_t first, size_t end)
{
        CLEANUP_FREE char *text = learn_text(sheet, first, end);
        bool small = false;

        for (const char *c = text; *c != '\0'; c++)
                small = small || (*c >= 'a' && *c <= 'z');
        return learn_kind_of(text) != LEARN_LIKELY && (!small || (*text >= 'a' && *text <= 'z'));
}

static void scan_cell(struct learner *learner, const struct cell *cells, size_t count, size_t index)
{
        const struct sheet *sheet = &learner->sheet;
        const struct cell *cell = &cells[index], *right = NULL, *below, *above;
        size_t start = label_skip_number(sheet, cell->first, cell->end, NULL);
        struct learn_place place = { 0 };

        if (is_empty(sheet, cell) || start == cell->end)
                return;
        if (is_consent(sheet, cell->first, cell->end)) {
                add_consent(learner, content_of(sheet, cell->first, cell->end), cell->end);
                return;
        }
        if (holds_questions(sheet, cell)) {
                scan_lines(learner, cell->first_line, cell->last_line);
                return;
        }
        if (starts_with_option(sheet, start, cell->end) ||
            (learn_offers(sheet, start, cell->end) && index > 0 && cells[index - 1].row == cell->row))
                return; /* the answer to what stands before */
        if (index + 1 < count && cells[index + 1].row == cell->row)
                right = &cells[index + 1];
        below = cell_at(cells, count, cell->row + cell->row_span, cell->column);
        above = cell_at(cells, count, cell->row - 1, cell->column);
        if (right != NULL && !is_empty(sheet, right) && learn_offers(sheet, right->first, right->end) &&
            !is_consent(sheet, right->first, right->end)) {
                learn_take_options(sheet, right->first, right->end, &place);
                add(learner, start, cell->end, &place);
        } else if (right == NULL && below != NULL && starts_with_option(sheet, below->first, below->end) &&
                   !is_consent(sheet, below->first, below->end)) {
                learn_take_options(sheet, below->first, below->end, &place);
                add(learner, start, cell->end, &place);
        } else if ((right != NULL && is_empty(sheet, right)) ||
                   (below != NULL && is_empty(sheet, below) && !is_title(sheet, start, cell->end)) ||
                   (above != NULL && is_empty(sheet, above) && sheet_is_sign(sheet, start, "("))) {
                add(learner, start, cell->end, &place);
        } else {
                /* A sheet leaves out the cells that are empty: only words that forms usually ask are believed. */
                if (sheet_is_sign(sheet, cell->end - 1, ":") || is_likely(sheet, start, cell->end) ||
                    !sheet_has_content(sheet, sheet->lines[cell->last_line - 1].first, cell->end))
                        add(learner, start, cell->end, &place);
        }
}

static void scan_table(struct learner *learner, size_t first, size_t last)
{
        const struct sheet *sheet = &learner->sheet;
        struct cell *cells = xcalloc(last - first + 1, sizeof *cells);
        size_t count = 0;

        for (size_t line = first; line < last; line++) {
                const struct line *l = &sheet->lines[line];
                if (count == 0 || cells[count - 1].row != l->row || cells[count - 1].column != l->column)
                        cells[count++] =
                            (struct cell){ line, line, l->first, l->first, l->row, l->column, l->row_span };
                cells[count - 1].last_line = line + 1;
                cells[count - 1].end = sheet_line_end(sheet, line);
        }
        for (size_t i = 0; i < count; i++)
                scan_cell(learner, cells, count, i);
        free(cells);
}

/* ---- */

/* What the reader itself makes of the blank with these questions. */
static void try_out(struct learned *learned, const struct document *doc)
{
        struct reading reading;

        form_read(&learned->form, NULL, doc, &reading);
        for (size_t i = 0; i < learned->form.count; i++) {
                const char *value = reading.people_count > 0 ? reading.people[0].values[i].value : NULL;
                if (reading.labels[i] == NULL)
                        str_list_add(
                            &learned->notes[i], "the reader does not find these words in the blank form");
                if (value != NULL && learned->form.fields[i].type != FIELD_CONSENT)
                        str_list_add_take(
                            &learned->notes[i], xasprintf("the blank form has this there: %s", value));
        }
        reading_free(&reading);
}

void learn_form(const struct document *doc, struct learned *ret_learned)
{
        struct learner learner = { .learned = ret_learned };
        CLEANUP_FREE char *words = NULL;

        *ret_learned = (struct learned){ 0 };
        sheet_init(&learner.sheet, doc);
        words = sheet_words(&learner.sheet, 0, learner.sheet.token_count);
        learner.stars_strike = strstr(words, "niepotrzebne skresl") != NULL;
        for (size_t first = 0, last; first < learner.sheet.line_count; first = last) {
                int table = learner.sheet.lines[first].table;
                for (last = first;
                     last < learner.sheet.line_count && learner.sheet.lines[last].table == table;)
                        last++;
                if (table >= 0)
                        scan_table(&learner, first, last);
                else
                        scan_lines(&learner, first, last);
        }
        sheet_free(&learner.sheet);
        try_out(ret_learned, doc);
}
