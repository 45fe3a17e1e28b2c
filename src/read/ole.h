/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A compound file ([MS-CFB]) in memory through libgsf: the box of older office formats. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct buf;
struct ole;

void ole_preload(void); /* types that the locked child cannot register any more */
bool ole_is(const char *bytes, size_t size);
/* The bytes are borrowed until ole_close(). NULL when the file is damaged. */
struct ole *ole_open(const char *bytes, size_t size);
void ole_close(struct ole *ole); /* NULL is legal */
/* A storage of the topmost one, by itself; NULL when there is none. To be closed before
 * this one. */
struct ole *ole_enter(const struct ole *ole, const char *storage);
size_t ole_count(const struct ole *ole);                   /* streams and storages of the topmost storage */
const char *ole_name(const struct ole *ole, size_t index); /* borrowed; "" when it has none */
bool ole_has(const struct ole *ole, const char *stream);
/* A stream of the topmost storage; buf_free() is the caller's. -1 when it is absent, larger than max or cannot be
 * read. */
int ole_read(const struct ole *ole, const char *stream, size_t max, struct buf *ret_bytes);
