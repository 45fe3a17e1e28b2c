/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lines on stderr with the priorities that journald understands ("<6>text", sd-daemon(3)); on a terminal a
 * short word instead. Only mains, keeper and ctl log. Control characters and invalid UTF-8 in the text are
 * escaped, so that a server or an applicant cannot forge a line. Never log names, addresses, subjects or
 * bodies. */
#pragma once

enum log_level {
        LOG_LEVEL_ERROR = 3,
        LOG_LEVEL_WARNING = 4,
        LOG_LEVEL_NOTICE = 5,
        LOG_LEVEL_INFO = 6,
        LOG_LEVEL_DEBUG = 7
};

void log_set_level(enum log_level level); /* default LOG_LEVEL_INFO */
void log_error(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_warning(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_notice(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_info(const char *format, ...) __attribute__((format(printf, 1, 2)));
void log_debug(const char *format, ...) __attribute__((format(printf, 1, 2)));
