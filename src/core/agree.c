/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agree.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/align.h"
#include "core/answer.h"
#include "core/document.h"
#include "core/form.h"

enum { SPANS_MAX = 64, COPY_WORDS = 5 };

#define COPY_COVERAGE 0.7 /* a filled copy has so much of the blank's words */
#define AGREED 0.98
#define ALONE_CHECKED 0.85 /* the labels found nothing, and what is there is an e-mail, a telephone ... */
#define ALONE 0.75
#define CONTRADICTED 0.5
#define UNCONFIRMED 0.7 /* by the blank nothing was written there */

struct pair {
        struct scan *scan;
        const struct scan *printed;
        struct align align;
};

/* ---- which answers can be compared */

/* The only one of the field, or NULL. */
static struct answer *only(const struct scan *scan, size_t field, size_t *ret_count)
{
        struct answer *found = NULL;

        *ret_count = 0;
        for (size_t i = 0; i < scan->answers.count; i++) {
                struct answer *answer = &scan->answers.items[i];

                if (answer->field != field)
                        continue;
                found = answer;
                ++*ret_count;
        }
        return *ret_count == 1 ? found : NULL;
}

/* A label under its answer, the only one of its line. */
static bool is_single(const struct scan *printed, const struct answer *label)
{
        for (size_t i = 0; i < printed->answers.count; i++)
                if (&printed->answers.items[i] != label && printed->answers.items[i].line == label->line)
                        return false;
        return true;
}

/* Half of the label's words or more stand in the document. */
static bool is_there(const struct pair *pair, const struct answer *label)
{
        size_t words = 0, found = 0;

        for (size_t i = label->label.first; i < label->label.end; i++) {
                if (pair->printed->sheet.tokens[i].kind != TOKEN_WORD)
                        continue;
                words++;
                found += pair->align.doc_of[i] != ALIGN_NONE;
        }
        return words > 0 && 2 * found >= words;
}

/* Text that the blank brings as an answer ("woj. dolnośląskie") was changed: only the whole of it is an answer. */
static bool is_rewritten(const struct pair *pair, const struct answer *label)
{
        for (size_t i = label->text.first; i < label->text.end; i++)
                if (pair->printed->sheet.tokens[i].kind == TOKEN_WORD && pair->align.doc_of[i] == ALIGN_NONE)
                        return !answer_is_choice(pair->scan, label->field);
        return false;
}

/* ---- what was written */

/* Adds the token to the spans, a line of the document each. */
static size_t take(const struct sheet *sheet, size_t token, struct span *spans, size_t count)
{
        if (count > 0 && answer_line_of(sheet, spans[count - 1].first) == answer_line_of(sheet, token)) {
                spans[count - 1].end = token + 1;
                return count;
        }
        if (count < SPANS_MAX)
                spans[count++] = (struct span){ token, token + 1 };
        return count;
}

static bool is_written(const struct pair *pair, size_t token)
{
        enum token_kind kind = pair->scan->sheet.tokens[token].kind;

        return pair->align.blank_of[token] == ALIGN_NONE && kind != TOKEN_LEADER && kind != TOKEN_TAB;
}

/* The printed tokens between which answers to the label are written: to the end of its line, and further lines
 * as long as nothing is printed there. */
static struct span written_place(const struct pair *pair, const struct answer *label)
{
        const struct sheet *sheet = &pair->printed->sheet;
        size_t line = answer_line_of(sheet, label->label.end - 1), end;

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
        size_t line = answer_line_of(sheet, label->label.first);

        return (struct span){ sheet->lines[line > 0 ? line - 1 : 0].first, label->label.first };
}

/* A cross at the beginning of a line, before a printed question of its own. */
static bool is_next_cross(const struct pair *pair, size_t token)
{
        const struct sheet *sheet = &pair->scan->sheet;
        const struct line *line = &sheet->lines[answer_line_of(sheet, token)];

        if (token != line->first || sheet->tokens[token].size > 1)
                return false;

        for (size_t i = token + 1; i < line->first + line->count; i++)
                if (pair->align.blank_of[i] != ALIGN_NONE && sheet->tokens[i].kind == TOKEN_WORD)
                        return true;
        return false;
}

/* What is written between the printed tokens [place.first - 1, place.end]. */
static size_t written_between(const struct pair *pair, struct span place, struct span *ret_spans)
{
        const struct sheet *sheet = &pair->scan->sheet;
        size_t count = 0, last = 0; /* the printed token before, plus one */

        for (size_t i = 0; i < sheet->token_count; i++) {
                if (pair->align.blank_of[i] != ALIGN_NONE) {
                        last = pair->align.blank_of[i] + 1;
                        if (last > place.end)
                                break;
                } else if (last >= place.first && is_written(pair, i) && !is_next_cross(pair, i)) {
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
                        blank = answer_line_of(printed, blank);
                        *ret_table = printed->lines[blank].table;
                        *ret_row = printed->lines[blank].row;
                        return *ret_table >= 0;
                }
        return false;
}

/* ret_found: the row is in the document. */
static size_t written_in_cell(const struct pair *pair, size_t place, struct span *ret_spans, bool *ret_found)
{
        const struct line *cell = &pair->printed->sheet.lines[place];
        const struct sheet *sheet = &pair->scan->sheet;
        size_t count = 0;

        for (size_t line = 0; line < sheet->line_count; line++) {
                int table, row;

                if (sheet->lines[line].table < 0 || sheet->lines[line].column != cell->column ||
                    !printed_row(pair, line, &table, &row) || table != cell->table || row != cell->row)
                        continue;
                *ret_found = true;
                for (size_t i = 0; i < sheet->lines[line].count; i++)
                        if (is_written(pair, sheet->lines[line].first + i))
                                count = take(sheet, sheet->lines[line].first + i, ret_spans, count);
        }
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
                        return pair->scan->sheet.lines[answer_line_of(&pair->scan->sheet, token)].table < 0;
        }
        return false;
}

