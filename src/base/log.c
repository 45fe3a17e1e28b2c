/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/str.h"

static enum log_level level_now = LOG_LEVEL_INFO;

void log_set_level(enum log_level level)
{
        level_now = level;
}

static const char *prefix(enum log_level level, bool terminal)
{
        static const char *const words[] = {
                [LOG_LEVEL_ERROR] = "error: ",
                [LOG_LEVEL_WARNING] = "warning: ",
                [LOG_LEVEL_NOTICE] = "",
                [LOG_LEVEL_INFO] = "",
                [LOG_LEVEL_DEBUG] = "debug: ",
        };
        static const char *const priorities[] = {
                [LOG_LEVEL_ERROR] = "<3>",
                [LOG_LEVEL_WARNING] = "<4>",
                [LOG_LEVEL_NOTICE] = "<5>",
                [LOG_LEVEL_INFO] = "<6>",
                [LOG_LEVEL_DEBUG] = "<7>",
        };

        return terminal ? words[level] : priorities[level];
}

/* One line, one write(2): lines of several programs on one stderr never mix. */
__attribute__((format(printf, 2, 0))) static void put(enum log_level level, const char *format, va_list args)
{
        char text[1024], line[4 * sizeof text + 16];
        size_t used;
        bool utf8;

        if (level > level_now)
                return;
        vsnprintf(text, sizeof text, format, args);
        utf8 = str_is_utf8(text, strlen(text));
        used = (size_t)snprintf(line, sizeof line, "%s", prefix(level, isatty(STDERR_FILENO)));
        for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
                if (*p < 0x20 || *p == 0x7f || (*p >= 0x80 && !utf8))
                        used += (size_t)snprintf(line + used, sizeof line - used, "\\x%02x", *p);
                else
                        line[used++] = (char)*p;
        }
        line[used++] = '\n';
        if (write(STDERR_FILENO, line, used) < 0)
                return; /* nowhere to say it */
}

#define LOG_FUNCTION(name, level)                                                                            \
        void name(const char *format, ...)                                                                   \
        {                                                                                                    \
                va_list args;                                                                                \
                va_start(args, format);                                                                      \
                put(level, format, args);                                                                    \
                va_end(args);                                                                                \
        }

LOG_FUNCTION(log_error, LOG_LEVEL_ERROR)
LOG_FUNCTION(log_warning, LOG_LEVEL_WARNING)
LOG_FUNCTION(log_notice, LOG_LEVEL_NOTICE)
LOG_FUNCTION(log_info, LOG_LEVEL_INFO)
LOG_FUNCTION(log_debug, LOG_LEVEL_DEBUG)
