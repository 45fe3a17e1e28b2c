/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of a form as people read them. */
#include "core/letter_field.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/letter.h"
#include "core/letter_words.h"

char *letter_field_label(const struct event *event, const char *key)
{
        const struct field *field = form_field(&event->form, key);
        const char *label = field && field->labels.count ? field->labels.items[0] : key;
        size_t size = strlen(label);

        while (size > 1 && strchr(": ", label[size - 1]))
                size--;
        return xstrndup(label, size);
}

/* Nine digits after +48: "600 123 456" for a mobile, "74 665 11 11" for an area code. */
static char *polish_phone(const char *n)
{
        static const char *const mobiles[] = { "45", "50", "51", "53", "57", "60", "66", "69", "72", "73",
                "78", "79", "88" };

        for (size_t i = 0; i < sizeof mobiles / sizeof *mobiles; i++)
                if (strncmp(n, mobiles[i], 2) == 0)
                        return xasprintf("+48 %.3s %.3s %.3s", n, n + 3, n + 6);
        return xasprintf("+48 %.2s %.3s %.2s %.2s", n, n + 2, n + 5, n + 7);
}

static char *phone_text(const char *value, const char *language)
{
        const char *extension = strstr(value, ";ext=");
        size_t size = extension ? (size_t)(extension - value) : strlen(value);
        CLEANUP_FREE char *number = NULL;

        if (size == 12 && str_starts(value, "+48"))
                number = polish_phone(value + 3);
        else
                number = xstrndup(value, size);
        if (!extension)
                return xstrdup(number);
        return xasprintf(
            "%s %s %s", number, letter_words(language, "wew.", "ext."), extension + strlen(";ext="));
}

static char *date_text(const char *value, const char *language)
{
        if (strlen(value) != 10 || !str_equal(language, "pl"))
                return xstrdup(value);
        return xasprintf("%.2s.%.2s.%.4s", value + 8, value + 5, value);
}

static char *option_text(const struct field *field, const char *value)
{
        for (size_t i = 0; i < field->option_count; i++)
                if (str_equal(field->options[i].value, value) && field->options[i].labels.count)
                        return xstrdup(field->options[i].labels.items[0]);
        return xstrdup(value);
}

char *letter_field_text(const struct event *event, const char *key, const char *value)
{
        const struct field *field = form_field(&event->form, key);

        switch (field ? field->type : FIELD_TEXT) {
        case FIELD_YESNO:
        case FIELD_CONSENT:
                return xstrdup(str_equal(value, "yes") ? letter_words(event->language, "TAK", "YES")
                                                       : letter_words(event->language, "NIE", "NO"));
        case FIELD_PHONE:
                return phone_text(value, event->language);
        case FIELD_DATE:
                return date_text(value, event->language);
        case FIELD_CHOICE:
                return option_text(field, value);
        default:
                return xstrdup(value);
        }
}

/* "Label: value" with further lines of a value below it, indented. */
void letter_field_add(struct buf *out, const char *indent, const char *label, const char *text)
{
        buf_printf(out, "%s%s: ", indent, label);
        for (; *text; text++) {
                buf_putc(out, *text);
                if (*text == '\n')
                        buf_printf(out, "%s    ", indent);
        }
        buf_putc(out, '\n');
}

void letter_field_add_all(
    struct buf *out, const char *indent, const struct event *event, const struct person *person)
{
        for (size_t i = 0; person && i < event->form.count; i++) {
                const char *key = event->form.fields[i].key, *value = person->values[i].value;

                if (value) {
                        CLEANUP_FREE char *label = letter_field_label(event, key);
                        CLEANUP_FREE char *text = letter_field_text(event, key, value);

                        letter_field_add(out, indent, label, text);
                }
        }
}

const char *letter_field_value(const struct event *event, const struct person *person, const char *key)
{
        for (size_t i = 0; person && i < event->form.count; i++)
                if (str_equal(event->form.fields[i].key, key))
                        return person->values[i].value;
        return NULL;
}

const char *letter_field_name(const struct event *event, const struct person *person)
{
        const struct field *field = form_name_field(&event->form);
        const char *value = field ? letter_field_value(event, person, field->key) : NULL;

        return value ? value : "";
}
