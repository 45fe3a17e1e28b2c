/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/form.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/agree.h"
#include "core/answer.h"
#include "core/cells.h"
#include "core/columns.h"
#include "core/contacts.h"
#include "core/ditto.h"
#include "core/document.h"
#include "core/entries.h"
#include "core/explain.h"
#include "core/label.h"
#include "core/lines.h"
#include "core/pasted.h"
#include "core/person.h"
#include "core/respell.h"
#include "core/roster.h"
#include "core/section.h"
#include "core/sheet.h"
#include "core/stacks.h"
#include "core/whose.h"

enum { FORM_LABELS = 3 };

#define RECOGNISED 0.7 /* below what is sure */

/* ---- forms */

void form_free(struct form *form)
{
        for (size_t i = 0; i < form->count; i++) {
                struct field *field = &form->fields[i];
                free(field->key);
                str_list_free(&field->labels);
                for (size_t k = 0; k < field->option_count; k++) {
                        free(field->options[k].value);
                        str_list_free(&field->options[k].labels);
                }
                free(field->options);
        }
        free(form->fields);
        *form = (struct form){ 0 };
}

const struct field *form_field(const struct form *form, const char *key)
{
        for (size_t i = 0; i < form->count; i++)
                if (strcmp(form->fields[i].key, key) == 0)
                        return &form->fields[i];
        return NULL;
}

const struct field *form_name_field(const struct form *form)
{
        for (size_t i = 0; i < form->count; i++)
                if (form->fields[i].type == FIELD_NAME)
                        return &form->fields[i];
        return NULL;
}

/* ---- readings */

void person_free(struct person *person, size_t field_count)
{
        for (size_t i = 0; person->values != NULL && i < field_count; i++) {
                free(person->values[i].value);
                free(person->values[i].where);
                free(person->values[i].why);
        }
        free(person->values);
        *person = (struct person){ 0 };
}

void reading_free(struct reading *reading)
{
        for (size_t i = 0; i < reading->people_count; i++)
                person_free(&reading->people[i], reading->field_count);
        free(reading->people);
        for (size_t i = 0; reading->labels != NULL && i < reading->field_count; i++)
                free(reading->labels[i]);
        free(reading->labels);
        str_list_free(&reading->problems);
        *reading = (struct reading){ 0 };
}

/* A refused consent may be nothing but a box left empty, so it is no sign of a form. */
bool reading_person_is_form(const struct form *form, const struct person *person)
{
        size_t values = 0, needed = form->count < FORM_LABELS ? form->count : FORM_LABELS;
        bool named = form_name_field(form) == NULL;

        for (size_t i = 0; i < form->count; i++) {
                const char *value = person->values[i].value;
                if (value == NULL || (form->fields[i].type == FIELD_CONSENT && strcmp(value, "no") == 0))
                        continue;
                values++;
                named = named || form->fields[i].type == FIELD_NAME;
        }
        return named && needed > 0 && values >= needed;
}

static bool is_named(const struct form *form, const struct person *person)
{
        const struct field *name = form_name_field(form);

        return name != NULL && person->values[name - form->fields].value != NULL;
}

bool reading_person_counts(
    const struct form *form, const struct reading *reading, const struct person *person)
{
        return reading_person_is_form(form, person) ||
               (reading->form && (person == reading->people || is_named(form, person)));
}

/* ---- reading */

static void scan_document(struct scan *scan)
{
        const struct sheet *sheet = &scan->sheet;
        size_t first = 0;

        sections_init(&scan->sections, sheet, scan->labels);
        while (first < sheet->line_count) {
                int table = sheet->lines[first].table;
                size_t end = first;
                while (end < sheet->line_count && sheet->lines[end].table == table)
                        end++;
                if (table >= 0)
                        cells_scan(scan, first, end);
                else
                        lines_scan(scan, first, end);
                first = end;
        }
        whose_find_institution(scan);
        columns_scan(scan);
        stacks_scan(scan);
        pasted_scan(scan);
        entries_scan(scan);
        roster_scan(scan);
        contacts_settle(scan);
        ditto_settle(scan);
        whose_settle(scan);
}

static int compare(const void *a, const void *b)
{
        return strcmp(*(char *const *)a, *(char *const *)b);
}

/* What the blank form prints: its own answers, and its lines. */
struct printed {
        struct scan scan;
        char **lines;
        size_t count;
};

static void read_blank(const struct form *form, const struct labels *labels, const struct document *blank,
    struct printed *ret_printed)
{
        struct sheet *sheet = &ret_printed->scan.sheet;

