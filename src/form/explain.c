/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/explain.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "core/document.h"
#include "core/form.h"
#include "form/answer.h"

enum { SHOWN_MAX = 60 };

#define SURE 0.8
#define CONTRADICTED 0.5

static char *place_of(const struct scan *scan, const struct answer *answer)
{
        return sheet_place(&scan->sheet, answer->line);
}

/* At most SHOWN_MAX characters, on one line. */
static char *shown(const char *text)
{
        size_t size = 0, count = 0;
        char *copy;

        while (text[size] != '\0' && count < SHOWN_MAX) {
                size++;
                while (((unsigned char)text[size] & 0xC0) == 0x80)
                        size++;
                count++;
        }
        copy = text[size] != '\0' ? xasprintf("%.*s\u2026", (int)size, text) : xstrdup(text);
        for (char *c = copy; *c != '\0'; c++)
                if (*c == '\n')
                        *c = ' ';
        return copy;
}

/* ---- what was found */

static const struct answer *first_of(const struct scan *scan, size_t field)
{
        for (size_t i = 0; i < scan->answers.count; i++)
                if (scan->answers.items[i].field == field)
                        return &scan->answers.items[i];
        return NULL;
}

/* The answer that became the value, or NULL. */
static const struct answer *answer_of(
    const struct scan *scan, size_t field, const struct reading_value *value)
{
        for (size_t i = 0; i < scan->answers.count; i++) {
                const struct answer *answer = &scan->answers.items[i];
                if (answer->field == field && answer->value != NULL &&
                    strcmp(answer->value, value->value) == 0)
                        return answer;
        }
        return NULL;
}

/* One that says something else. */
static const struct answer *other_than(const struct scan *scan, const struct answer *own)
{
        for (size_t i = 0; i < scan->answers.count; i++) {
                const struct answer *answer = &scan->answers.items[i];
                if (answer->field == own->field && answer->value != NULL && !answer->weak &&
                    strcmp(answer->value, own->value) != 0)
                        return answer;
        }
        return NULL;
}

struct marks {
        size_t boxes, ticked, doubtful;
};

static struct marks count_marks(const struct scan *scan, struct span span)
{
        struct marks marks = { 0 };

        for (size_t i = span.first; i < span.end; i++) {
                const struct token *token = &scan->sheet.tokens[i];
                marks.boxes += token->kind == TOKEN_BOX;
                marks.ticked += token->kind == TOKEN_BOX && token->on;
                marks.doubtful += (token->marks & RUN_DOUBTFUL) != 0;
        }
        return marks;
}

static bool as_in_blank(const struct scan *scan, const struct answer *answer)
{
        for (size_t i = 0; scan->blank != NULL && i < scan->blank->count; i++) {
                const struct answer *printed = &scan->blank->items[i];
                if (printed->field == answer->field && *printed->raw != '\0' &&
                    strcmp(printed->raw, answer->raw) == 0)
                        return true;
        }
        return false;
}

/* ---- values that are not sure */

static char *why_two(const struct scan *scan, const struct answer *own, const struct answer *other)
{
        CLEANUP_FREE char *one = shown(own->value), *two = shown(other->value);
        CLEANUP_FREE char *here = place_of(scan, own), *there = place_of(scan, other);

        return xasprintf("two different answers: %s (%s), %s (%s)", one, here, two, there);
}

static const char *why_doubted(const struct scan *scan, const struct answer *answer)
{
        enum field_type type = scan->form->fields[answer->field].type;
        bool choice = answer_is_choice(scan, answer->field);

        if (count_marks(scan, answer->text).doubtful > 0)
                return "the file has lost something of it";
        if (answer->weak)
                return "its box is not ticked, as in a form that nobody filled in";
        if (answer->bare)
                return "the sentence stands there without a box or option to mark";
        if (choice && answer->confidence <= CONTRADICTED)
                return "the marks contradict each other";
        if (type == FIELD_NAME)
                return "it does not look like the whole name of one person";
        return "it may be something else: its label is not quite like the event's, or the blank form "
               "disagrees";
}

