/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/pair.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/document.h"
#include "core/form.h"
#include "core/word.h"
#include "form/answer.h"
#include "form/overwrite.h"
#include "form/stops.h"

enum { SPANS_MAX = 64, SHORT = 3 };

/* ---- what the document says by itself */

static void own(struct pair *pair, size_t first, size_t end, size_t field, bool asked)
{
        for (size_t i = first; i < end; i++) {
                pair->owner[i] = field + 1;
                pair->asked[i] = asked;
        }
}

/* Where the line begins that the token stands in, or the cell before it in its row: numbers are there. */
static size_t lead_of(const struct sheet *sheet, size_t token)
{
        size_t line = sheet_line_of(sheet, token);
        const struct line *l = &sheet->lines[line];

        if (line > 0 && l->table >= 0 && l[-1].table == l->table && l[-1].row == l->row && l[-1].count > 0 &&
            l[-1].count <= 2)
                return l[-1].first;
        return l->first;
}

/* The other field that is asked in the same breath ("Telefon, e-mail"), or LABEL_NONE. */
static size_t partner_of(const struct scan *scan, const struct answer *answer)
{
        for (size_t i = 0; i < scan->answers.count; i++) {
                const struct answer *other = &scan->answers.items[i];

                if (other->field != answer->field && other->label.end > other->label.first &&
                    other->label.first == answer->label.first && other->label.end == answer->label.end)
                        return other->field;
        }
        return LABEL_NONE;
}

/* Labels and sure answers of one field are no answers of another: the blank may be another version of the form. */
static void find_owners(struct pair *pair)
{
        const struct sheet *sheet = &pair->scan->sheet;
        const struct answers *answers = &pair->scan->answers;

        for (size_t i = 0; i < answers->count; i++) {
                const struct answer *answer = &answers->items[i];
                size_t lead = lead_of(sheet, answer->label.first);

                if (partner_of(pair->scan, answer) == LABEL_NONE &&
                    ((answer->value != NULL && answer->confidence >= PAIR_SURE) ||
                        answer_is_choice(pair->scan, answer->field)))
                        own(pair, answer->text.first, answer->text.end, answer->field, false);
                if (lead < answer->label.first &&
                    label_skip_number(sheet, lead, answer->label.first, NULL) == answer->label.first)
                        own(pair, lead, answer->label.first, answer->field, true); /* "2." */
        }
        for (size_t i = 0; i < answers->count; i++)
                own(pair, answers->items[i].label.first, answers->items[i].label.end, answers->items[i].field,
                    true);
        for (size_t i = 0; i < sheet->line_count; i++)
                for (size_t k = 0; sheet->lines[i].number && k < sheet->lines[i].count; k++)
                        pair->asked[sheet->lines[i].first + k] = true;
}

/* Whether no word beside this one in the answer is printed. */
static bool is_alone(const struct pair *pair, struct span text, size_t token)
{
        const struct sheet *sheet = &pair->scan->sheet;
        size_t before = token, after = token + 1;

        while (before > text.first && sheet->tokens[before - 1].kind != TOKEN_WORD)
                before--;
        while (after < text.end && sheet->tokens[after].kind != TOKEN_WORD)
                after++;
        return (before == text.first || pair->align.blank_of[before - 1] == ALIGN_NONE) &&
               (after == text.end || pair->align.blank_of[after] == ALIGN_NONE);
}

/* A short word of an answer that was laid beside a printed one by chance ("w", "i"). */
static void loosen(struct pair *pair)
{
        const struct sheet *sheet = &pair->scan->sheet;

        for (size_t k = 0; k < pair->scan->answers.count; k++) {
                struct span text = pair->scan->answers.items[k].text;

                if (answer_is_choice(pair->scan, pair->scan->answers.items[k].field))
                        continue;
                for (size_t i = text.first; i < text.end; i++) {
                        if (sheet->tokens[i].kind != TOKEN_WORD || strlen(sheet_key(sheet, i)) > SHORT ||
                            pair->align.blank_of[i] == ALIGN_NONE || !is_alone(pair, text, i))
                                continue;
                        pair->align.doc_of[pair->align.blank_of[i]] = ALIGN_NONE;
                        pair->align.blank_of[i] = ALIGN_NONE;
                }
        }
}

