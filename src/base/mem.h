/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Memory that never fails: out of memory ends the process. Committed transactions keep the data, and the
 * service manager starts the program again. Everything returned is the caller's to free(). */
#pragma once

#include <stddef.h>

void *xmalloc(size_t size);               /* uninitialised */
void *xcalloc(size_t count, size_t size); /* zeroed */
void *xreallocarray(void *old, size_t count, size_t size);
char *xstrdup(const char *text); /* NULL gives NULL */
char *xstrndup(const char *text, size_t max);
void *xmemdup(const void *bytes, size_t size);
char *xasprintf(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* Ends the process with a line on stderr. */
_Noreturn void mem_die(const char *what);

/* For variables that free themselves at the end of their block. */
void mem_cleanup_free(void *pointer_to_pointer);
#define CLEANUP_FREE __attribute__((cleanup(mem_cleanup_free)))
