/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/answer.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "core/email.h"
#include "core/fold.h"
#include "core/form.h"
#include "core/yesno.h"
#include "form/ditto.h"
#include "form/fullname.h"
#include "form/glue.h"
#include "form/hint.h"
#include "form/placeholder.h"
#include "form/plausible.h"
#include "form/ticked.h"

enum { OPTIONS_MIN = 2, LETTER_LINES_MIN = 4, SPANS_MAX = 64 };

#define WORDS 0.9
#define APART 0.9
#define DOUBTFUL 0.5 /* no second opinion makes it surer */

void answers_free(struct answers *answers)
{
        for (size_t i = 0; i < answers->count; i++) {
                free(answers->items[i].raw);
                free(answers->items[i].value);
        }
        free(answers->items);
        *answers = (struct answers){ 0 };
}

static bool is_choice(enum field_type type)
{
        return type == FIELD_CHOICE || type == FIELD_YESNO || type == FIELD_CONSENT;
}

bool answer_is_choice(const struct scan *scan, size_t field)
{
        return is_choice(scan->form->fields[field].type);
}

bool answer_is_wrapped(const struct sheet *sheet, size_t above, size_t next)
{
        const struct line *line = &sheet->lines[above];
        size_t width = line->width + 1;

        if (sheet->wrap == 0 || line->table >= 0)
                return false;
        for (size_t i = next; i < sheet->token_count && (i == next || sheet->tokens[i].gap == 0); i++)
                width += str_characters(sheet->tokens[i].text, sheet->tokens[i].size);
        return width > sheet->wrap;
}

/* The next cell of a row, or the next line where a table came as lines of text. */
static bool is_beside(const struct sheet *sheet, const struct span *left, const struct span *right)
{
        const struct line *a = &sheet->lines[sheet_line_of(sheet, left->first)];
        const struct line *b = &sheet->lines[sheet_line_of(sheet, right->first)];

        if (a->table < 0)
                return b == a + 1 && b->table < 0 && a->count == 1 && b->count == 1;
        return a->table == b->table && a->row == b->row && a->column != b->column;
}

/* One character a cell, in cells beside each other. */
static bool is_lettered(const struct sheet *sheet, const struct span *spans, size_t count)
{
        size_t enough = 2;

        for (size_t i = 0; i < count; i++)
                if (spans[i].end != spans[i].first + 1 || !sheet_is_letter(sheet, spans[i].first) ||
                    (i > 0 && !is_beside(sheet, &spans[i - 1], &spans[i])))
                        return false;
        if (count > 0 && sheet->lines[sheet_line_of(sheet, spans[0].first)].table < 0)
                enough = LETTER_LINES_MIN;
        return count >= enough;
}

/* An empty cell between two letters is a blank. */
static char *text_of_letters(const struct sheet *sheet, const struct span *spans, size_t count)
{
        struct buf out = BUF_INIT(8 * LIMIT_FIELD_VALUE);
        int column = 0;

        for (size_t i = 0; i < count; i++) {
                const struct line *line = &sheet->lines[sheet_line_of(sheet, spans[i].first)];

                if (i > 0 && line->column > column + 1)
                        buf_putc(&out, ' ');
                sheet_text(sheet, spans[i].first, spans[i].end, &out);
                column = line->column;
        }
        buf_puts(&out, "");
        return buf_detach(&out, NULL);
}

/* "Anna Lis-", and in the next line "Kowalska" */
static bool is_half(const struct sheet *sheet, enum field_type type, size_t end)
{
        return type == FIELD_NAME && end > 1 && sheet_is_sign(sheet, end - 1, "-") &&
               sheet->tokens[end - 1].gap == 0 && sheet->tokens[end - 2].kind == TOKEN_WORD;
}

/* The text of the spans: a line each, except where a program broke the line. An address or a name broken at its
 * hyphen comes together again. */
static char *text_of(const struct scan *scan, enum field_type type, const struct span *spans, size_t count)
{
        const struct sheet *sheet = &scan->sheet;
        struct buf out = BUF_INIT(8 * LIMIT_FIELD_VALUE);
        char *text;

        if (is_lettered(sheet, spans, count))
                return text_of_letters(sheet, spans, count);
        for (size_t i = 0; i < count; i++) {
                bool hyphen = out.size > 0 && out.data[out.size - 1] == '-';
                if (i > 0 && out.size > 0 &&
                    !(hyphen && (type == FIELD_EMAIL || is_half(sheet, type, spans[i - 1].end))))
                        buf_putc(&out,
                            answer_is_wrapped(sheet, sheet_line_of(sheet, spans[i - 1].first), spans[i].first)
                                ? ' '
                                : '\n');
                sheet_text(sheet, spans[i].first, spans[i].end, &out);
        }
        text = fold_spaces(buf_text(&out));
        buf_free(&out);
        return text;
}

