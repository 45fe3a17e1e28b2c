/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void buf_free(struct buf *buf)
{
        size_t max = buf->max;

        free(buf->data);
        *buf = (struct buf)BUF_INIT(max);
}

void buf_reset(struct buf *buf)
{
        buf->size = 0;
        buf->failed = false;
        if (buf->data)
                buf->data[0] = '\0';
}

bool buf_failed(const struct buf *buf)
{
        return buf->failed;
}

static int reserve(struct buf *buf, size_t more)
{
        size_t room;

        if (buf->failed || more > buf->max || buf->size > buf->max - more) {
                buf->failed = true;
                return -1;
        }
        if (buf->data && buf->size + more < buf->room)
                return 0;
        for (room = buf->room ? buf->room : 64; room <= buf->size + more;)
                room *= 2;
        buf->data = xreallocarray(buf->data, room, 1);
        buf->room = room;
        return 0;
}

int buf_add(struct buf *buf, const void *bytes, size_t size)
{
        if (reserve(buf, size) < 0)
                return -1;
        if (size)
                memcpy(buf->data + buf->size, bytes, size);
        buf->size += size;
        buf->data[buf->size] = '\0';
        return 0;
}

int buf_puts(struct buf *buf, const char *text)
{
        return buf_add(buf, text, strlen(text));
}

int buf_putc(struct buf *buf, char c)
{
        return buf_add(buf, &c, 1);
}

int buf_printf(struct buf *buf, const char *format, ...)
{
        va_list args;
        int n;

        va_start(args, format);
        n = vsnprintf(NULL, 0, format, args);
        va_end(args);
        if (n < 0 || reserve(buf, (size_t)n) < 0) {
                buf->failed = true;
                return -1;
        }
        va_start(args, format);
        vsnprintf(buf->data + buf->size, (size_t)n + 1, format, args);
        va_end(args);
        buf->size += (size_t)n;
        return 0;
}

void buf_truncate(struct buf *buf, size_t size)
{
        if (size >= buf->size)
                return;
        buf->size = size;
        buf->data[size] = '\0';
}

const char *buf_text(const struct buf *buf)
{
        return buf->data ? buf->data : "";
}

char *buf_detach(struct buf *buf, size_t *ret_size)
{
        char *data = buf->data ? buf->data : xstrdup("");

        if (ret_size)
                *ret_size = buf->size;
        buf->data = NULL;
        buf_free(buf);
        return data;
}