/* False: the place to write in is not to be found. */
static bool read_written(const struct pair *pair, const struct answer *label, struct answer *ret_answer)
{
        struct label_match match = {
                .field = label->field, .part = label->part, .confidence = 1, .also = LABEL_NONE
        };
        struct span spans[SPANS_MAX];
        bool found = false;
        size_t count;

        if (answer_is_choice(pair->scan, label->field) && label->text.end > label->text.first)
                count = options(pair, label, spans);
        else if (label->under)
                count = written_between(pair, written_above(pair, label), spans);
        else if (label->elsewhere && !is_text_here(pair, label))
                count = written_in_cell(pair, label->place, spans, &found);
        else
                count = written_between(pair, written_place(pair, label), spans);
        if (label->elsewhere && !label->under && !found && !count)
                return false;
        answer_read(pair->scan, &match, label->field, spans, count, ret_answer);
        ret_answer->line = count > 0 ? answer_line_of(&pair->scan->sheet, spans[0].first) : 0;
        return true;
}

/* ---- two opinions */

static bool is_checked(const struct scan *scan, size_t field)
{
        enum field_type type = scan->form->fields[field].type;

        return type != FIELD_NAME && type != FIELD_ORGANISATION && type != FIELD_TEXT;
}

/* Printed words among those that the labels took for an answer. */
static bool holds_print(const struct pair *pair, const struct answer *own)
{
        const struct sheet *sheet = &pair->scan->sheet;

        for (size_t i = own->text.first; i < own->text.end; i++)
                if (sheet->tokens[i].kind == TOKEN_WORD && !(sheet->tokens[i].marks & RUN_STRIKE) &&
                    pair->align.blank_of[i] != ALIGN_NONE)
                        return true;
        return false;
}

/* The labels stopped too early, or went on into print: the blank knows where an answer ends. */
static bool knows_better(const struct pair *pair, const struct answer *own, const struct answer *written)
{
        size_t size = strlen(own->value), other = strlen(written->value);

        if (answer_is_choice(pair->scan, own->field))
                return false;
        if (size < other)
                return memcmp(own->value, written->value, size) == 0;
        if (own->under && memcmp(own->value + size - other, written->value, other) == 0)
                return holds_print(pair, own);
        return memcmp(own->value, written->value, other) == 0 && holds_print(pair, own);
}

/* "woj. małopolskie, ul. Długa 5": what was written goes on with an answer that the blank begins. */
static bool goes_on(const struct answer *own, const struct answer *written)
{
        size_t size = strlen(own->value), other = strlen(written->value);

        return !own->under && other < size && own->value[size - other - 1] == ' ' &&
               strcmp(own->value + size - other, written->value) == 0;
}

static void replace(struct answer *own, struct answer *written)
{
        char *value = own->value;

        own->value = written->value;
        written->value = value;
        own->confidence = own->confidence < ALONE_CHECKED ? own->confidence : ALONE_CHECKED;
}

static void weigh(const struct pair *pair, struct answer *own, struct answer *written)
{
        double most = CONTRADICTED, sure = written->confidence < AGREED ? written->confidence : AGREED;

        if (written->value == NULL) {
                most = UNCONFIRMED;
        } else if (strcmp(own->value, written->value) == 0) {
                most = 1;
                if (own->confidence < sure && own->confidence > CONTRADICTED &&
                    !answer_is_choice(pair->scan, own->field))
                        own->confidence = sure;
        } else if (knows_better(pair, own, written)) {
                most = 1;
                replace(own, written);
        } else if (goes_on(own, written)) {
                most = ALONE_CHECKED;
        }
        if (own->confidence > most)
                own->confidence = most;
}

static void compare(struct pair *pair, const struct answer *label)
{
        size_t count;
        struct answer *own = only(pair->scan, label->field, &count), written;

        if (count > 1 || (own != NULL && own->letters) || !is_there(pair, label) ||
            is_rewritten(pair, label) || !read_written(pair, label, &written))
                return;
        if (own != NULL && own->value != NULL && !own->weak) {
                weigh(pair, own, &written);
        } else if (written.value != NULL && !written.weak) {
                double most = is_checked(pair->scan, label->field) ? ALONE_CHECKED : ALONE;

                if (own != NULL) {
                        free(own->value);
                        own->value = NULL;
                }
                if (written.confidence > most)
                        written.confidence = most;
                answer_append_take(pair->scan, &written);
        }
        free(written.raw);
        free(written.value);
}

void agree_with_blank(struct scan *scan, const struct scan *printed)
{
        struct pair pair = { .scan = scan, .printed = printed };

        if (!align_init(&pair.align, &printed->sheet, &scan->sheet))
                return;
        scan->is_copy = pair.align.words >= COPY_WORDS && pair.align.coverage >= COPY_COVERAGE;
        for (size_t field = 0; scan->is_copy && field < scan->form->count; field++) {
                size_t count;
                const struct answer *label = only(printed, field, &count);

                if (label != NULL && label->person == 0 && scan->form->fields[field].type != FIELD_CONSENT &&
                    label->part == LABEL_WHOLE && label->label.end > label->label.first &&
                    (!label->under || is_single(printed, label)))
                        compare(&pair, label);
        }
        align_free(&pair.align);
}
