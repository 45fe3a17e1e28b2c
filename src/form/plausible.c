/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/plausible.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "core/email.h"
#include "core/fold.h"
#include "core/form.h"
#include "core/name.h"
#include "core/word.h"
#include "form/glue.h"

enum {
        NAME_WORDS_MAX = 6,
        LINE_WORDS_MAX = 3, /* of a name over several lines */
        PHONE_DIGITS = 15   /* E.164 6 */
};

#define HALF_NAME 0.75 /* a first name or a surname without the other */

/* "Jan i Ewa Lis" */
static bool names_several(const char *value)
{
        return strstr(value, " i ") != NULL || strstr(value, " oraz ") != NULL ||
               strstr(value, " and ") != NULL || strchr(value, '&') != NULL;
}

/* Longest run of digits, blanks left out when the run is a telephone's. */
static size_t longest_run(const char *text)
{
        size_t longest = 0;

        for (; *text != '\0'; text++) {
                size_t run = strspn(text, "0123456789");
                longest = run > longest ? run : longest;
        }
        return longest;
}

/* "10-12" */
static bool is_range(const char *text)
{
        const char *first = strpbrk(text, "0123456789");
        const char *rest = first != NULL ? first + strspn(first, "0123456789") : "";

        rest += strspn(rest, " ");
        return (*rest == '-' || strncmp(rest, "\u2013", 3) == 0) && strpbrk(rest, "0123456789") != NULL;
}

/* "mama: 600 100 200": somebody else answers there. */
static bool is_of_other(const char *text)
{
        static const char *const others[] = { "mama$", "mamy$", "matk", "tata$", "taty$", "ojciec$", "ojca$",
                "cork", "syn$", "syna$", "zona$", "zony$", "maz$", "meza$", NULL };
        CLEANUP_FREE char *before = xstrndup(text, strcspn(text, "0123456789"));
        CLEANUP_FREE char *key = fold_key(before);
        char *save = NULL;

        for (char *word = strtok_r(key, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
                if (word_has_stem(word, others))
                        return true;
        return false;
}

/* Whether the written form says no more than the applicant wrote. */
static bool is_clear(enum field_type type, const char *text, const char *value)
{
        CLEANUP_FREE char *address = NULL;
        bool clear = true;

        switch (type) {
        case FIELD_EMAIL:
                address = email_normalise(text, &clear);
                return clear;
        case FIELD_PHONE:
                return longest_run(text) <= PHONE_DIGITS &&
                       !is_of_other(text); /* two written as one number */
        case FIELD_DATE: {
                char year[] = { value[0], value[1], value[2], value[3], '\0' };
                return strstr(text, year) != NULL; /* not "8.04.19" */
        }
        case FIELD_NUMBER:
                return !is_range(text);
        default:
                return true;
        }
}

static bool has_label_word(const struct field *field, const char *const *stems)
{
        for (size_t i = 0; i < field->labels.count; i++) {
                CLEANUP_FREE char *key = fold_key(field->labels.items[i]);
                char *save = NULL;

                for (char *word = strtok_r(key, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
                        if (word_has_stem(word, stems))
                                return true;
        }
        return false;
}

/* Half a name is all that is asked: the surname, or what another field asks the first name for. */
static bool asks_one_word(const struct form *form, const struct field *field)
{
        static const char *const first[] = { "imie$", "imion$", "imiona$", "first$", "given$", "forename",
                NULL };
        static const char *const last[] = { "nazwisk", "surname", "last$", "family$", NULL };

        if (has_label_word(field, first))
                return false;
        if (has_label_word(field, last))
                return true;
        for (size_t i = 0; i < form->count; i++)
                if (&form->fields[i] != field && form->fields[i].type == FIELD_TEXT &&
                    has_label_word(&form->fields[i], first) && !has_label_word(&form->fields[i], last))
                        return true;
        return false;
}

/* "180 zł" where nobody asked for money. */
static bool is_price(const struct field *field, const char *text)
{
        static const char *const money[] = { "kwot", "cen$", "cena$", "ceny$", "koszt", "oplat", "wynagrodz",
                "dochod", "przychod", "budzet", "wartos", "wysokos", "stawk", "wplat", "skladk", "dotacj",
                "zl$", "pln$", NULL };

        return field->type == FIELD_NUMBER && (strstr(text, "zł") != NULL || strstr(text, "PLN") != NULL) &&
               !has_label_word(field, money);
}

/* "..Ropie..": dots to write on, of which too few were left to be told from an answer's. */
static bool has_dots(const char *text)
{
        for (const char *c = strstr(text, ".."); c != NULL; c = strstr(c, "..")) {
                size_t size = strspn(c, ".");

                if (size == 2)
                        return true;
                c += size;
        }
        return false;
}

/* Names are believed when they look like the name of one person; other words when no line end is lost. */
double plausible_value(
    const struct form *form, const struct field *field, const char *text, const char *value)
{
        size_t words = 1;

        if (field->type == FIELD_TEXT && glue_is_likely(value))
                return 0.7;
        if (!is_clear(field->type, text, value) || is_price(field, text))
                return 0.6;
        if ((field->type == FIELD_NAME || field->type == FIELD_ORGANISATION) && has_dots(value))
                return 0.7;
        if (field->type != FIELD_NAME)
                return 1;
        for (const char *c = value; *c != '\0'; c++)
                words += *c == ' ';
        if (strpbrk(value, "0123456789@:?,;") != NULL || words > NAME_WORDS_MAX || names_several(value) ||
            !name_is_single(value) || (words > LINE_WORDS_MAX && strchr(text, '\n') != NULL))
                return 0.6;
        return words > 1 || asks_one_word(form, field) ? 1 : HALF_NAME;
}
