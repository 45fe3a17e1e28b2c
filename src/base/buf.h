/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A growing byte buffer with a mandatory maximum. After the first refused append the buffer is "full": its
 * content stays as it was, every later append is refused too, and buf_failed() says so, so that a run of
 * appends needs one check at its end. Always NUL-terminated. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct buf {
        char *data; /* never NULL after the first append; use buf_text() */
        size_t size, room, max;
        bool failed;
};

#define BUF_INIT(limit)                                                                                      \
        {                                                                                                    \
                .max = (limit)                                                                               \
        }

void buf_free(struct buf *buf);  /* may be used again afterwards, with the same maximum */
void buf_reset(struct buf *buf); /* empties, keeps the memory */
bool buf_failed(const struct buf *buf);
int buf_add(struct buf *buf, const void *bytes, size_t size); /* -1 when it would pass the maximum */
int buf_puts(struct buf *buf, const char *text);
int buf_putc(struct buf *buf, char c);
int buf_printf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_truncate(struct buf *buf, size_t size);     /* shorter only */
const char *buf_text(const struct buf *buf);         /* borrowed, "" when empty */
char *buf_detach(struct buf *buf, size_t *ret_size); /* the caller's; ret_size may be NULL */