/* Lines typed over the labels' own are those fields' answers, and not what goes on from the line above. */
static void find_overwritten(struct pair *pair)
{
        const struct sheet *sheet = &pair->scan->sheet;

        for (size_t i = 0; i < pair->printed->answers.count; i++) {
                const struct answer *label = &pair->printed->answers.items[i];
                size_t line;

                if (!overwrite_line(pair, label, &line))
                        continue;
                for (size_t k = 0; k < sheet->lines[line].count; k++)
                        if (pair->owner[sheet->lines[line].first + k] == 0)
                                own(pair, sheet->lines[line].first + k, sheet->lines[line].first + k + 1,
                                    label->field, false);
        }
}

bool pair_init(struct pair *ret_pair, struct scan *scan, const struct scan *printed)
{
        *ret_pair = (struct pair){ .scan = scan, .printed = printed };
        if (!align_init(&ret_pair->align, &printed->sheet, &scan->sheet))
                return false;
        ret_pair->owner = xcalloc(scan->sheet.token_count + 1, sizeof *ret_pair->owner);
        ret_pair->asked = xcalloc(scan->sheet.token_count + 1, sizeof *ret_pair->asked);
        loosen(ret_pair);
        find_owners(ret_pair);
        find_overwritten(ret_pair);
        return true;
}

void pair_free(struct pair *pair)
{
        align_free(&pair->align);
        free(pair->owner);
        free(pair->asked);
        *pair = (struct pair){ 0 };
}

/* ---- what was written */

/* Adds the token to the spans, a line of the document each. */
static size_t take(const struct sheet *sheet, size_t token, struct span *spans, size_t count)
{
        if (count > 0 && sheet_line_of(sheet, spans[count - 1].first) == sheet_line_of(sheet, token)) {
                spans[count - 1].end = token + 1;
                return count;
        }
        if (count < SPANS_MAX)
                spans[count++] = (struct span){ token, token + 1 };
        return count;
}

static bool is_written(const struct pair *pair, size_t field, size_t token)
{
        enum token_kind kind = pair->scan->sheet.tokens[token].kind;

        return pair->align.blank_of[token] == ALIGN_NONE && !pair->asked[token] &&
               (pair->owner[token] == 0 || pair->owner[token] == field + 1) && kind != TOKEN_LEADER &&
               kind != TOKEN_TAB;
}

/* The printed tokens between which answers to the label are written: to the end of its line, and further lines
 * as long as nothing is printed there. */
static struct span written_place(const struct pair *pair, const struct answer *label)
{
        const struct sheet *sheet = &pair->printed->sheet;
        size_t line = sheet_line_of(sheet, label->label.end - 1), end;

        end = sheet->lines[line].first + sheet->lines[line].count;
        while (line + 1 < sheet->line_count && sheet->lines[line + 1].table < 0 &&
               sheet->lines[line].table < 0 && sheet_line_is_blank(sheet, line + 1)) {
                line++;
                end = sheet->lines[line].first + sheet->lines[line].count;
        }
        for (size_t i = 0; i < pair->printed->answers.count; i++) {
                size_t next = pair->printed->answers.items[i].label.first;

                if (next >= label->label.end && next < end)
                        end = next;
        }
        return (struct span){ label->label.end, end };
}

/* The printed tokens above a label that stands under its answer. */
static struct span written_above(const struct pair *pair, const struct answer *label)
{
        const struct sheet *sheet = &pair->printed->sheet;
        size_t line = sheet_line_of(sheet, label->label.first);

        return (struct span){ sheet->lines[line > 0 ? line - 1 : 0].first, label->label.first };
}

/* The printed tokens before a label in a sentence, from the one before it. */
static struct span written_before(const struct pair *pair, const struct answer *label)
{
        const struct answers *answers = &pair->printed->answers;
        size_t first = pair->printed->sheet.lines[label->line].first;

        for (size_t i = 0; i < answers->count; i++)
                if (answers->items[i].line == label->line &&
                    answers->items[i].label.end <= label->label.first && answers->items[i].label.end > first)
                        first = answers->items[i].label.end;
        return (struct span){ first, label->label.first };
}