/* Signs that stand between a label and its answer, or after it in a list. */
static char *strip(char *text)
{
        size_t size = strlen(text), start = strspn(text, ":;,=-_.*|> \n\t");

        while (strncmp(text + start, "\u2013", 3) == 0 || strncmp(text + start, "\u2014", 3) == 0)
                start += 3 + strspn(text + start + 3, " \n");
        if (text[start] >= '0' && text[start] <= '9' && start > 0 && text[start - 1] == '-')
                start--; /* a negative number */
        while (size > start && strchr(",;| _*\n", text[size - 1]) != NULL)
                text[--size] = '\0';
        memmove(text, text + start, size - start + 1);
        size -= start;
        if (size > 2 && *text == '[' && strchr(text, ']') == text + size - 1) { /* "[...]" filled inside */
                text[size - 1] = '\0';
                memmove(text, text + 1, size - 1);
        }
        return text;
}

/* "(mail:" before the address */
static bool introduces(const char *word)
{
        static const char *const words[] = { "mail", "e mail", "email", "adres", "adres e mail" };
        CLEANUP_FREE char *key = fold_key(word);

        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
                if (strcmp(key, words[i]) == 0)
                        return true;
        return false;
}

/* Where two fields are asked in the same breath, the text without the address. */
static char *without_address(const char *text)
{
        CLEANUP_FREE char *copy = xstrdup(text);
        struct buf out = BUF_INIT(8 * LIMIT_FIELD_VALUE);
        char *save = NULL, *result;
        const char *last = NULL;

        for (char *word = strtok_r(copy, " \n", &save);; word = strtok_r(NULL, " \n", &save)) {
                bool address = word != NULL && strchr(word, '@') != NULL;

                if (last != NULL && !(address && introduces(last))) {
                        buf_puts(&out, last);
                        buf_putc(&out, ' ');
                }
                if (word == NULL)
                        break;
                last = address ? NULL : word;
        }
        result = xstrdup(buf_text(&out));
        buf_free(&out);
        return strip(result);
}

/* A word of which the file has lost something. */
static bool is_doubtful(const struct sheet *sheet, const struct span *spans, size_t count)
{
        for (size_t i = 0; i < count; i++)
                for (size_t k = spans[i].first; k < spans[i].end; k++)
                        if (sheet->tokens[k].marks & RUN_DOUBTFUL)
                                return true;
        return false;
}

/* "Imię i nazwisko, e-mail": one address and one name, which nobody takes for one another. */
static bool is_apart(enum field_type type, const char *text, const char *part)
{
        const char *sign = strchr(text, '@');

        if (sign == NULL || strchr(sign + 1, '@') != NULL)
                return false;
        return type == FIELD_EMAIL || (type == FIELD_NAME && fullname_is(part));
}

/* "jan@las.exam", and in the next line "ple" */
static bool is_broken_off(
    const struct sheet *sheet, const struct span *spans, size_t count, const char *value)
{
        size_t end = spans[count - 1].end, line = sheet_line_of(sheet, end - 1);
        struct buf out = BUF_INIT(8 * LIMIT_FIELD_VALUE);
        bool found;

        if (line + 1 >= sheet->line_count || end < sheet->lines[line].first + sheet->lines[line].count)
                return false;
        sheet_text(sheet, end, end + sheet->lines[line + 1].count, &out);
        found = email_goes_on(value, buf_text(&out));
        buf_free(&out);
        return found;
}

bool answer_is_remarks(const struct scan *scan, size_t index)
{
        const struct field *field = &scan->form->fields[index];
        static const char *const remarks[] = { "uwagi", "uwag", "remarks", "comments" };

        for (size_t i = 0; field->type == FIELD_TEXT && i < field->labels.count; i++)
                for (size_t k = 0; k < sizeof remarks / sizeof remarks[0]; k++)
                        if (fold_contains(field->labels.items[i], remarks[k]))
                                return true;
        return false;
}

