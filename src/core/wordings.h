/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The options of a field (choice, yesno, consent) in all the words that mean them. */
#pragma once

#include <stddef.h>

struct field;
struct sheet;

struct wordings {
        struct wording {
                int option;
                char *key; /* owned; folded */
        } * items;
        size_t count, room;
};

size_t wordings_options(const struct field *field);
/* The option's value (index 0) and its labels; NULL after the last. */
const char *wordings_text(const struct field *field, size_t option, size_t index);

/* Every wording of every option, folded once; to be freed. */
struct wordings wordings_of(const struct field *field);
void wordings_free(struct wordings *wordings);
/* The option that begins at the token, the longest wording first; -1: none. ret_end is the token after it. */
int wordings_find(
    const struct wordings *wordings, const struct sheet *sheet, size_t token, size_t end, size_t *ret_end);
