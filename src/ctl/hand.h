/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the commands that change a registration have in common. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "registrar/registrar.h"

struct args;
struct err;

/* The operands from that index on, each KEY=VALUE; an empty value removes the field. The array is the
 * caller's to free; its strings live in ret_keys, freed by str_list_free(). */
struct str_list;
int hand_fields(const struct args *args, size_t from, struct hand_field **ret_fields, size_t *ret_count,
    struct str_list *ret_keys, struct err *err);
/* The same as a check of usage. */
int hand_check_fields(const struct args *args, size_t from, struct err *err);
bool hand_quiet(const struct args *args);

#define HAND_QUIET_HELP "  --quiet              no letter to the applicant\n"