        *ret_printed = (struct printed){ .scan = { .form = form, .labels = labels, .is_blank = true } };
        sheet_init(sheet, blank);
        scan_document(&ret_printed->scan);
        ret_printed->lines = xcalloc(sheet->line_count + 1, sizeof *ret_printed->lines);
        for (size_t i = 0; i < sheet->line_count; i++)
                ret_printed->lines[ret_printed->count++] =
                    sheet_words(sheet, sheet->lines[i].first, sheet->lines[i].first + sheet->lines[i].count);
        qsort(ret_printed->lines, ret_printed->count, sizeof *ret_printed->lines, compare);
}

static void scan_free(struct scan *scan)
{
        sections_free(&scan->sections);
        sheet_free(&scan->sheet);
        answers_free(&scan->answers);
}

static void printed_free(struct printed *printed)
{
        for (size_t i = 0; i < printed->count; i++)
                free(printed->lines[i]);
        free(printed->lines);
        scan_free(&printed->scan);
}

/* The next token that is more than a place to write on. */
static size_t next_token(const struct sheet *sheet, size_t token)
{
        while (token < sheet->token_count &&
               (sheet->tokens[token].kind == TOKEN_LEADER || sheet->tokens[token].kind == TOKEN_TAB ||
                   sheet_is_sign(sheet, token, "_")))
                token++;
        return token;
}

static bool is_same_token(const struct sheet *a, size_t i, const struct sheet *b, size_t k)
{
        const struct token *own = &a->tokens[i], *other = &b->tokens[k];
        const unsigned marks = RUN_STRIKE | RUN_UNDERLINE | RUN_BOLD | RUN_DOUBTFUL;

        return own->kind == other->kind && own->on == other->on && !((own->marks ^ other->marks) & marks) &&
               strcmp(sheet_key(a, i), sheet_key(b, k)) == 0 &&
               (own->kind != TOKEN_SIGN ||
                   (own->size == other->size && memcmp(own->text, other->text, own->size) == 0));
}

/* Whether the document says nothing but what the blank form does, with the same marks. */
static bool is_unfilled(const struct sheet *sheet, const struct sheet *printed)
{
        size_t i = next_token(sheet, 0), k = next_token(printed, 0);

        while (i < sheet->token_count && k < printed->token_count && is_same_token(sheet, i, printed, k)) {
                i = next_token(sheet, i + 1);
                k = next_token(printed, k + 1);
        }
        return i == sheet->token_count && k == printed->token_count;
}

/* The blank form itself, which came back as it was: nothing in it is anybody's. */
static void forget_values(struct answers *answers)
{
        for (size_t i = 0; i < answers->count; i++) {
                free(answers->items[i].value);
                answers->items[i].value = NULL;
        }
}

/* A person looks at what was seen in a picture, however well its parts agree. */
static void distrust(struct reading *reading)
{
        for (size_t i = 0; i < reading->people_count; i++)
                for (size_t k = 0; k < reading->field_count; k++) {
                        struct reading_value *value = &reading->people[i].values[k];

                        if (value->confidence > RECOGNISED)
                                value->confidence = RECOGNISED;
                }
}

void form_read(const struct form *form, const struct document *blank, const struct document *doc,
    struct reading *ret_reading)
{
        struct labels labels;
        struct printed printed = { 0 };
        struct scan scan = { .form = form };
        struct document mended = { 0 };
        bool respelt;

        *ret_reading = (struct reading){ .field_count = form->count };
        labels_init(&labels, form);
        scan.labels = &labels;
        if (blank != NULL) {
                read_blank(form, &labels, blank, &printed);
                scan.printed = &printed.scan;
                scan.blank = &printed.scan.answers;
                scan.blank_lines = printed.lines;
                scan.blank_line_count = printed.count;
        }
        respelt = blank != NULL && document_is_recognised(doc) && respell_document(doc, blank, &mended);
        sheet_init(&scan.sheet, respelt ? &mended : doc);
        scan_document(&scan);
        if (blank != NULL && is_unfilled(&scan.sheet, &printed.scan.sheet))
                forget_values(&scan.answers);
        else if (blank != NULL)
                agree_with_blank(&scan, &printed.scan);
        person_assemble(&scan, ret_reading);
        if (document_is_recognised(doc))
                distrust(ret_reading);
        explain_reading(&scan, ret_reading);
        scan_free(&scan);
        document_free(&mended);
        if (blank != NULL)
                printed_free(&printed);
        labels_free(&labels);
}
