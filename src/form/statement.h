/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What forms print after the last answer: statements that the applicant signs, places to sign, terms of payment, what a
 * service adds below a copy of the answers. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct sheet;

bool statement_is(const struct sheet *sheet, size_t line);
/* The line opens as an applicant speaks: "Proszę", "Nie jem", "Jestem". */
bool statement_is_personal(const struct sheet *sheet, size_t line);
