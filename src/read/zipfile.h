/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files that somebody packed into a zip archive: each is an entry, but folders and what file managers leave
 * behind. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bounds;
struct container;

bool zipfile_is(const char *bytes, size_t size, const struct bounds *bounds);
void zipfile_open(const char *bytes, size_t size, const struct bounds *bounds, struct container *container);
/* Its name in UTF-8, whatever wrote it: UTF-8, or what Windows calls OEM or ANSI in Poland. The caller's. */
char *zipfile_name(const char *raw);
