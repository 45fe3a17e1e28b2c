/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The properties of a mail, recipient or attachment in Outlook's file ([MS-OXMSG] 2.1, 2.4; the identifiers:
 * [MS-OXPROPS]). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;
struct ole;

enum outlook_id {
        OUTLOOK_CLASS = 0x001A,
        OUTLOOK_SUBJECT = 0x0037,
        OUTLOOK_SUBMITTED = 0x0039, /* an instant */
        OUTLOOK_HEADERS = 0x007D,   /* those it travelled with */
        OUTLOOK_SENDER = 0x0C1A,
        OUTLOOK_SENDER_ADDRESS = 0x0C1F,
        OUTLOOK_DELIVERED = 0x0E06, /* an instant */
        OUTLOOK_BODY = 0x1000,
        OUTLOOK_RTF = 0x1009, /* packed */
        OUTLOOK_HTML = 0x1013,
        OUTLOOK_NAME = 0x3001,
        OUTLOOK_DATA = 0x3701, /* of an attachment: bytes, or the storage of another mail */
        OUTLOOK_SHORT_NAME = 0x3704,
        OUTLOOK_LONG_NAME = 0x3707,
        OUTLOOK_TYPE = 0x370E,
        OUTLOOK_CONTENT_ID = 0x3712,
        OUTLOOK_TEXT_CODEPAGE = 0x3FFD,
        OUTLOOK_HTML_CODEPAGE = 0x3FDE,
        OUTLOOK_SENDER_SMTP = 0x5D01,
};

/* A text as UTF-8; codepage: of texts that are not Unicode, 0 unknown. NULL when there is none. The caller's. */
char *outlook_text(const struct ole *ole, enum outlook_id id, unsigned codepage);
/* Bytes. buf_free() is the caller's. -1 when there are none, or more than max. */
int outlook_bytes(const struct ole *ole, enum outlook_id id, size_t max, struct buf *ret_bytes);
/* The storage of an object; NULL when there is none. ole_close() is the caller's. */
struct ole *outlook_object(const struct ole *ole, enum outlook_id id);
/* A number of the fixed ones; 0 when there is none. head: bytes before the first one (2.4.1). */
uint64_t outlook_number(const struct ole *ole, enum outlook_id id, size_t head);
/* The name of a code page for charset_to_utf8() and MIME, or NULL. Static. */
const char *outlook_charset(unsigned codepage);
