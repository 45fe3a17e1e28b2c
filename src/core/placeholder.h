/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a form prints where an answer is to stand. */
#pragma once

#include <stdbool.h>

struct field;

/* "Kliknij, aby wprowadzić tekst", "(pełna nazwa)", "[imię i nazwisko]", "np. Jan Kowalski", the label once more. */
bool placeholder_is(const struct field *field, const char *text);
