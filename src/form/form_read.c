/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/form_read.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/document.h"
#include "core/form.h"
#include "core/sheet.h"
#include "form/agree.h"
#include "form/answer.h"
#include "form/cells.h"
#include "form/columns.h"
#include "form/contacts.h"
#include "form/ditto.h"
#include "form/entries.h"
#include "form/explain.h"
#include "form/label.h"
#include "form/lines.h"
#include "form/pasted.h"
#include "form/person.h"
#include "form/respell.h"
#include "form/roster.h"
#include "form/section.h"
#include "form/stacks.h"
#include "form/whose.h"

#define RECOGNISED 0.7 /* below what is sure */

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
