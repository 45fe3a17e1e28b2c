/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One registration, as list, show and the coordinator's commands tell of it. */
#pragma once

#include <jansson.h>

#include "core/form.h"

struct ctl;
struct err;
struct store_registration;
struct store_registration_list;

json_t *row_json(const struct ctl *ctl, const struct store_registration *registration); /* PRODUCT.md 3 */
/* The first value of that type, by its event's form; NULL when there is none. Borrowed. */
const char *row_value(
    const struct ctl *ctl, const struct store_registration *registration, enum field_type type);
/* As typed, in any case. ERR_INPUT when there is none. */
int row_find(
    const struct ctl *ctl, const char *typed, struct store_registration *ret_registration, struct err *err);
/* "MW-7K3M: accepted, a seat", or its JSON: what a command that changed it says. */
int row_say(struct ctl *ctl, const char *ref, struct err *err);
char *row_standing(const struct store_registration *registration); /* "waitlisted, number 3"; owned */
void row_table(struct ctl *ctl, const struct store_registration_list *list);
void row_csv(struct ctl *ctl, const struct store_registration_list *list);
