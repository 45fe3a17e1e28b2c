/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/address.h"
#include "core/choice.h"
#include "core/daytext.h"
#include "core/fold.h"
#include "core/form.h"
#include "core/phone.h"

static const char *const type_names[] = {
        [FIELD_NAME] = "name",
        [FIELD_ORGANISATION] = "organisation",
        [FIELD_TEXT] = "text",
        [FIELD_EMAIL] = "email",
        [FIELD_PHONE] = "phone",
        [FIELD_DATE] = "date",
        [FIELD_NUMBER] = "number",
        [FIELD_CHOICE] = "choice",
        [FIELD_YESNO] = "yesno",
        [FIELD_CONSENT] = "consent",
};

enum { TYPES = sizeof type_names / sizeof type_names[0] };

const char *field_type_name(enum field_type type)
{
        return (size_t)type < TYPES ? type_names[type] : "?";
}

int field_type_parse(const char *word, enum field_type *ret_type)
{
        for (size_t i = 0; i < TYPES; i++) {
                if (strcmp(word, type_names[i]) == 0) {
                        *ret_type = (enum field_type)i;
                        return 0;
                }
        }
        return -1;
}

/* ---- one function a type: the written form, owned, or NULL */

/* Cuts at the end of a character, and again what the cut left at the end. */
static void bound(char *text)
{
        size_t size = strlen(text);

        if (size > LIMIT_FIELD_VALUE) {
                size = LIMIT_FIELD_VALUE;
                while (size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80)
                        size--;
        }
        while (size > 0 && (text[size - 1] == ' ' || text[size - 1] == '\n'))
                size--;
        text[size] = '\0';
}

static char *normalise_text(const char *raw)
{
        char *text = fold_spaces(raw);

        bound(text);
        if (fold_has_word(text))
                return text;
        free(text);
        return NULL;
}

static char *normalise_line(const char *raw)
{
        CLEANUP_FREE char *flat = xstrdup(raw);
        char *text;
        size_t size;

        for (char *c = flat; *c != '\0'; c++)
                if (*c == '\n')
                        *c = ' ';
        text = normalise_text(flat);
        for (size = text != NULL ? strlen(text) : 0; size > 0 && strchr(",;: ", text[size - 1]) != NULL;
             size--)
                text[size - 1] = '\0';
        return text;
}

/* Replaces the spoken signs of an address by the signs, and takes blanks and brackets away around the @. */
static char *plain_address(const char *raw)
{
        static const struct {
                const char *said, *sign;
        } signs[] = { { "mailto:", "" }, { "(at)", "@" }, { "[at]", "@" }, { "(malpa)", "@" },
                { "(ma\u0142pa)", "@" }, { "(dot)", "." }, { "[dot]", "." }, { "(kropka)", "." },
                { " @ ", "@" }, { " @", "@" }, { "@ ", "@" } };
        CLEANUP_FREE char *text = fold_spaces(raw);
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);

        for (const char *at = text; *at != '\0';) {
                size_t size = 0;
                for (size_t i = 0; i < sizeof signs / sizeof signs[0] && size == 0; i++) {
                        if (strncasecmp(at, signs[i].said, strlen(signs[i].said)) == 0) {
                                size = strlen(signs[i].said);
                                buf_puts(&out, signs[i].sign);
                        }
                }
                if (size == 0)
                        buf_putc(&out, *at);
                at += size > 0 ? size : 1;
        }
        buf_add(&out, "", 0);
        return buf_detach(&out, NULL);
}

/* Of several addresses the first. */
static char *normalise_email(const char *raw)
{
        static const char around[] = " \n\t<>()[]{},;:\"'|";
        CLEANUP_FREE char *text = plain_address(raw);
        char *save = NULL, *address = NULL;

        for (char *word = strtok_r(text, around, &save); word != NULL; word = strtok_r(NULL, around, &save)) {
                size_t size = strlen(word);
                while (size > 0 && strchr(".,;:!?", word[size - 1]) != NULL)
                        word[--size] = '\0';
                if (strchr(word, '@') == NULL)
                        continue;
                address = address_normalise(word);
                break;
        }
        if (address != NULL && strchr(address_domain(address), '.') != NULL)
                return address;
        free(address);
        return NULL;
}

/* "1 200", "3,5", "12 osób": the first number, with a point and no zeros before or after. */
static char *normalise_number(const char *raw)
{
        CLEANUP_FREE char *text = fold_spaces(raw);
        struct buf out = BUF_INIT(LIMIT_FIELD_VALUE);
        const char *at = text + strcspn(text, "0123456789");
        bool minus = at > text && at[-1] == '-' && (at - 1 == text || at[-2] == ' '), fraction = false;

        for (; *at != '\0'; at++) {
                if (*at >= '0' && *at <= '9')
                        buf_putc(&out, *at);
                else if ((*at == '.' || *at == ',') && !fraction && at[1] >= '0' && at[1] <= '9')
                        fraction = buf_putc(&out, '.') == 0;
                else if (*at != ' ' || fraction || strspn(at + 1, "0123456789") != 3)
                        break;
        }
        while (fraction && out.size > 0 && (out.data[out.size - 1] == '0' || out.data[out.size - 1] == '.')) {
                bool point = out.data[out.size - 1] == '.';
                buf_truncate(&out, out.size - 1);
                if (point)
                        break;
        }
        const char *digits = buf_text(&out);
        while (digits[0] == '0' && digits[1] >= '0' && digits[1] <= '9')
                digits++;
        char *number = *digits != '\0' ? xasprintf("%s%s", minus ? "-" : "", digits) : NULL;
        buf_free(&out);
        return number;
}

static char *normalise(const struct field *field, const char *raw)
{
        switch (field->type) {
        case FIELD_NAME:
        case FIELD_ORGANISATION:
                return normalise_line(raw);
        case FIELD_TEXT:
                return normalise_text(raw);
        case FIELD_EMAIL:
                return normalise_email(raw);
        case FIELD_PHONE:
                return phone_normalise(raw);
        case FIELD_DATE:
                return daytext_normalise(raw);
        case FIELD_NUMBER:
                return normalise_number(raw);
        case FIELD_CHOICE:
        case FIELD_YESNO:
        case FIELD_CONSENT:
                return choice_normalise(field, raw);
        }
        return NULL;
}

int field_normalise(const struct field *field, const char *raw, char **ret_value)
{
        char *value = normalise(field, raw);

        if (value == NULL)
                return -1;
        if (strlen(value) > LIMIT_FIELD_VALUE) {
                free(value);
                return -1;
        }
        *ret_value = value;
        return 0;
}

bool field_is_normal(const struct field *field, const char *value)
{
        CLEANUP_FREE char *again = normalise(field, value);

        return again != NULL && strlen(again) <= LIMIT_FIELD_VALUE && strcmp(again, value) == 0;
}
