/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/person.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "core/fold.h"
#include "core/form.h"
#include "form/answer.h"

enum { FORM_LABELS = 3, GROUPS_MAX = 4 * LIMIT_PEOPLE, PREFILLED_MAX = 1 };

#define CONTRADICTORY 0.5
#define SHARED 0.85        /* said once for several people */
#define SHARED_CONSENT 0.7 /* nobody consents for another */
#define ELSEWHERE 0.6      /* where the place that asks for it is empty */
#define HALF_NAME 0.75     /* a first name or a surname without the other */

/* ---- order and names */

static int compare_lines(const void *a, const void *b)
{
        const struct answer *left = *(const struct answer *const *)a,
                            *right = *(const struct answer *const *)b;

        if (left->line != right->line)
                return left->line < right->line ? -1 : 1;
        return left < right ? -1 : left > right;
}

static void sort_answers(struct answers *answers)
{
        struct answer **order = xcalloc(answers->count + 1, sizeof *order);
        struct answer *sorted = xcalloc(answers->count + 1, sizeof *sorted);

        for (size_t i = 0; i < answers->count; i++)
                order[i] = &answers->items[i];
        qsort(order, answers->count, sizeof *order, compare_lines);
        for (size_t i = 0; i < answers->count; i++)
                sorted[i] = *order[i];
        free(order);
        free(answers->items);
        answers->items = sorted;
        answers->room = answers->count + 1;
}

static bool is_half(const struct answer *answer)
{
        return answer->part != LABEL_WHOLE && answer->value != NULL;
}

/* "Imię: Jan", "Nazwisko: Kowalski": the two become one name, where the first of them stood. */
static void join_halves(struct answers *answers)
{
        for (size_t i = 0; i < answers->count; i++) {
                struct answer *half = &answers->items[i], *other = NULL;
                if (!is_half(half))
                        continue;
                for (size_t k = i + 1; k < answers->count && other == NULL; k++) {
                        if (!is_half(&answers->items[k]) || answers->items[k].person != half->person)
                                continue;
                        if (answers->items[k].part == half->part)
                                break;
                        other = &answers->items[k];
                }
                if (other == NULL) {
                        half->confidence = half->confidence < HALF_NAME ? half->confidence : HALF_NAME;
                        half->part = LABEL_WHOLE;
                        continue;
                }
                bool surname_first = half->part == LABEL_SURNAME;
                char *name = xasprintf("%s %s", surname_first ? other->value : half->value,
                    surname_first ? half->value : other->value);
                free(half->value);
                free(other->value);
                half->value = name;
                half->part = LABEL_WHOLE;
                other->value = NULL;
                half->confidence =
                    half->confidence < other->confidence ? half->confidence : other->confidence;
        }
}

/* ---- whose answer is whose: each gets a group; group 0 is for all */

struct assembly {
        const struct scan *scan;
        const struct form *form;
        struct answers *answers;
        int *groups;     /* one an answer */
        int group_count; /* highest group */
        bool listed;     /* in rows or numbered sections: a name is enough to be somebody */
        size_t name;     /* the name's field, or LABEL_NONE */
};

static const struct answer *at(const struct assembly *assembly, size_t i)
{
        return &assembly->answers->items[i];
}

static bool is_value(const struct answer *answer)
{
        return answer->value != NULL && !answer->weak;
}

static size_t count_values(const struct assembly *assembly, size_t field)
{
        size_t count = 0;

        for (size_t i = 0; i < assembly->answers->count; i++)
                count += at(assembly, i)->field == field && is_value(at(assembly, i));
        return count;
}

static size_t count_labels(const struct assembly *assembly, size_t field)
{
        size_t count = 0;

        for (size_t i = 0; i < assembly->answers->count; i++)
                count += at(assembly, i)->field == field;
        return count;
}

static size_t first_field(const struct assembly *assembly)
{
        for (size_t i = 0; i < assembly->answers->count; i++)
                if (is_value(at(assembly, i)))
                        return at(assembly, i)->field;
        return LABEL_NONE;
}

/* Where a new person begins: at each name, or, where another field comes first as often, at that. */
static void group_by_name(struct assembly *assembly)
{
        size_t names = count_values(assembly, assembly->name), first = first_field(assembly);
        size_t start = first != LABEL_NONE && count_values(assembly, first) == names ? first : assembly->name;
        int group = 0;

        for (size_t i = 0; i < assembly->answers->count; i++) {
                if (at(assembly, i)->field == start && is_value(at(assembly, i)) && group < GROUPS_MAX)
                        group++;
                assembly->groups[i] = group;
        }
        assembly->group_count = group;
}

