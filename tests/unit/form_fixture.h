/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A form as the default configuration has it, documents from a few lines of text, and readings as one line
 * each. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/document.h"
#include "core/form.h"
#include "form/form_read.h"

struct fixture_field {
        const char *key;
        enum field_type type;
        bool required;
        const char *labels;  /* "|" between */
        const char *options; /* "value|label|label;value|label" */
};

static const struct fixture_field fixture_fields[] = {
        { "name", FIELD_NAME, true, "Imię i nazwisko|Imię i nazwisko uczestnika", NULL },
        { "organisation", FIELD_ORGANISATION, true, "Nazwa organizacji|Organizacja / urząd|Instytucja",
            NULL },
        { "sector", FIELD_CHOICE, false, "Sektor", "NGO|NGO|organizacja pozarządowa;JST|JST|samorząd" },
        { "position", FIELD_TEXT, false, "Stanowisko|Funkcja", NULL },
        { "phone", FIELD_PHONE, false, "Telefon|Telefon kontaktowy|Tel.", NULL },
        { "email", FIELD_EMAIL, false, "E-mail|Adres e-mail", NULL },
        { "night", FIELD_YESNO, false, "Nocleg|Czy potrzebuje Pan/Pani noclegu", NULL },
        { "remarks", FIELD_TEXT, false, "Uwagi", NULL },
        { "consent", FIELD_CONSENT, true, "Wyrażam zgodę na przetwarzanie moich danych osobowych", NULL },
};

static inline void fixture_split(struct str_list *list, const char *text, const char *between)
{
        CLEANUP_FREE char *copy = xstrdup(text);
        char *save = NULL;

        for (char *word = strtok_r(copy, between, &save); word != NULL; word = strtok_r(NULL, between, &save))
                str_list_add(list, word);
}

static inline void fixture_options(struct field *field, const char *text)
{
        struct str_list options = { 0 };

        fixture_split(&options, text, ";");
        field->options = xcalloc(options.count, sizeof *field->options);
        field->option_count = options.count;
        for (size_t i = 0; i < options.count; i++) {
                fixture_split(&field->options[i].labels, options.items[i], "|");
                field->options[i].value = xstrdup(field->options[i].labels.items[0]);
        }
        str_list_free(&options);
}

static inline struct form fixture_form(void)
{
        struct form form = { .count = sizeof fixture_fields / sizeof fixture_fields[0] };

        form.fields = xcalloc(form.count, sizeof *form.fields);
        for (size_t i = 0; i < form.count; i++) {
                form.fields[i].key = xstrdup(fixture_fields[i].key);
                form.fields[i].type = fixture_fields[i].type;
                form.fields[i].required = fixture_fields[i].required;
                fixture_split(&form.fields[i].labels, fixture_fields[i].labels, "|");
                if (fixture_fields[i].options != NULL)
                        fixture_options(&form.fields[i], fixture_fields[i].options);
        }
        return form;
}

/* Runs of one piece of text: "~struck~", "_underlined_" (between spaces), "*bold*" become marks. */
static inline void fixture_runs(struct document *doc, const char *text)
{
        static const char signs[] = "~^`";
        static const unsigned marks[] = { RUN_STRIKE, RUN_UNDERLINE, RUN_BOLD };

        while (*text != '\0') {
                const char *sign = strchr(signs, *text), *end;
                if (sign != NULL && (end = strchr(text + 1, *text)) != NULL) {
                        document_add(doc, text + 1, (size_t)(end - text - 1), marks[sign - signs], NULL);
                        text = end + 1;
                } else {
                        size_t size = strcspn(text + 1, signs) + 1;
                        document_add(doc, text, size, 0, NULL);
                        text += size;
                }
        }
}

/* A line is a paragraph; lines that begin with "|" are rows of a table, "|" between cells, "\\" between the
 * paragraphs of a cell, "\v" a line's end inside a paragraph. "~a~" is struck, "^a^" underlined, "`a`" bold. */
static inline struct document fixture_document(const char *name, const char *text)
{
        struct document doc = { .name = xstrdup(name) };
        int table = -1, row = 0;
        bool inside = false;

        while (*text != '\0') {
                size_t size = strcspn(text, "\n");
                CLEANUP_FREE char *line = xstrndup(text, size);
                text += size + (text[size] == '\n');
                for (char *c = line; (c = strchr(c, '\v')) != NULL;)
                        *c = '\n';
                if (*line != '|') {
                        inside = false;
                        document_open(&doc, DOCUMENT_PARAGRAPH, -1, -1, -1);
                        fixture_runs(&doc, line);
                        continue;
                }
                row = inside ? row + 1 : 0;
                table += !inside;
                inside = true;
                int column = 0;
                for (char *cell = line + 1; cell != NULL; column++) {
                        char *next = strchr(cell, '|');
                        if (next != NULL)
                                *next++ = '\0';
                        for (char *part = cell; part != NULL;) {
                                char *more = strchr(part, '\\');
                                if (more != NULL)
                                        *more++ = '\0';
                                document_open(&doc, DOCUMENT_CELL, table, row, column);
                                fixture_runs(&doc, part);
                                part = more;
                        }
                        cell = next;
                }
        }
        return doc;
}

/* "name=Jan Kowalski; phone=+48...;" with "?" after a key whose value is unsure. People are divided by " //
 * ". */
static inline char *fixture_told(const struct form *form, const struct reading *reading)
{
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);

        buf_puts(&out, reading->form ? "form:" : reading->blank ? "blank:" : "none:");
        for (size_t i = 0; i < reading->people_count; i++) {
                if (i > 0)
                        buf_puts(&out, " //");
                for (size_t k = 0; k < form->count; k++) {
                        const struct reading_value *value = &reading->people[i].values[k];
                        if (value->value != NULL)
                                buf_printf(&out, " %s%s=%s;", form->fields[k].key,
                                    value->confidence < 0.8 ? "?" : "", value->value);
                }
        }
        return buf_detach(&out, NULL);
}

/* Fails, showing the document, when the reading is not as told. */
static inline void fixture_expect(
    const char *name, const char *blank_text, const char *text, const char *want)
{
        struct form form = fixture_form();
        struct document doc = fixture_document(name, text);
        struct document blank = fixture_document("blank.docx", blank_text != NULL ? blank_text : "");
        struct reading reading;
        CLEANUP_FREE char *got = NULL;

        form_read(&form, blank_text != NULL ? &blank : NULL, &doc, &reading);
        got = fixture_told(&form, &reading);
        for (size_t i = 0; i < reading.people_count; i++)
                for (size_t k = 0; k < form.count; k++)
                        if (reading.people[i].values[k].value != NULL)
                                assert_true(
                                    field_is_normal(&form.fields[k], reading.people[i].values[k].value));
        if (strcmp(got, want) != 0)
                fail_msg("read from:\n%s\n got  %s\n want %s", text, got, want);
        reading_free(&reading);
        document_free(&doc);
        document_free(&blank);
        form_free(&form);
}
