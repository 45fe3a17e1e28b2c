/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mail taken apart with GMime: its facts, the texts to read, one part by its number. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "core/mail.h"

struct bounds;
struct err;

enum { MIME_BODIES = 16 };

struct mime_body {
        char *text; /* UTF-8, owned */
        bool html;
        bool flowed, delsp; /* format=flowed; DelSp=yes (RFC 3676) */
};

struct mime_mail {
        struct mail mail;  /* all but text, head and has_quote, which come of reading the bodies */
        char *returned_to; /* first address of To in a mail inside the mail, or NULL */
        struct mime_body bodies[MIME_BODIES];
        size_t body_count;
};

void mime_init(void); /* before the child is locked */
/* Always fills; what cannot be read, or is beyond a bound, is a problem of the mail. */
void mime_read(const char *bytes, size_t size, const struct bounds *bounds, struct mime_mail *ret_mail);
void mime_free(struct mime_mail *mail);

struct mime_part {
        struct buf bytes;                /* decoded */
        char *filename, *type, *charset; /* owned; charset may be NULL */
        bool words;               /* the text of an attached mail: what is quoted in it does not count */
        bool html, flowed, delsp; /* of such a text */
};
/* The leaf part of that number. ERR_INPUT when there is none. */
int mime_take_part(const char *bytes, size_t size, const struct bounds *bounds, int index,
    struct mime_part *ret_part, struct err *err);
void mime_part_free(struct mime_part *part);
/* Notes a problem of the mail, once, within bounds. */
void mime_problem(struct mail *mail, const char *text);
