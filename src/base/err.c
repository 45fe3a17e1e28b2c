/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

__attribute__((format(printf, 3, 0))) static void fill(
    struct err *err, enum err_class class, const char *format, va_list args)
{
        err->class = class;
        vsnprintf(err->text, sizeof err->text, format, args);
}

int err_set(struct err *err, enum err_class class, const char *format, ...)
{
        va_list args;

        if (!err)
                return -1;
        va_start(args, format);
        fill(err, class, format, args);
        va_end(args);
        return -1;
}

int err_errno(struct err *err, enum err_class class, const char *format, ...)
{
        int saved = errno;
        va_list args;
        size_t used;

        if (!err)
                return -1;
        va_start(args, format);
        fill(err, class, format, args);
        va_end(args);
        used = strlen(err->text);
        snprintf(err->text + used, sizeof err->text - used, ": %s", strerror(saved));
        errno = saved;
        return -1;
}

int err_prefix(struct err *err, const char *format, ...)
{
        char old[sizeof err->text];
        va_list args;
        size_t used;

        if (!err)
                return -1;
        memcpy(old, err->text, sizeof old);
        va_start(args, format);
        fill(err, err->class, format, args);
        va_end(args);
        used = strlen(err->text);
        snprintf(err->text + used, sizeof err->text - used, ": %s", old);
        return -1;
}

const char *err_class_name(enum err_class class)
{
        static const char *const names[] = {
                [ERR_NONE] = "none",
                [ERR_TEMP] = "temp",
                [ERR_PERM] = "perm",
                [ERR_INPUT] = "input",
                [ERR_BUG] = "bug",
        };

        return names[class];
}
