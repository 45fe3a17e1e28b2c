/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts that only wrap others: what is inside is parsed as if it stood there by itself. */
#pragma once

#include <gmime/gmime.h>
#include <stdbool.h>
#include <stddef.h>

struct bounds;
struct buf;

enum wrap_kind {
        WRAP_NONE,
        WRAP_SIGNED, /* S/MIME with the content inside the signature (RFC 8551 3.5.2) */
        WRAP_MESSAGE, /* a mail with an encoding of its own (forbidden by RFC 2046 5.2.1, and sent), or *.eml */
        WRAP_OUTLOOK,   /* a mail as Outlook saves one (.msg): ret_inner is the mail */
        WRAP_ENCRYPTED, /* S/MIME that only its receiver can open */
        WRAP_DAMAGED,   /* S/MIME that cannot be taken apart */
};

/* Told by type, file name and content. For WRAP_SIGNED ret_inner is the MIME entity inside. */
enum wrap_kind wrap_kind(const char *type, const char *filename, const char *bytes, size_t size,
    const struct bounds *bounds, struct buf *ret_inner);
/* Whether wrap_kind() could say anything but WRAP_NONE. */
bool wrap_is_candidate(const char *type, const char *filename);
/* NULL when nothing can be parsed, or it is beyond a bound of structure. The caller's to unref. */
GMimeObject *wrap_parse_entity(const char *bytes, size_t size, const struct bounds *bounds);
GMimeMessage *wrap_parse_message(const char *bytes, size_t size, const struct bounds *bounds);
/* A multipart whose boundary its header does not tell: the text taken apart at the first line "--boundary",
 * or NULL. */
GMimeObject *wrap_parse_unbounded(const char *prologue, const struct bounds *bounds);
