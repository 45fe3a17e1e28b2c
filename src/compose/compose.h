/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One letter to finished bytes: RFC 5322 headers, MIME (RFC 2045-2049, 2183, 2231), CRLF line ends only, so
 * that it can be stored as it is and sent any number of times, byte for byte the same. Nothing in it is
 * random: the same letter gives the same bytes. The only place where mail is written (GMime, for composing
 * only). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct buf;
struct err;

struct compose_attachment {
        const char *name, *type; /* "ankieta.docx", "application/..." */
        const void *data;
        size_t size;
};

/* Everything is borrowed; all text is UTF-8. */
struct compose_letter {
        const char *from;            /* "Agnieszka Szuba <agnieszka.szuba@rcwip.pl>", or the bare address */
        const char *to;              /* a bare address, as address_is_valid() wants it */
        const char *subject;         /* one line, at most LIMIT_SUBJECT */
        const char *body;            /* lines end with LF; no CR */
        const char *message_id;      /* without <> */
        int64_t date;                /* shown in zone */
        const char *zone;            /* "Europe/Warsaw" */
        const char *in_reply_to;     /* message id of the mail it answers, without <>, or NULL */
        struct str_list references;  /* likewise, oldest first; may be empty. In both an id that cannot stand
                                      * in a  header (blanks, angles, non-ASCII, overlong) is left out: it came
                                      * from  outside, and an odd mail is answered all the same */
        const char *auto_submitted;  /* "auto-replied" or "auto-generated" (RFC 3834 5) */
        const char *ref;             /* X-Zapisy-Ref, or NULL */
        const char *outcome;         /* X-Zapisy-Outcome */
        const char *calendar;        /* what calendar_text() gave, or NULL */
        const char *calendar_method; /* "PUBLISH" or "CANCEL", with calendar */
        const struct compose_attachment *attachment; /* or NULL */
};

/* Appends the letter to ret_bytes. ERR_INPUT: a value that cannot stand where it should (CR or LF in a
 * header, not UTF-8, a bad address), or too large for ret_bytes. ERR_BUG: a required value is missing.
 * Nothing is appended then. */
int compose_letter(const struct compose_letter *letter, struct buf *ret_bytes, struct err *err);

/* "32 hex digits@domain", the domain being that of from ("Name <address>" or an address). Owned. 128 random
 * bits are proof of having received the letter. */
char *compose_message_id(const unsigned char random[16], const char *from);

/* The address alone of "Name <address>" or "address". Owned; NULL when there is no valid one. */
char *compose_address(const char *from);
/* The display name of "Name <address>" or "\"Name\" <address>", without the quotes. Owned; NULL when there is
 * none. */
char *compose_name(const char *from);
