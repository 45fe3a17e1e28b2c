/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/choice.h"
#include "core/daytext.h"
#include "core/email.h"
#include "core/fold.h"
#include "core/form.h"
#include "core/phone.h"
#include "core/word.h"
#include "core/yesno.h"

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

/* "dwie osoby" */
static char *number_in_words(const char *text)
{
        static const struct {
                const char *stem;
                int number;
        } words[] = { { "zero$", 0 }, { "jeden$", 1 }, { "jedna$", 1 }, { "jedno$", 1 }, { "dwa$", 2 },
                { "dwie$", 2 }, { "dwoje$", 2 }, { "dwoch$", 2 }, { "trzy$", 3 }, { "troje$", 3 },
                { "trzech$", 3 }, { "cztery$", 4 }, { "czworo$", 4 }, { "czterech$", 4 }, { "piec$", 5 },
                { "piecioro$", 5 }, { "pieciu$", 5 }, { "szesc$", 6 }, { "szesciu$", 6 }, { "siedem$", 7 },
                { "siedmiu$", 7 }, { "osiem$", 8 }, { "osmiu$", 8 }, { "dziewiec$", 9 }, { "dziewieciu$", 9 },
                { "dziesiec$", 10 }, { "dziesieciu$", 10 }, { "one$", 1 }, { "two$", 2 }, { "three$", 3 } };
        CLEANUP_FREE char *key = fold_key(text);

        key[strcspn(key, " ")] = '\0';
        for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
                const char *const stems[] = { words[i].stem, NULL };
                if (word_has_stem(key, stems))
                        return xasprintf("%d", words[i].number);
        }
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
        char *number = *digits != '\0' ? xasprintf("%s%s", minus ? "-" : "", digits) : number_in_words(text);
        buf_free(&out);
        return number;
}

static char *normalise_yesno(const struct field *field, const char *raw)
{
        switch (yesno_read(raw, field->type == FIELD_CONSENT)) {
        case YESNO_YES:
                return xstrdup("yes");
        case YESNO_NO:
                return xstrdup("no");
        case YESNO_UNKNOWN:
                return NULL;
        case YESNO_OTHER:
                break;
        }
        return choice_normalise(field, raw);
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
                return email_normalise(raw, NULL);
        case FIELD_PHONE:
                return phone_normalise(raw);
        case FIELD_DATE:
                return daytext_normalise(raw);
        case FIELD_NUMBER:
                return normalise_number(raw);
        case FIELD_CHOICE:
                return choice_normalise(field, raw);
        case FIELD_YESNO:
        case FIELD_CONSENT:
                return normalise_yesno(field, raw);
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