/* "brak", "nie dotyczy": nobody's name, and no remark; in other fields it is said to a person. */
static bool says_none(const struct scan *scan, const struct field *field, const char *raw)
{
        return (field->type == FIELD_NAME ||
                   (!field->required && answer_is_remarks(scan, (size_t)(field - scan->form->fields)))) &&
               ditto_is_none(raw);
}

static void read_text(const struct scan *scan, const struct field *field, const struct label_match *match,
    const struct span *spans, size_t count, struct answer *answer)
{
        CLEANUP_FREE char *text = strip(text_of(scan, field->type, spans, count));
        CLEANUP_FREE char *part = NULL;
        struct span pieces[TICKED_MAX];
        double sure, confidence = match->confidence;

        placeholder_take_off(text);
        if (field->type == FIELD_NAME) {
                const char *name = placeholder_past_address(text);

                memmove(text, name, strlen(name) + 1);
        }
        answer->raw = fold_key(text);
        if (*answer->raw == '\0' || placeholder_is(field, text) || says_none(scan, field, answer->raw))
                return;
        if (field->type == FIELD_TEXT && ticked_boxes(&scan->sheet, spans, count) >= OPTIONS_MIN) {
                size_t found = ticked_pieces(&scan->sheet, spans, count, pieces);

                part = strip(text_of(scan, field->type, pieces, found));
        } else if (match->also != LABEL_NONE && field->type != FIELD_EMAIL) {
                part = without_address(text);
        }
        if (field_normalise(field, part != NULL ? part : text, &answer->value) < 0)
                return;
        sure = match->part == LABEL_WHOLE
                   ? plausible_value(scan->form, field, part != NULL ? part : text, answer->value)
                   : 1;
        if (field->type == FIELD_TEXT && sure < 1) { /* still unsure, but as it was written */
                char *glued = answer->value, *whole = glue_undo(glued);

                answer->value = strlen(whole) <= LIMIT_FIELD_VALUE ? whole : glued;
                free(answer->value == whole ? glued : whole);
        }
        if (match->also != LABEL_NONE && is_apart(field->type, text, part != NULL ? part : text))
                confidence = confidence > APART ? confidence : APART;
        if (is_doubtful(&scan->sheet, spans, count) ||
            (field->type == FIELD_EMAIL && is_broken_off(&scan->sheet, spans, count, answer->value)))
                sure = DOUBTFUL;
        answer->confidence = confidence < sure ? confidence : sure;
}

/* "oczywiście", "nie wiem" */
static void in_words(const struct field *field, const char *text, struct choice *choice)
{
        enum yesno_word word = YESNO_OTHER;

        if (field->type == FIELD_YESNO || field->type == FIELD_CONSENT)
                word = yesno_read(text, field->type == FIELD_CONSENT);
        if (word == YESNO_UNKNOWN)
                choice->value = NULL;
        if (word == YESNO_UNKNOWN || word == YESNO_OTHER || choice->offered)
                return;
        choice->value = word == YESNO_YES ? "yes" : "no";
        choice->confidence = WORDS;
}

static void read_choice(const struct scan *scan, const struct field *field, const struct label_match *match,
    const struct span *spans, size_t count, struct answer *answer)
{
        CLEANUP_FREE char *text = text_of(scan, field->type, spans, count);
        struct choice choice;

        choice_read(field, &scan->sheet, spans, count, &choice);
        answer->raw = fold_key(text);
        answer->weak = choice.weak;
        in_words(field, text, &choice);
        if (choice.value == NULL && !choice.offered)
                field_normalise(field, text, &answer->value);
        else if (choice.value != NULL)
                answer->value = xstrdup(choice.value);
        answer->confidence = choice.value == NULL ? 0.85 : choice.confidence;
        if (match->confidence < answer->confidence)
                answer->confidence = match->confidence;
}

void answer_append_take(struct scan *scan, struct answer *answer)
{
        struct answers *answers = &scan->answers;

        if (answers->count == answers->room) {
                answers->room = answers->room * 2 + 32;
                answers->items = xreallocarray(answers->items, answers->room, sizeof *answers->items);
        }
        answers->items[answers->count++] = *answer;
        answer->raw = answer->value = NULL;
}

