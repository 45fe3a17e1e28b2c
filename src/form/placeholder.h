/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a form prints where an answer is to stand. */
#pragma once

#include <stdbool.h>

struct field;

/* "Kliknij, aby wprowadzić tekst", "(pełna nazwa)", "[imię i nazwisko]", "np. Jan Kowalski", the label once more. */
bool placeholder_is(const struct field *field, const char *text);
/* Takes the words that a word processor shows in an empty control off either end of an answer beside them. */
void placeholder_take_off(char *text);
/* Past the forms of address that are printed to choose from before a name: "Pan/Pani* Jan Lis". */
const char *placeholder_past_address(const char *text);
