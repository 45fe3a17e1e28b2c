/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/agree.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/document.h"
#include "core/fold.h"
#include "core/form.h"
#include "form/answer.h"
#include "form/hint.h"
#include "form/pair.h"
#include "form/stops.h"

enum { COPY_WORDS = 5 };

#define HALF 0.5
#define COPY_COVERAGE 0.7 /* a filled copy has so much of the blank's words */
#define AGREED 0.98
#define ALONE_CHECKED 0.85 /* the labels found nothing, and what is there is an e-mail, a telephone ... */
#define ALONE 0.75
#define CONTRADICTED 0.5
#define UNCONFIRMED 0.7 /* by the blank nothing was written there */

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

/* How much of the label stands in the document, 0 to 1. */
static double share(const struct pair *pair, const struct answer *label)
{
        size_t words = 0, found = 0;

        for (size_t i = label->label.first; i < label->label.end; i++) {
                if (pair->printed->sheet.tokens[i].kind != TOKEN_WORD)
                        continue;
                words++;
                found += pair->align.doc_of[i] != ALIGN_NONE;
        }
        return words > 0 ? (double)found / (double)words : 0;
}

/* Text that the blank brings as an answer ("woj. dolnośląskie") was changed: only the whole of it is an answer. */
static bool is_rewritten(const struct pair *pair, const struct answer *label)
{
        for (size_t i = label->text.first; i < label->text.end; i++)
                if (pair->printed->sheet.tokens[i].kind == TOKEN_WORD && pair->align.doc_of[i] == ALIGN_NONE)
                        return !answer_is_choice(pair->scan, label->field);
        return false;
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

/* What is not print among the words of the label's answer is all in the other one. */
static bool says_no_more(const struct pair *pair, const struct answer *own, const struct answer *written)
{
        const struct sheet *sheet = &pair->scan->sheet;
        CLEANUP_FREE char *key = fold_key(written->value);
        struct buf words = BUF_INIT(8 * LIMIT_DOC_TEXT);
        bool same;

        for (size_t i = own->text.first; i < own->text.end; i++) {
                if (sheet->tokens[i].kind != TOKEN_WORD || (sheet->tokens[i].marks & RUN_STRIKE) ||
                    pair->align.blank_of[i] != ALIGN_NONE)
                        continue;
                buf_puts(&words, words.size > 0 ? " " : "");
                buf_puts(&words, sheet_key(sheet, i));
        }
        same = strcmp(buf_text(&words), key) == 0;
        buf_free(&words);
        return same;
}

/* In the same row, or both outside tables. */
static bool is_beside(const struct pair *pair, const struct answer *own, const struct answer *written)
{
        const struct sheet *sheet = &pair->scan->sheet;
        const struct line *a = &sheet->lines[sheet_line_of(sheet, own->text.first)];
        const struct line *b = &sheet->lines[sheet_line_of(sheet, written->text.end - 1)];

        return a->table == b->table && a->row == b->row;
}

/* A word in capitals alone in its line, among the lines that the labels left out: "NIP". */
static bool holds_heading(const struct pair *pair, const struct answer *own, const struct answer *written)
{
        const struct sheet *sheet = &pair->scan->sheet;
        size_t last = sheet_line_of(sheet, written->text.end - 1);

        for (size_t line = sheet_line_of(sheet, own->text.end - 1) + 1; line <= last; line++) {
                const struct line *l = &sheet->lines[line];
                bool capitals = l->table < 0 && l->count == 1 && sheet->tokens[l->first].kind == TOKEN_WORD;

                for (size_t i = 0; capitals && i < sheet->tokens[l->first].size; i++)
                        capitals =
                            sheet->tokens[l->first].text[i] >= 'A' && sheet->tokens[l->first].text[i] <= 'Z';
                if (capitals)
                        return true;
        }
        return false;
}

/* The labels stopped too early, or went on into print: the blank knows where an answer ends. */
static bool knows_better(const struct pair *pair, const struct answer *own, const struct answer *written)
{
        size_t size = strlen(own->value), other = strlen(written->value);

        if (answer_is_choice(pair->scan, own->field))
                return false;
        if (size < other)
                return memcmp(own->value, written->value, size) == 0 && is_beside(pair, own, written) &&
                       !holds_heading(pair, own, written);
        if (own->under && memcmp(own->value + size - other, written->value, other) == 0)
                return holds_print(pair, own);
        return memcmp(own->value, written->value, other) == 0 && says_no_more(pair, own, written);
}

/* "woj. małopolskie, ul. Długa 5": what was written goes on with an answer that the blank begins. */
static bool goes_on(const struct answer *own, const struct answer *written)
{
        size_t size = strlen(own->value), other = strlen(written->value);

        return !own->under && other < size && strchr(" \n", own->value[size - other - 1]) != NULL &&
               strcmp(own->value + size - other, written->value) == 0;
}

/* "Prosimy o podanie pełnej nazwy. Urząd Gminy": what the blank has before the answer is no part of it. */
static bool begins_with_hint(const struct answer *own, const struct answer *written)
{
        CLEANUP_FREE char *before = xstrndup(own->value, strlen(own->value) - strlen(written->value));
        CLEANUP_FREE char *key = fold_key(before);

        return hint_is_printed(key);
}

static void replace(struct answer *own, struct answer *written)
{
        char *value = own->value;

        own->value = written->value;
        written->value = value;
        own->confidence = own->confidence < ALONE_CHECKED ? own->confidence : ALONE_CHECKED;
}

/* It stands behind the very label, no printed word between them and none in it: only its place is another than in the
 * blank form, as when a form is typed into a mail. */
static bool is_behind(const struct pair *pair, const struct answer *label, const struct answer *own)
{
        const struct sheet *sheet = &pair->scan->sheet;

        if (own->under || own->inside || own->label.end <= own->label.first ||
            own->text.first < own->label.end)
                return false;
        for (size_t i = own->label.first; i < own->label.end; i++)
                if (sheet->tokens[i].kind == TOKEN_WORD && (pair->align.blank_of[i] < label->label.first ||
                                                               pair->align.blank_of[i] >= label->label.end))
                        return false;
        for (size_t i = own->label.end; i < own->text.end; i++)
                if (sheet->tokens[i].kind == TOKEN_WORD && pair->align.blank_of[i] != ALIGN_NONE)
                        return false;
        return true;
}

static void weigh(
    const struct pair *pair, const struct answer *label, struct answer *own, struct answer *written)
{
        double most = CONTRADICTED, sure = written->confidence < AGREED ? written->confidence : AGREED;

        if (written->value == NULL) { /* another label, or another layout, has another place */
                most = share(pair, label) < 1 || is_behind(pair, label, own) ? 1 : UNCONFIRMED;
        } else if (strcmp(own->value, written->value) == 0) {
                most = 1;
                if (own->confidence < sure && own->confidence > CONTRADICTED && !own->others &&
                    !answer_is_choice(pair->scan, own->field))
                        own->confidence = sure;
        } else if (knows_better(pair, own, written)) {
                most = 1;
                replace(own, written);
        } else if (goes_on(own, written)) {
                most = ALONE_CHECKED;
                if (begins_with_hint(own, written))
                        replace(own, written);
        }
        if (own->confidence > most)
                own->confidence = most;
}

/* Where labels found nothing: no print of another version of the blank, and no choice where options stand undecided. */
static bool may_stand_alone(const struct pair *pair, const struct answer *own, const struct answer *written)
{
        if (answer_is_choice(pair->scan, written->field))
                return own == NULL || own->text.end == own->text.first;
        return !stops_is_boilerplate(pair->scan, written->line) &&
               !stops_is_boilerplate(pair->scan, sheet_line_of(&pair->scan->sheet, written->text.end - 1));
}

/* "Imię i nazwisko Jan Lis": the printed label, and in the same line, where the blank form has dots, what was written. */
static bool is_right_behind(const struct pair *pair, const struct answer *label, const struct answer *written)
{
        const struct sheet *sheet = &pair->scan->sheet;
        size_t token = written->text.first, line;

        if (written->text.end == token || share(pair, label) < 1)
                return false;
        line = sheet_line_of(sheet, token);
        if (sheet_line_of(sheet, written->text.end - 1) != line)
                return false;
        while (token > sheet->lines[line].first && sheet->tokens[token - 1].kind != TOKEN_WORD)
                token--;
        return token > sheet->lines[line].first && pair->align.blank_of[token - 1] >= label->label.first &&
               pair->align.blank_of[token - 1] < label->label.end;
}

/* In columns headed "TAK" and "NIE" the place alone is the answer. */
static bool is_by_place(const struct scan *scan, const struct answer *own)
{
        return own != NULL && own->value != NULL && own->text.end == own->text.first &&
               answer_is_choice(scan, own->field);
}

static void compare(struct pair *pair, const struct answer *label)
{
        size_t count;
        struct answer *own = only(pair->scan, label->field, &count), written;

        if (count > 1 || (own != NULL && own->letters) || is_by_place(pair->scan, own))
                return;
        if (share(pair, label) < HALF ? own != NULL || answer_is_choice(pair->scan, label->field) ||
                                            !pair_read_over(pair, label, &written)
                                      : is_rewritten(pair, label) || !pair_read(pair, label, &written))
                return;
        if (own != NULL && own->value != NULL && !own->weak) {
                weigh(pair, label, own, &written);
        } else if (written.value != NULL && !written.weak && may_stand_alone(pair, own, &written)) {
                bool sure = is_checked(pair->scan, label->field) || is_right_behind(pair, label, &written);
                double most = sure && !label->others ? ALONE_CHECKED : ALONE;

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
        struct pair pair;

        if (!pair_init(&pair, scan, printed))
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
        pair_free(&pair);
}