/* A table with a person a row or a column, numbered sections; who has no name is nobody. */
static void group_by_row(struct assembly *assembly)
{
        int last = 0;

        for (size_t i = 0; i < assembly->answers->count; i++)
                last = at(assembly, i)->person > last ? at(assembly, i)->person : last;
        int *group_of = xcalloc((size_t)last + 1, sizeof *group_of);
        for (size_t i = 0; i < assembly->answers->count; i++) {
                const struct answer *answer = at(assembly, i);
                if (answer->field == assembly->name && is_value(answer) && answer->person > 0)
                        group_of[answer->person] = 1;
        }
        for (int person = 1; person <= last; person++)
                group_of[person] =
                    group_of[person] && assembly->group_count < GROUPS_MAX ? ++assembly->group_count : -1;
        for (size_t i = 0; i < assembly->answers->count; i++)
                if (at(assembly, i)->person > 0)
                        assembly->groups[i] = group_of[at(assembly, i)->person];
        free(group_of);
        if (assembly->group_count > 1)
                return;
        for (size_t i = 0; i < assembly->answers->count; i++) /* one person: all is theirs */
                if (assembly->groups[i] == 0)
                        assembly->groups[i] = 1;
        assembly->group_count = 1;
}

static void group(struct assembly *assembly)
{
        for (size_t i = 0; i < assembly->answers->count; i++)
                assembly->listed = assembly->listed || at(assembly, i)->person > 0;
        if (assembly->listed) {
                group_by_row(assembly);
        } else if (assembly->name != LABEL_NONE && count_values(assembly, assembly->name) > 1) {
                group_by_name(assembly);
        } else {
                for (size_t i = 0; i < assembly->answers->count; i++)
                        assembly->groups[i] = 1;
                assembly->group_count = assembly->answers->count > 0;
        }
}

/* ---- groups that are no people: a guardian's name, a signature */

static size_t values_in(const struct assembly *assembly, int number)
{
        size_t count = 0;

        for (size_t field = 0; field < assembly->form->count; field++)
                for (size_t i = 0; i < assembly->answers->count; i++)
                        if (assembly->groups[i] == number && at(assembly, i)->field == field &&
                            is_value(at(assembly, i)) && !at(assembly, i)->bare) {
                                count++;
                                break;
                        }
        return count;
}

static void dissolve(struct assembly *assembly, int number, int into)
{
        for (size_t i = 0; i < assembly->answers->count; i++) {
                if (assembly->groups[i] == number)
                        assembly->groups[i] = into;
                else if (assembly->groups[i] > number)
                        assembly->groups[i]--;
        }
        assembly->group_count--;
}

/* A repeated name alone makes no second person. */
static void dissolve_small(struct assembly *assembly)
{
        size_t shared = values_in(assembly, 0);

        for (int number = assembly->group_count; number > 1; number--) {
                size_t own = values_in(assembly, number);
                if (own < 2 || own + shared < FORM_LABELS)
                        dissolve(assembly, number, number - 1);
        }
}

/* ---- one person */

static void copy_value(const struct assembly *assembly, const struct answer *answer, double most,
    struct reading_value *ret_value)
{
        ret_value->value = xstrdup(answer->value);
        ret_value->confidence = answer->confidence < most ? answer->confidence : most;
        ret_value->where = sheet_place(&assembly->scan->sheet, answer->line);
}

/* The participant's own place for it was left empty: what stands elsewhere may be an organiser's. */
static bool is_left_empty(const struct assembly *assembly, const struct answer *answer, int number)
{
        enum field_type type = assembly->form->fields[answer->field].type;

        if ((type != FIELD_PHONE && type != FIELD_EMAIL) || answer->label.end == answer->label.first)
                return false;
        for (size_t i = 0; i < assembly->answers->count; i++) {
                const struct answer *other = at(assembly, i);

                if (assembly->groups[i] == number && other->field == answer->field && other->value == NULL &&
                    *other->raw == '\0' && other->line != answer->line)
                        return true;
        }
        return false;
}

/* The first value, the surer of two that say the same; two that differ are for a person to judge. */
static void choose(
    const struct assembly *assembly, size_t field, int number, double most, struct reading_value *value)
{
        const struct answer *best = NULL, *weak = NULL;
        bool contradictory = false;

        for (size_t i = 0; i < assembly->answers->count; i++) {
                const struct answer *answer = at(assembly, i);
                if (assembly->groups[i] != number || answer->field != field || answer->value == NULL)
                        continue;
                if (answer->weak) {
                        weak = weak != NULL ? weak : answer;
                        continue;
                }
                contradictory = contradictory || (best != NULL && strcmp(best->value, answer->value) != 0);
                if (best == NULL || (!contradictory && answer->confidence > best->confidence))
                        best = answer;
        }
        if (best != NULL && is_left_empty(assembly, best, number) && most > ELSEWHERE)
                most = ELSEWHERE;
        if (best != NULL)
                copy_value(assembly, best, contradictory ? CONTRADICTORY : most, value);
        else if (weak != NULL)
                copy_value(assembly, weak, most, value);
}

/* The organisation asked once, behind several people's answers, is all people's. */
static void share_only(const struct assembly *assembly, size_t field, struct reading_value *value)
{
        const struct answer *only = NULL;

        for (size_t i = 0; i < assembly->answers->count; i++) {
                if (at(assembly, i)->field != field)
                        continue;
                if (only != NULL)
                        return;
                only = at(assembly, i);
        }
        if (only != NULL && is_value(only) &&
            assembly->groups[only - assembly->answers->items] == assembly->group_count)
                copy_value(assembly, only, SHARED, value);
}

