/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A field of an RTF document while it is being read: its instruction ("FORMCHECKBOX", "SYMBOL 254"), and what its
 * form field holds. Bounded: what is longer is cut. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum rtf_field_kind { RTF_FIELD_OTHER, RTF_FIELD_TEXT, RTF_FIELD_CHECK, RTF_FIELD_LIST, RTF_FIELD_SYMBOL };

struct rtf_field {
        int level; /* of the group that it is */
        size_t instruction_size, name_size, standard_size;
        char instruction[128], name[128], standard[128];
        int entry_count;
        struct {
                size_t size;
                char text[128];
        } entries[25];
        int chosen, standard_choice; /* \ffres and \ffdefres; 25 and -1: none */
};

void rtf_field_init(struct rtf_field *ret_field, int level);
enum rtf_field_kind rtf_field_kind(const struct rtf_field *field);
bool rtf_field_checked(const struct rtf_field *field);
/* Some programs write boxes without saying whether they are ticked. */
bool rtf_field_is_lost(const struct rtf_field *field);
const char *rtf_field_choice(const struct rtf_field *field); /* "" when none is */
/* SYMBOL: the character's code, and 0 no symbol font, 1 Wingdings, 2 Wingdings 2. */
unsigned rtf_field_symbol(const struct rtf_field *field, int *ret_font);
/* Adds text to one of the fixed arrays. */
void rtf_field_add(char *array, size_t room, size_t *size, const char *text);