/* Whether the blank form says the same there: printed, or filled in for all. */
static bool is_printed(const struct scan *scan, const struct answer *answer)
{
        const struct answers *blank = scan->blank;
        bool choice = is_choice(scan->form->fields[answer->field].type);

        for (size_t i = 0; blank != NULL && i < blank->count; i++) {
                const struct answer *printed = &blank->items[i];
                if (printed->field != answer->field || printed->weak != answer->weak || printed->bare)
                        continue;
                if (choice && answer->confidence <= DOUBTFUL && printed->confidence > DOUBTFUL)
                        continue; /* another option was marked beside the printed one */
                if (printed->value != NULL
                        ? strcmp(printed->value, answer->value) == 0
                        : !choice && *printed->raw != '\0' && strcmp(printed->raw, answer->raw) == 0)
                        return true;
        }
        return false;
}

static int compare_keys(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

/* The next line of the form below an empty place, where a table came back as lines of text: "Adres". */
static bool is_printed_line(const struct scan *scan, const struct answer *answer)
{
        const struct sheet *sheet = &scan->sheet;
        const char *key = answer->raw;

        if (scan->blank_line_count == 0 || is_choice(scan->form->fields[answer->field].type) ||
            answer->text.end == answer->text.first ||
            sheet_line_of(sheet, answer->text.first) == sheet_line_of(sheet, answer->label.first) ||
            sheet->lines[sheet_line_of(sheet, answer->text.first)].table >= 0)
                return false;
        return bsearch(&key, scan->blank_lines, scan->blank_line_count, sizeof *scan->blank_lines,
                   compare_keys) != NULL;
}

static void subtract_blank(const struct scan *scan, struct answer *answer)
{
        if (answer->value == NULL || answer->weak ||
            !(is_printed(scan, answer) || is_printed_line(scan, answer)))
                return;
        free(answer->value);
        answer->value = NULL;
}

void answer_read(const struct scan *scan, const struct label_match *match, size_t field,
    const struct span *spans, size_t count, struct answer *ret_answer)
{
        const struct field *configured = &scan->form->fields[field];
        struct span said[SPANS_MAX];

        *ret_answer = (struct answer){ .field = field,
                .part = match->part,
                .label = { match->start, match->after },
                .under = match->under,
                .inside = match->inside,
                .elsewhere = match->elsewhere,
                .place = match->place };
        if (count > 0)
                ret_answer->text = (struct span){ spans[0].first, spans[count - 1].end };
        if (is_choice(configured->type)) {
                read_choice(scan, configured, match, spans, count, ret_answer);
        } else {
                size_t left = count < SPANS_MAX ? count : SPANS_MAX;

                for (size_t i = 0; i < left; i++)
                        said[i] = spans[i];
                left = hint_take_off(&scan->sheet, configured->type, said, left);
                read_text(scan, configured, match, said, left, ret_answer);
        }
        ret_answer->letters = !is_choice(configured->type) && is_lettered(&scan->sheet, spans, count);
        subtract_blank(scan, ret_answer);
}

void answer_add(struct scan *scan, const struct label_match *match, const struct span *spans, size_t count,
    size_t line, int person)
{
        const size_t fields[] = { match->field, match->also };

        for (size_t i = 0; i < 2; i++) {
                struct answer answer;

                if (fields[i] == LABEL_NONE)
                        continue;
                answer_read(scan, match, fields[i], spans, count, &answer);
                answer.line = line;
                answer.person = person;
                answer_append_take(scan, &answer);
        }
}

void answer_add_choice(struct scan *scan, size_t field, const struct choice *choice, double confidence,
    bool bare, const struct span *label)
{
        struct answer answer = { .field = field,
                .raw = xstrdup(""),
                .value = choice->value != NULL ? xstrdup(choice->value) : NULL,
                .weak = choice->weak,
                .bare = bare,
                .worded = choice->worded,
                .confidence = confidence,
                .label = *label,
                .line = sheet_line_of(&scan->sheet, label->first) };

        if (!bare)
                subtract_blank(scan, &answer);
        answer_append_take(scan, &answer);
        free(answer.raw);
        free(answer.value);
}

bool answer_probe(
    const struct scan *scan, size_t field, const struct span *spans, size_t count, bool *ret_valid)
{
        const struct field *configured = &scan->form->fields[field];
        CLEANUP_FREE char *text = strip(text_of(scan, configured->type, spans, count));
        CLEANUP_FREE char *value = NULL;
        struct choice choice = { 0 };

        if (is_choice(configured->type)) {
                choice_read(configured, &scan->sheet, spans, count, &choice);
                value = choice.offered ? NULL : choice_normalise(configured, text);
                *ret_valid = choice.offered || value != NULL;
                return choice.offered || fold_has_word(text);
        }
        *ret_valid = field_normalise(configured, text, &value) == 0;
        return fold_has_word(text);
}
