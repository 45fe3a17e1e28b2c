/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/rtf_field.h"

#include <stdlib.h>
#include <string.h>

enum { NONE_CHOSEN = 25 };

void rtf_field_init(struct rtf_field *ret_field, int level)
{
        memset(ret_field, 0, sizeof *ret_field);
        ret_field->level = level;
        ret_field->chosen = NONE_CHOSEN;
        ret_field->standard_choice = -1;
}

enum rtf_field_kind rtf_field_kind(const struct rtf_field *field)
{
        if (strstr(field->instruction, "FORMTEXT"))
                return RTF_FIELD_TEXT;
        if (strstr(field->instruction, "FORMCHECKBOX"))
                return RTF_FIELD_CHECK;
        if (strstr(field->instruction, "FORMDROPDOWN"))
                return RTF_FIELD_LIST;
        return strstr(field->instruction, "SYMBOL ") ? RTF_FIELD_SYMBOL : RTF_FIELD_OTHER;
}

static int choice(const struct rtf_field *field)
{
        return field->chosen == NONE_CHOSEN ? field->standard_choice : field->chosen;
}

bool rtf_field_checked(const struct rtf_field *field)
{
        return choice(field) == 1;
}

bool rtf_field_is_lost(const struct rtf_field *field)
{
        return choice(field) < 0;
}

const char *rtf_field_choice(const struct rtf_field *field)
{
        int chosen = choice(field);

        return chosen >= 0 && chosen < field->entry_count ? field->entries[chosen].text : "";
}

unsigned rtf_field_symbol(const struct rtf_field *field, int *ret_font)
{
        const char *at = strstr(field->instruction, "SYMBOL ");
        unsigned long code = at ? strtoul(at + strlen("SYMBOL "), NULL, 0) : 0;

        *ret_font = strstr(field->instruction, "Wingdings 2") ? 2
                    : strstr(field->instruction, "Wingdings") ? 1
                                                              : 0;
        return code <= 0xFFFF ? (unsigned)code : 0;
}

void rtf_field_add(char *array, size_t room, size_t *size, const char *text)
{
        size_t more = strlen(text);

        if (more >= room - *size)
                return;
        memcpy(array + *size, text, more + 1);
        *size += more;
}