/* A cross or "TAK" at the beginning of a line, before a printed question of its own. */
static bool is_next_cross(const struct pair *pair, size_t token)
{
        static const char *const words[] = { "tak$", "nie$", "yes$", "no$", "xx$", NULL };
        const struct sheet *sheet = &pair->scan->sheet;
        const struct line *line = &sheet->lines[sheet_line_of(sheet, token)];

        if (token != line->first ||
            (sheet->tokens[token].size > 1 && !word_has_stem(sheet_key(sheet, token), words)))
                return false;

        for (size_t i = token + 1; i < line->first + line->count; i++)
                if (pair->align.blank_of[i] != ALIGN_NONE && sheet->tokens[i].kind == TOKEN_WORD)
                        return true;
        return false;
}

/* The line that begins here is the "Pozdrawiam" before a signature. */
static bool is_farewell(const struct pair *pair, size_t token)
{
        const struct sheet *sheet = &pair->scan->sheet;
        size_t line = sheet_line_of(sheet, token);

        return sheet->lines[line].first == token && sheet->lines[line].table < 0 &&
               stops_is_greeting(pair->scan, line);
}

/* What is written between the printed tokens [place.first - 1, place.end]. */
static size_t written_between(
    const struct pair *pair, size_t field, struct span place, struct span *ret_spans)
{
        const struct sheet *sheet = &pair->scan->sheet;
        size_t count = 0, last = 0; /* the printed token before, plus one */

        for (size_t i = 0; i < sheet->token_count; i++) {
                if (pair->align.blank_of[i] != ALIGN_NONE) {
                        last = pair->align.blank_of[i] + 1;
                        if (last > place.end)
                                break;
                } else if (last >= place.first && ((pair->owner[i] > 0 && pair->owner[i] != field + 1) ||
                                                      (count > 0 && is_farewell(pair, i)))) {
                        break;
                } else if (last >= place.first && is_written(pair, field, i) && !is_next_cross(pair, i)) {
                        count = take(sheet, i, ret_spans, count);
                }
        }
        return count;
}

/* The row of the blank's tables that this line of the document stands in, by its first printed word. */
static bool printed_row(const struct pair *pair, size_t line, int *ret_table, int *ret_row)
{
        const struct sheet *sheet = &pair->scan->sheet, *printed = &pair->printed->sheet;
        const struct line *own = &sheet->lines[line];

        for (size_t i = line;
             i > 0 && sheet->lines[i - 1].table == own->table && sheet->lines[i - 1].row == own->row;)
                line = --i;
        for (; line < sheet->line_count && sheet->lines[line].table == own->table &&
               sheet->lines[line].row == own->row;
             line++)
                for (size_t i = 0; i < sheet->lines[line].count; i++) {
                        size_t token = sheet->lines[line].first + i, blank = pair->align.blank_of[token];

                        if (blank == ALIGN_NONE || sheet->tokens[token].kind != TOKEN_WORD)
                                continue;
                        blank = sheet_line_of(printed, blank);
                        *ret_table = printed->lines[blank].table;
                        *ret_row = printed->lines[blank].row;
                        return *ret_table >= 0;
                }
        return false;
}

/* ret_found: the row is in the document. */
static size_t written_in_cell(
    const struct pair *pair, const struct answer *label, struct span *ret_spans, bool *ret_found)
{
        const struct line *cell = &pair->printed->sheet.lines[label->place];
        const struct sheet *sheet = &pair->scan->sheet;
        size_t count = 0;

        for (size_t line = 0; line < sheet->line_count; line++) {
                int table, row;

                if (sheet->lines[line].table < 0 || sheet->lines[line].column != cell->column ||
                    !printed_row(pair, line, &table, &row) || table != cell->table || row != cell->row)
                        continue;
                *ret_found = true;
                for (size_t i = 0; i < sheet->lines[line].count; i++)
                        if (is_written(pair, label->field, sheet->lines[line].first + i))
                                count = take(sheet, sheet->lines[line].first + i, ret_spans, count);
        }
        return count;
}

