/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Files and descriptors, whole or not at all. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct buf;
struct err;

/* Appends all of a file or descriptor to out; ERR_INPUT when it is larger than out's maximum. */
int io_read_file(const char *path, struct buf *out, struct err *err);
int io_read_fd(int fd, struct buf *out, struct err *err); /* from the current position to its end */
int io_write_fd(int fd, const void *bytes, size_t size, struct err *err);
/* Writes beside the file, syncs, renames: the file is the old or the new one, never half. */
int io_write_file(const char *path, const void *bytes, size_t size, unsigned int mode, struct err *err);

/* A sealed memfd with these bytes, at offset 0 (the caller's to close), or -1. */
int io_memfd(const char *name, const void *bytes, size_t size, struct err *err);
/* A received memfd mapped read-only. It must be sealed against writing and shrinking (the sender is not
 * believed) and at most max bytes. io_unmap() is the end of it; the descriptor stays the caller's. */
struct io_map {
        const char *data; /* not NUL-terminated; "" when empty */
        size_t size;
};
int io_map_memfd(int fd, size_t max, struct io_map *ret_map, struct err *err);
/* A file that is replaced, never changed: one of a package. */
int io_map_file(const char *path, size_t max, struct io_map *ret_map, struct err *err);
void io_unmap(struct io_map *map);

void io_close(int *fd); /* closes when >= 0 and sets -1 */
int64_t io_monotonic_ms(void);
void io_random(void *bytes, size_t size); /* getrandom(2); ends the process if it fails */
