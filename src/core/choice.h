/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which option was chosen: by a ticked box, a cross, a struck, deleted, underlined or bold option, or in
 * words. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct field;
struct sheet;

struct span {
        size_t first, end; /* of sheet.tokens */
};

struct choice {
        const char *value; /* borrowed from the field, or "yes" and "no"; NULL: nothing chosen */
        double confidence; /* of the value; at most 0.5 when the marks contradict each other */
        bool weak;         /* "no" only because a box is not ticked: as in the blank form */
        bool offered;      /* options or boxes were there */
        bool worded;       /* a consent: "wyrażam / nie wyrażam" */
};

/* Choice, yesno and consent. Spans are lines, in order. */
void choice_read(const struct field *field, const struct sheet *sheet, const struct span *spans, size_t count,
    struct choice *ret_choice);
/* Whether the tokens are nothing but wordings of options: "wyrażam / nie wyrażam". */
bool choice_is_options(const struct field *field, const struct sheet *sheet, const struct span *span);
/* A raw answer without marks: the value, owned, or NULL. */
char *choice_normalise(const struct field *field, const char *raw);