/* What is written behind the label in its own cell, where the cell for the answer was left empty. */
static size_t written_behind(const struct pair *pair, const struct answer *label, struct span *ret_spans)
{
        const struct sheet *sheet = &pair->scan->sheet;
        size_t last = ALIGN_NONE, count = 0, line, end;

        for (size_t i = label->label.first; i < label->label.end; i++)
                last = pair->align.doc_of[i] != ALIGN_NONE ? pair->align.doc_of[i] : last;
        if (last == ALIGN_NONE)
                return 0;
        line = sheet_line_of(sheet, last);
        end = line + 1;
        while (end < sheet->line_count && sheet->lines[line].table >= 0 &&
               sheet->lines[end].table == sheet->lines[line].table &&
               sheet->lines[end].row == sheet->lines[line].row &&
               sheet->lines[end].column == sheet->lines[line].column)
                end++;
        for (size_t i = last + 1; i < sheet->lines[end - 1].first + sheet->lines[end - 1].count; i++)
                if (is_written(pair, label->field, i))
                        count = take(sheet, i, ret_spans, count);
        return count;
}

/* The options with everything between them, as the document has them. */
static size_t options(const struct pair *pair, const struct answer *label, struct span *ret_spans)
{
        const struct sheet *sheet = &pair->scan->sheet;
        size_t count = 0, last = 0;

        for (size_t i = 0; i < sheet->token_count; i++) {
                if (pair->align.blank_of[i] != ALIGN_NONE) {
                        last = pair->align.blank_of[i] + 1;
                        if (last > label->text.end)
                                break;
                }
                if (last >= label->text.first && last > label->label.first)
                        count = take(sheet, i, ret_spans, count);
        }
        return count;
}

/* The blank's table came back as lines of text. */
static bool is_text_here(const struct pair *pair, const struct answer *label)
{
        for (size_t i = label->label.first; i < label->label.end; i++) {
                size_t token = pair->align.doc_of[i];

                if (token != ALIGN_NONE)
                        return pair->scan->sheet.lines[sheet_line_of(&pair->scan->sheet, token)].table < 0;
        }
        return false;
}

/* False: the place to write in is not to be found. */
bool pair_read(const struct pair *pair, const struct answer *label, struct answer *ret_answer)
{
        struct label_match match = { .field = label->field,
                .part = label->part,
                .confidence = 1,
                .also = partner_of(pair->printed, label) };
        struct span spans[SPANS_MAX];
        bool found = false;
        size_t count;

        if (answer_is_choice(pair->scan, label->field) && label->text.end > label->text.first)
                count = options(pair, label, spans);
        else if (label->under)
                count = written_between(pair, label->field, written_above(pair, label), spans);
        else if (label->inside)
                count = written_between(pair, label->field, written_before(pair, label), spans);
        else if (label->elsewhere && !is_text_here(pair, label))
                count = written_in_cell(pair, label, spans, &found);
        else
                count = written_between(pair, label->field, written_place(pair, label), spans);
        if (label->elsewhere && !label->under && !count && !answer_is_choice(pair->scan, label->field))
                count = written_behind(pair, label, spans);
        if (label->elsewhere && !label->under && !found && !count)
                return false;
        answer_read(pair->scan, &match, label->field, spans, count, ret_answer);
        ret_answer->line = count > 0 ? sheet_line_of(&pair->scan->sheet, spans[0].first) : 0;
        return true;
}

bool pair_read_over(const struct pair *pair, const struct answer *label, struct answer *ret_answer)
{
        const struct sheet *sheet = &pair->scan->sheet;
        const struct label_match match = {
                .field = label->field, .part = label->part, .confidence = 1, .also = LABEL_NONE
        };
        struct span span;
        size_t line;

        if (!overwrite_line(pair, label, &line))
                return false;
        span = (struct span){ sheet->lines[line].first, sheet->lines[line].first + sheet->lines[line].count };
        for (size_t i = span.first; i < span.end; i++)
                if (pair->owner[i] != label->field + 1 || pair->asked[i])
                        return false;
        answer_read(pair->scan, &match, label->field, &span, 1, ret_answer);
        ret_answer->line = line;
        return true;
}
