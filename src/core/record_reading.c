/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "core/form.h"
#include "core/pick.h"
#include "core/record.h"

enum { WHERE_MAX = 500, WHY_MAX = 700, PROBLEM_MAX = 200, PROBLEMS = 50 };

static json_t *value_json(const struct reading_value *value)
{
        json_t *json = json_object();

        json_object_set_new(json, "value", json_string(value->value));
        json_object_set_new(json, "confidence", json_real(value->confidence));
        put_text(json, "where", value->where ? value->where : "", WHERE_MAX);
        return json;
}

static json_t *person_json(const struct form *form, const struct person *person)
{
        json_t *fields = json_object(), *missing = json_array(), *json = json_object();

        for (size_t i = 0; i < form->count; i++) {
                if (person->values[i].value)
                        json_object_set_new(fields, form->fields[i].key, value_json(&person->values[i]));
                else if (form->fields[i].required)
                        json_array_append_new(missing, json_string(form->fields[i].key));
        }
        json_object_set_new(json, "fields", fields);
        json_object_set_new(json, "missing", missing);
        return json;
}

json_t *record_reading(const struct form *form, const struct reading *reading)
{
        json_t *json = json_object(), *people = json_array();

        for (size_t i = 0; i < reading->people_count && i < LIMIT_PEOPLE; i++)
                json_array_append_new(people, person_json(form, &reading->people[i]));
        json_object_set_new(json, "form", json_boolean(reading->form));
        json_object_set_new(json, "blank", json_boolean(reading->blank));
        json_object_set_new(json, "people", people);
        put_list(json, "problems", &reading->problems, PROBLEMS, PROBLEM_MAX, PROBLEMS * PROBLEM_MAX);
        return json;
}

static json_t *whys_json(const struct form *form, const struct person *person)
{
        json_t *json = json_object();

        for (size_t i = 0; i < form->count; i++)
                if (person->values[i].why)
                        put_text(json, form->fields[i].key, person->values[i].why, WHY_MAX);
        return json;
}

void record_explain(const struct form *form, const struct reading *reading, json_t *json)
{
        json_t *labels = json_object(), *people = json_object_get(json, "people");

        for (size_t i = 0; reading->labels && i < form->count; i++)
                if (reading->labels[i])
                        put_text(labels, form->fields[i].key, reading->labels[i], WHERE_MAX);
        json_object_set_new(json, "labels", labels);
        for (size_t i = 0; i < json_array_size(people); i++)
                json_object_set_new(json_array_get(people, i), "why", whys_json(form, &reading->people[i]));
}

/* ---- */

static size_t field_index(const struct form *form, const char *key)
{
        for (size_t i = 0; i < form->count; i++)
                if (str_equal(form->fields[i].key, key))
                        return i;
        return form->count;
}

static void take_value(
    struct pick *parent, const json_t *json, const struct field *field, struct reading_value *ret_value)
{
        struct pick pick = pick_below(parent, json);

        ret_value->value = pick_text(&pick, "value", LIMIT_FIELD_VALUE);
        ret_value->confidence = pick_share(&pick, "confidence");
        ret_value->where = pick_text(&pick, "where", WHERE_MAX);
        if (!pick.failed && !field_is_normal(field, ret_value->value))
                pick_fail(&pick, "value");
        pick_close(parent, &pick);
}

/* The field that the key of an object names; none fails the pick. */
static size_t known_field(struct pick *pick, const struct form *form, const char *key, const char *where)
{
        size_t i = field_index(form, key);

        if (i == form->count)
                pick_fail(pick, where);
        return i;
}

/* Told only when it was asked for. */
static void take_whys(struct pick *pick, const struct form *form, struct person *ret_person)
{
        const char *key;
        json_t *why, *whys;

        if (!json_object_get(pick->object, "why"))
                return;
        whys = (json_t *)(uintptr_t)pick_object(pick, "why", LIMIT_FIELDS);
        json_object_foreach(whys, key, why)
        {
                size_t i = known_field(pick, form, key, "why");

                if (i == form->count)
                        return;
                ret_person->values[i].why = pick_item(pick, why, "why", WHY_MAX);
        }
}

static void take_labels(struct pick *pick, const struct form *form, struct reading *ret_reading)
{
        const char *key;
        json_t *place, *places;

        if (!json_object_get(pick->object, "labels"))
                return;
        places = (json_t *)(uintptr_t)pick_object(pick, "labels", LIMIT_FIELDS);
        ret_reading->labels = xcalloc(form->count + 1, sizeof *ret_reading->labels);
        json_object_foreach(places, key, place)
        {
                size_t i = known_field(pick, form, key, "labels");

                if (i == form->count)
                        return;
                ret_reading->labels[i] = pick_item(pick, place, "labels", WHERE_MAX);
        }
}

static void take_person(
    struct pick *parent, const json_t *json, const struct form *form, struct person *ret_person)
{
        struct pick pick = pick_below(parent, json);
        const json_t *fields = pick_object(&pick, "fields", LIMIT_FIELDS);
        struct str_list missing = { 0 };
        const char *key;
        json_t *value;

        json_object_foreach((json_t *)(uintptr_t)fields, key, value)
        {
                size_t i = known_field(&pick, form, key, "fields");

                if (i == form->count)
                        break;
                take_value(&pick, value, &form->fields[i], &ret_person->values[i]);
        }
        /* What is missing follows from the fields: it is only checked to be what it says. */
        pick_list(&pick, "missing", LIMIT_FIELDS, LIMIT_FIELD_VALUE, &missing);
        for (size_t i = 0; i < missing.count; i++)
                if (field_index(form, missing.items[i]) == form->count)
                        pick_fail(&pick, "missing");
        str_list_free(&missing);
        take_whys(&pick, form, ret_person);
        pick_close(parent, &pick);
}

int record_reading_from_json(
    const json_t *json, const struct form *form, struct reading *ret_reading, struct err *err)
{
        struct pick pick = pick_open(json, err);
        struct reading reading = { .field_count = form->count };
        const json_t *people, *person;
        size_t i;

        reading.form = pick_bool(&pick, "form");
        reading.blank = pick_bool(&pick, "blank");
        people = pick_array(&pick, "people", LIMIT_PEOPLE);
        reading.people = xcalloc(json_array_size(people) + 1, sizeof *reading.people);
        json_array_foreach(people, i, person)
        {
                reading.people[i].values = xcalloc(form->count + 1, sizeof *reading.people[i].values);
                reading.people_count = i + 1;
                take_person(&pick, person, form, &reading.people[i]);
        }
        take_labels(&pick, form, &reading);
        pick_list(&pick, "problems", PROBLEMS, PROBLEM_MAX, &reading.problems);
        if (!pick.failed && reading.form && !reading.people_count)
                pick_fail(&pick, "form");
        if (pick.failed) {
                reading_free(&reading);
                return -1;
        }
        *ret_reading = reading;
        return 0;
}
