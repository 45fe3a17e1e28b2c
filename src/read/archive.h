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
bool archive_has_path(struct archive *archive, const char *path); /* folders and all */

/* ---- one entry after another */
enum archive_result {
        ARCHIVE_READ,
        ARCHIVE_DAMAGED,
        ARCHIVE_PROTECTED, /* by a password */
        ARCHIVE_UNKNOWN,   /* packed by a method that is not read */
        ARCHIVE_LARGE,     /* beyond what may be unpacked */
};

size_t archive_count(const struct archive *archive);
/* Borrowed; bytes of whatever character set, "" when it has none. */
const char *archive_raw_name(struct archive *archive, size_t index);
/* The bytes are there for ARCHIVE_READ only. */
enum archive_result archive_read_at(struct archive *archive, size_t index, struct buf *ret_bytes);
