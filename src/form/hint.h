/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What makers of forms write where the answer goes: the rest of a question, instructions, examples. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "core/choice.h"
#include "core/form.h"

struct sheet;

/* Past the rest of the question that stands behind a label: "... reprezentuje? Prosimy o podanie pełnej nazwy.";
 * asked: the label itself ended in "?". The token "after" when there is none. */
size_t hint_past_question(
    const struct sheet *sheet, enum field_type type, bool asked, size_t after, size_t end);
/* Takes instructions and examples off the front of an answer; the count of spans that are left. Where nothing else
 * stands there none is left. */
size_t hint_take_off(const struct sheet *sheet, enum field_type type, struct span *spans, size_t count);
/* Whether these words of the blank form, before an answer, are no part of it ("woj." is one). */
bool hint_is_printed(const char *key);
