/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields, forms, and what was read out of one. Pure. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct document;

enum field_type {
        FIELD_NAME,
        FIELD_ORGANISATION,
        FIELD_TEXT,
        FIELD_EMAIL,
        FIELD_PHONE,
        FIELD_DATE,
        FIELD_NUMBER,
        FIELD_CHOICE,
        FIELD_YESNO,
        FIELD_CONSENT,
};

struct field_option {
        char *value;
        struct str_list labels;
};

struct field {
        char *key;
        enum field_type type;
        bool required;
        struct str_list labels;
        struct field_option *options; /* choice only */
        size_t option_count;
};

struct form {
        struct field *fields;
        size_t count;
};

void form_free(struct form *form);
const struct field *form_field(const struct form *form, const char *key); /* NULL if there is none */
const struct field *form_name_field(const struct form *form); /* the first of type name, or NULL */

/* ---- values (core/field.c) */
const char *field_type_name(enum field_type type); /* as in the configuration: "name", "organisation", ... */
int field_type_parse(const char *word, enum field_type *ret_type);
/* A raw answer in its written form of PRODUCT.md 4 (e-mail with lower-case domain, phone E.164 with
 * ";ext=17", date ISO 8601, choice the option's value, yesno and consent "yes" or "no", text NFC with folded
 * spaces and kept lines). 0; -1 when it cannot be understood as that type, or is empty. The result is the
 * caller's. */
int field_normalise(const struct field *field, const char *raw, char **ret_value);
/* Whether the value is one that field_normalise() could have returned: what the keeper asks of every value
 * that a helper sends. */
bool field_is_normal(const struct field *field, const char *value);

/* ---- readings (form/form_read.h makes them) */
struct reading_value {
        char *value;       /* in written form; NULL: absent */
        double confidence; /* 0..1 */
        char *where;       /* for a person: "zgloszenie.docx, table 1, row 3"; NULL when absent */
        char *why;         /* for a person: why it is absent or unsure; NULL: it is sure, or nobody asked */
};

struct person {
        struct reading_value *values; /* one a field of the form, same order; count = form->count */
};

/* A problem of a reading: the form stands in quoted text, not in the writer's own words. */
#define READING_QUOTED "quoted"
/* ... it names more people than LIMIT_PEOPLE. */
#define READING_MORE_PEOPLE "more people than can be read"

struct reading {
        size_t field_count; /* of the form it was read with */
        struct person *people;
        size_t people_count;
        bool
            form; /* PRODUCT.md 2 "What is a form" holds for the first person, or it is a filled copy of the blank */
        bool blank;    /* labels are there and no answers: problem "blank" */
        char **labels; /* where the label of each field was found, NULL: nowhere; all NULL: nobody asked */
        struct str_list problems;
};

void reading_free(struct reading *reading);
bool reading_person_is_form(const struct form *form, const struct person *person);
/* Whether the reading's form registers this person of it: a form that lists several asks each of them little, of the
 * others a name is enough; and the first of a filled copy of the blank form may have left out anything. */
bool reading_person_counts(
    const struct form *form, const struct reading *reading, const struct person *person);
void person_free(struct person *person, size_t field_count);
