/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Why something failed, and what kind of failure it is. Only the caller chooses to retry. */
#pragma once

#include <stdbool.h>

enum err_class {
        ERR_NONE,
        ERR_TEMP,  /* may go away by itself: server away, lock held, disk full */
        ERR_PERM,  /* a person must change something: password, certificate, configuration */
        ERR_INPUT, /* what came in is broken or over a bound */
        ERR_BUG,   /* cannot happen; say so loudly */
};

struct err {
        enum err_class class;
        char text[512]; /* one line, plain words, no names or addresses of applicants */
};

/* Fills err (which may be NULL) and returns -1, so that "return err_set(...)" reads well. */
int err_set(struct err *err, enum err_class class, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* The same with ": strerror(errno)" at the end. */
int err_errno(struct err *err, enum err_class class, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
/* Puts words before the text that is there. Returns -1. */
int err_prefix(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
const char *err_class_name(enum err_class class); /* "temp", "perm", "input", "bug" or "none" */