/* Consent given once, at the end of several people's answers. */
static bool is_last_word(const struct assembly *assembly, size_t field)
{
        for (int number = 1; number < assembly->group_count; number++)
                for (size_t i = 0; i < assembly->answers->count; i++)
                        if (assembly->groups[i] == number && at(assembly, i)->field == field &&
                            at(assembly, i)->value != NULL)
                                return false;
        return true;
}

/* "OSP Łęki" as the organisation and as the name: whose name it is, a person says. */
static void doubt_name(const struct assembly *assembly, struct person *person)
{
        struct reading_value *name;

        if (assembly->name == LABEL_NONE)
                return;
        name = &person->values[assembly->name];
        for (size_t i = 0; i < assembly->form->count && name->value != NULL; i++)
                if (assembly->form->fields[i].type == FIELD_ORGANISATION && person->values[i].value != NULL &&
                    name->confidence > CONTRADICTORY && fold_equal(name->value, person->values[i].value))
                        name->confidence = CONTRADICTORY;
}

static void fill_person(const struct assembly *assembly, int number, struct person *person)
{
        const struct form *form = assembly->form;

        person->values = xcalloc(form->count > 0 ? form->count : 1, sizeof *person->values);
        for (size_t field = 0; field < form->count; field++) {
                struct reading_value *value = &person->values[field];
                bool consent = form->fields[field].type == FIELD_CONSENT;
                bool several = assembly->group_count > 1;
                bool shared = consent && several && is_last_word(assembly, field);
                choose(assembly, field, number, shared ? SHARED_CONSENT : 1, value);
                if (value->value == NULL && field != assembly->name)
                        choose(assembly, field, 0, consent ? SHARED_CONSENT : SHARED, value);
                if (value->value == NULL && several && form->fields[field].type == FIELD_ORGANISATION)
                        share_only(assembly, field, value);
                if (value->value == NULL && shared)
                        choose(assembly, field, assembly->group_count, SHARED_CONSENT, value);
        }
        doubt_name(assembly, person);
}

static bool has_real_value(const struct assembly *assembly, bool bare_counts)
{
        for (size_t i = 0; i < assembly->answers->count; i++)
                if (is_value(at(assembly, i)) && (bare_counts || !at(assembly, i)->bare))
                        return true;
        return false;
}

/* Printed for all and ticked or filled in before anybody got the form: a consent, or one thing of which nobody is
 * known by, while the name is asked and not given. */
static bool is_prefilled(const struct assembly *assembly)
{
        size_t others = 0;

        for (size_t i = 0; i < assembly->answers->count; i++) {
                const struct answer *answer = at(assembly, i);
                enum field_type type = assembly->form->fields[answer->field].type;
                if (!is_value(answer) || type == FIELD_CONSENT)
                        continue;
                if (type != FIELD_TEXT && type != FIELD_CHOICE && type != FIELD_YESNO)
                        return false;
                others++;
        }
        return others <= PREFILLED_MAX;
}

static size_t labels_seen(const struct assembly *assembly)
{
        size_t count = 0;

        for (size_t field = 0; field < assembly->form->count; field++)
                for (size_t i = 0; i < assembly->answers->count; i++)
                        if (at(assembly, i)->field == field) {
                                count++;
                                break;
                        }
        return count;
}

static void add_people(const struct assembly *assembly, struct reading *reading)
{
        size_t count = assembly->group_count > 0 ? (size_t)assembly->group_count : 0;

        if (count > LIMIT_PEOPLE) {
                str_list_add(&reading->problems, READING_MORE_PEOPLE);
                count = LIMIT_PEOPLE;
        }
        reading->people = xcalloc(count > 0 ? count : 1, sizeof *reading->people);
        reading->people_count = count;
        for (size_t i = 0; i < count; i++)
                fill_person(assembly, (int)i + 1, &reading->people[i]);
}

void person_assemble(struct scan *scan, struct reading *reading)
{
        const struct field *name = form_name_field(scan->form);
        struct assembly assembly = { .scan = scan, .form = scan->form, .answers = &scan->answers };
        size_t seen, enough = scan->form->count < FORM_LABELS ? scan->form->count : FORM_LABELS;

        sort_answers(&scan->answers);
        join_halves(&scan->answers);
        assembly.name = name != NULL ? (size_t)(name - scan->form->fields) : LABEL_NONE;
        assembly.groups = xcalloc(scan->answers.count + 1, sizeof *assembly.groups);
        seen = labels_seen(&assembly);
        if (has_real_value(&assembly, seen < enough) &&
            !(seen >= enough && count_labels(&assembly, assembly.name) > 0 && is_prefilled(&assembly))) {
                group(&assembly);
                if (!assembly.listed)
                        dissolve_small(&assembly);
                add_people(&assembly, reading);
                reading->form = reading->people_count > 0 &&
                                (scan->is_copy || reading_person_is_form(scan->form, &reading->people[0]));
        } else {
                reading->blank = seen >= enough && seen > 0;
        }
        free(assembly.groups);
}
