/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/core only: a parsed template. */
#pragma once

#include <stddef.h>

struct letter_piece { /* text before a place, then the place; the last of a line may have none */
        char *text;
        int place; /* of enum letter_place, or -1 */
};

struct letter_line {
        struct letter_piece *pieces;
        size_t count;
};

struct letter_template {
        struct letter_line *lines; /* the first is the subject */
        size_t count;
};
