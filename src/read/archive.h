/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A zip archive in memory through libzip, within bounds: entries, and bytes unpacked from it altogether
 * (document_mb, and unpack_ratio times its own size). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct archive;
struct bounds;
struct buf;
struct err;

/* The bytes are borrowed until archive_close(). ERR_INPUT with words for a person. */
int archive_open(const char *bytes, size_t size, const struct bounds *bounds, struct archive **ret_archive,
    struct err *err);
void archive_close(struct archive *archive);
/* Unpacks one entry (buf_free() is the caller's). ERR_INPUT when it is absent, damaged, protected or too
 * large. */
int archive_read(struct archive *archive, const char *name, struct buf *ret_bytes, struct err *err);
/* Whether an entry has that name, in whatever folder. */
bool archive_has(struct archive *archive, const char *name);
