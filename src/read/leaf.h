/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What one MIME part says of itself, and its decoded content. Strings are UTF-8 and the caller's. */
#pragma once

#include <gmime/gmime.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum { LEAF_NAME_MAX = 255 };

char *leaf_type(GMimeObject *object);     /* lower case "text/plain"; "" when absurdly long */
char *leaf_filename(GMimeObject *object); /* "" when it has none; of a long one the end is kept */
char *leaf_charset(GMimeObject *object);  /* the charset parameter, or NULL */
bool leaf_parameter_is(GMimeObject *object, const char *name, const char *value);
int64_t leaf_size(GMimeObject *leaf); /* decoded bytes */
/* Decoded bytes; ret_bytes must be empty. -1 when there are more than its maximum: those before are there. */
int leaf_content(GMimeObject *leaf, struct buf *ret_bytes);
/* Decoded text as UTF-8. ret_cut: there was more than LIMIT_DOC_TEXT. */
char *leaf_text(GMimeObject *leaf, bool html, bool *ret_cut);
