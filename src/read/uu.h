/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that stand uuencoded in a text ("begin 644 name" ... "end": POSIX uuencode). */
#pragma once

#include <stddef.h>

#include "base/buf.h"

enum { UU_FILES = 20 };

struct uu_file {
        char *name; /* owned, UTF-8 when the text is */
        struct buf bytes;
};

struct uu_files {
        struct uu_file items[UU_FILES];
        size_t count;
};

/* Cuts the files out of the text in place. Lines that only look like a beginning stay. A file that breaks off
 * counts as far as it goes. At most max bytes a file. */
void uu_cut(char *text, size_t max, struct uu_files *ret_files);
void uu_free(struct uu_files *files);
