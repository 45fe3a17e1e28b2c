/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/csv.h"

#include <stddef.h>
#include <string.h>

#include "base/buf.h"

void csv_value(struct buf *out, const char *text, bool first)
{
        const char *value = text ? text : "";
        const bool formula = *value && strchr("=+-@\t\r", *value);
        const bool quoted = strpbrk(value, ",\"\r\n") != NULL;

        if (!first)
                buf_putc(out, ',');
        if (quoted)
                buf_putc(out, '"');
        if (formula)
                buf_putc(out, '\'');
        for (; *value; value++) {
                if (*value == '"')
                        buf_putc(out, '"');
                buf_putc(out, *value);
        }
        if (quoted)
                buf_putc(out, '"');
}

void csv_end(struct buf *out)
{
        buf_puts(out, "\r\n");
}
