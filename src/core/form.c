/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/form.h"

#include <stdlib.h>
#include <string.h>

enum { FORM_LABELS = 3 };

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
