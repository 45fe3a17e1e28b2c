/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A letter as outbox and why tell of it. */
#pragma once

#include <jansson.h>

struct ctl;
struct store_letter;

json_t *outbox_json(const struct ctl *ctl, const struct store_letter *letter); /* PRODUCT.md 3 */
/* A letter that the coordinator dropped shows as failed. Borrowed. */
const char *outbox_state(const struct store_letter *letter);
char *outbox_trouble(const struct ctl *ctl, const struct store_letter *letter); /* that, or how it came back;
                                                                                 * owned */
const char *outbox_error(const struct store_letter *letter);                    /* "" when none */
