/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

_Noreturn void mem_die(const char *what)
{
        fprintf(stderr, "<2>%s\n", what);
        abort();
}

static void *checked(void *pointer)
{
        if (!pointer)
                mem_die("out of memory");
        return pointer;
}

void *xmalloc(size_t size)
{
        return checked(malloc(size ? size : 1));
}

void *xcalloc(size_t count, size_t size)
{
        return checked(calloc(count ? count : 1, size ? size : 1));
}

void *xreallocarray(void *old, size_t count, size_t size)
{
        if (size && count > SIZE_MAX / size)
                mem_die("allocation size overflows");
        return checked(realloc(old, count && size ? count * size : 1));
}

char *xstrdup(const char *text)
{
        return text ? checked(strdup(text)) : NULL;
}

char *xstrndup(const char *text, size_t max)
{
        return checked(strndup(text, max));
}

void *xmemdup(const void *bytes, size_t size)
{
        void *copy = xmalloc(size);

        if (size)
                memcpy(copy, bytes, size);
        return copy;
}

char *xasprintf(const char *format, ...)
{
        char *text = NULL;
        va_list args;
        int n;

        va_start(args, format);
        n = vasprintf(&text, format, args);
        va_end(args);
        if (n < 0)
                mem_die("out of memory");
        return text;
}

void mem_cleanup_free(void *pointer_to_pointer)
{
        void *pointer;

        memcpy(&pointer, pointer_to_pointer, sizeof pointer);
        free(pointer);
}
