/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a form says about how to answer: "(wstawić X)", "(niepotrzebne skreślić)", "wpisać TAK lub NIE". The crosses
 * and options in it are nobody's answer. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct sheet;

/* The token after the instruction that begins here; the token itself when none does. */
size_t instruction_end(const struct sheet *sheet, size_t token, size_t end);
/* The bracket that opens the instruction which the token closes; the token itself when it closes none. */
size_t instruction_start(const struct sheet *sheet, size_t token, size_t first);
/* Whether an instruction stands among the tokens. */
bool instruction_is_in(const struct sheet *sheet, size_t first, size_t end);
