/* SPDX-License-Identifier: GPL-3.0-or-later */
/* An event's form: its fields, their labels and options. */
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/option.h"
#include "config/parts.h"
#include "core/fold.h"
#include "core/form.h"

enum { KEY_LENGTH = 32 };

struct draft {
        char *key, *type;
        bool required;
        struct str_list labels;
};

static void check_key(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        if (*text == '\0' || strlen(text) > KEY_LENGTH ||
            text[strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789_-")])
                option_error(reader, setting, "key \"%s\" must be 1 to %d of a-z, 0-9, \"_\" and \"-\"", text,
                    (int)KEY_LENGTH);
}

static void check_type(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        enum field_type type;

        if (field_type_parse(text, &type) < 0)
                option_error(reader, setting,
                    "type must be one of name|organisation|text|email|phone|date|number|choice|yesno|consent,"
                    " in quotes");
}

static const struct option field_options[] = {
        { .path = "key",
            .type = OPTION_TEXT,
            .offset = offsetof(struct draft, key),
            .required = true,
            .check = check_key },
        { .path = "type",
            .type = OPTION_TEXT,
            .offset = offsetof(struct draft, type),
            .required = true,
            .check = check_type },
        { .path = "required", .type = OPTION_BOOL, .offset = offsetof(struct draft, required) },
        { .path = "labels",
            .type = OPTION_TEXTS,
            .offset = offsetof(struct draft, labels),
            .required = true },
        { .path = "options", .type = OPTION_OTHER },
};

static const struct option choice_options[] = {
        { .path = "value",
            .type = OPTION_TEXT,
            .offset = offsetof(struct field_option, value),
            .required = true,
            .check = option_check_filled },
        { .path = "labels", .type = OPTION_TEXTS, .offset = offsetof(struct field_option, labels) },
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Whether the setting is a list of groups; says so when it is not. */
static bool is_list(
    struct option_reader *reader, const config_setting_t *setting, const char *where, const char *name)
{
        if (!config_setting_is_list(setting)) {
                option_error(
                    reader, setting, "%s%s must be a list of groups: ( { ... }, { ... } )", where, name);
                return false;
        }
        for (int i = 0; i < config_setting_length(setting); i++) {
                const config_setting_t *item = config_setting_get_elem(setting, (unsigned)i);

                if (!config_setting_is_group(item)) {
                        option_error(reader, item, "%s%s: each must be a group: { ... }", where, name);
                        return false;
                }
        }
        return true;
}

/* ---- one field */
static bool same_words(const struct str_list *a, const struct str_list *b, const char **ret_word)
{
        for (size_t i = 0; i < a->count; i++)
                for (size_t j = 0; j < b->count; j++)
                        if (fold_equal(a->items[i], b->items[j])) {
                                *ret_word = b->items[j];
                                return true;
                        }
        return false;
}

static void check_words(struct option_reader *reader, const config_setting_t *setting, const char *where,
    const struct str_list *labels)
{
        for (size_t i = 0; i < labels->count; i++) {
                CLEANUP_FREE char *key = fold_key(labels->items[i]);

                if (*key == '\0')
                        option_error(reader, setting, "%sthe label \"%s\" has no letter in it", where,
                            labels->items[i]);
        }
}

static void read_choices(
    struct option_reader *reader, config_setting_t *list, const char *where, struct field *field)
{
        const char *word;
        size_t count;

        if (!is_list(reader, list, where, "options"))
                return;
        count = (size_t)config_setting_length(list);
        field->options = xcalloc(count, sizeof *field->options);
        for (size_t i = 0; i < count; i++) {
                config_setting_t *item = config_setting_get_elem(list, (unsigned)i);
                struct field_option *option = &field->options[i];

                field->option_count++;
                option_read(reader, item, where, choice_options, COUNT(choice_options), option, NULL);
                if (option->labels.count == 0 && *option->value)
                        str_list_add(&option->labels, option->value);
                check_words(reader, item, where, &option->labels);
                for (size_t j = 0; j < i; j++) {
                        if (str_equal(field->options[j].value, option->value))
                                option_error(reader, item, "%stwo options with the value \"%s\"", where,
                                    option->value);
                        else if (same_words(&field->options[j].labels, &option->labels, &word))
                                option_error(
                                    reader, item, "%stwo options with the label \"%s\"", where, word);
                }
        }
}

static void check_choices(struct option_reader *reader, config_setting_t *item, const char *where,
    const char *type, struct field *field)
{
        config_setting_t *list = config_setting_get_member(item, "options");

        if (list && field->type != FIELD_CHOICE)
                option_error(
                    reader, list, "%soptions are for type \"choice\" only, this is \"%s\"", where, type);
        else if (list)
                read_choices(reader, list, where, field);
        if (field->type == FIELD_CHOICE && (!list || config_setting_length(list) == 0))
                option_error(reader, list ? list : item, "%sa choice needs options", where);
}

static void read_field(
    struct option_reader *reader, config_setting_t *item, int number, struct field *ret_field)
{
        struct draft draft = { 0 };
        config_setting_t *labels = config_setting_get_member(item, "labels");
        CLEANUP_FREE char *where = xasprintf("field %d: ", number);

        option_read(reader, item, where, field_options, COUNT(field_options), &draft, NULL);
        *ret_field = (struct field){ .key = draft.key, .required = draft.required, .labels = draft.labels };
        if (labels && config_setting_is_aggregate(labels) && config_setting_length(labels) == 0)
                option_error(reader, labels, "%sa field needs a label", where);
        check_words(reader, labels ? labels : item, where, &ret_field->labels);
        if (field_type_parse(draft.type, &ret_field->type) == 0)
                check_choices(reader, item, where, draft.type, ret_field);
        free(draft.type);
}

/* ---- fields among each other */
static void check_against(struct option_reader *reader, config_setting_t *item, const struct field *before,
    const struct field *field)
{
        config_setting_t *key = config_setting_get_member(item, "key");
        config_setting_t *labels = config_setting_get_member(item, "labels");
        const char *word;

        if (*field->key && str_equal(before->key, field->key))
                option_error(reader, key, "two fields with the key \"%s\"", field->key);
        else if (same_words(&before->labels, &field->labels, &word))
                option_error(reader, labels, "the label \"%s\" belongs to the fields \"%s\" and \"%s\"", word,
                    before->key, field->key);
}

void fields_read(struct option_reader *reader, config_setting_t *fields, struct form *ret_form)
{
        int count;

        if (!fields || !is_list(reader, fields, "", "form.fields"))
                return;
        count = config_setting_length(fields);
        if (count > LIMIT_FIELDS) {
                option_error(reader, fields, "form.fields: %d fields, at most %d", count, (int)LIMIT_FIELDS);
                return;
        }
        ret_form->fields = xcalloc((size_t)count, sizeof *ret_form->fields);
        for (int i = 0; i < count; i++) {
                config_setting_t *item = config_setting_get_elem(fields, (unsigned)i);

                read_field(reader, item, i + 1, &ret_form->fields[i]);
                ret_form->count++;
                for (int j = 0; j < i; j++)
                        check_against(reader, item, &ret_form->fields[j], &ret_form->fields[i]);
        }
        if (!form_name_field(ret_form))
                option_error(reader, fields, "form.fields: one field must be of type \"name\"");
}