static char *why_unsure(
    const struct scan *scan, size_t field, const struct reading_value *value, bool several)
{
        const struct answer *own = answer_of(scan, field, value), *other;

        if (own == NULL)
                return xstrdup("it is put together from several answers");
        if (own->confidence >= SURE && document_is_recognised(scan->sheet.document))
                return xstrdup("it was recognised in a picture: compare it");
        other = several ? NULL : other_than(scan, own);
        if (other != NULL)
                return why_two(scan, own, other);
        if (several && own->confidence >= SURE)
                return xstrdup("it is said once, and may not hold for everybody");
        return xstrdup(why_doubted(scan, own));
}

/* ---- values that are absent */

static bool is_text(enum field_type type)
{
        return type == FIELD_NAME || type == FIELD_ORGANISATION || type == FIELD_TEXT;
}

static const char *type_words(enum field_type type)
{
        switch (type) {
        case FIELD_NAME:
                return "a name";
        case FIELD_ORGANISATION:
                return "an organisation";
        case FIELD_EMAIL:
                return "an e-mail address";
        case FIELD_PHONE:
                return "a telephone number";
        case FIELD_DATE:
                return "a date";
        case FIELD_NUMBER:
                return "a number";
        case FIELD_CHOICE:
                return "one of the options";
        case FIELD_YESNO:
        case FIELD_CONSENT:
                return "yes or no";
        case FIELD_TEXT:
                break;
        }
        return "an answer";
}

static char *why_not_chosen(const struct scan *scan, const struct answer *answer, const char *place)
{
        const struct field *field = &scan->form->fields[answer->field];
        struct marks marks = count_marks(scan, answer->text);
        struct choice choice = { 0 };

        if (answer->text.first < answer->text.end)
                choice_read(field, &scan->sheet, &answer->text, 1, &choice);
        if (field->type == FIELD_CONSENT && !choice.offered)
                return xasprintf("the sentence stands at %s, and neither yes nor no", place);
        if (!choice.offered)
                return NULL;
        if (marks.boxes > 0)
                return xasprintf(
                    marks.ticked > 1 ? "several boxes are ticked at %s" : "no box is ticked at %s", place);
        return xasprintf(
            field->type == FIELD_CHOICE ? "no option is marked at %s" : "both options are left at %s", place);
}

static char *why_no_value(const struct scan *scan, const struct answer *answer)
{
        const struct sheet *sheet = &scan->sheet;
        CLEANUP_FREE char *place = place_of(scan, answer), *what = NULL;
        char *why = answer_is_choice(scan, answer->field) ? why_not_chosen(scan, answer, place) : NULL;
        struct buf text = BUF_INIT(8 * LIMIT_FIELD_VALUE);

        if (why != NULL)
                return why;
        if (*answer->raw == '\0' || answer->text.first >= answer->text.end)
                return xasprintf("its label stands at %s, with nothing behind it", place);
        if (as_in_blank(scan, answer))
                return xasprintf("the answer at %s is the same as in the blank form", place);
        if (is_text(scan->form->fields[answer->field].type))
                return xasprintf("nothing but a word processor's placeholder stands at %s", place);
        sheet_text(sheet, answer->text.first, answer->text.end, &text);
        what = shown(buf_text(&text));
        buf_free(&text);
        return xasprintf("cannot be understood as %s: %s (%s)",
            type_words(scan->form->fields[answer->field].type), what, place);
}

static char *why_absent(const struct scan *scan, size_t field)
{
        const struct answer *answer = NULL;

        for (size_t i = 0; i < scan->answers.count; i++) {
                const struct answer *item = &scan->answers.items[i];
                if (item->field == field && (answer == NULL || *answer->raw == '\0'))
                        answer = item;
        }
        if (answer == NULL)
                return xstrdup("no label like it was found");
        if (answer->value != NULL)
                return xstrdup("what was found for it belongs to another person");
        return why_no_value(scan, answer);
}

void explain_reading(const struct scan *scan, struct reading *reading)
{
        bool several = reading->people_count > 1;

        reading->labels = xcalloc(scan->form->count + 1, sizeof *reading->labels);
        for (size_t field = 0; field < scan->form->count; field++) {
                const struct answer *answer = first_of(scan, field);
                if (answer != NULL)
                        reading->labels[field] = place_of(scan, answer);
        }
        for (size_t i = 0; i < reading->people_count; i++)
                for (size_t field = 0; field < scan->form->count; field++) {
                        struct reading_value *value = &reading->people[i].values[field];
                        if (value->value == NULL)
                                value->why = why_absent(scan, field);
                        else if (value->confidence < SURE)
                                value->why = why_unsure(scan, field, value, several);
                }
}
