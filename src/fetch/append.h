/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One letter into a folder (APPEND, RFC 9051 6.3.12), by hand: the server's "+" is not libetpan's to read. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct imap;

struct append {
        const char *name;       /* the folder in modified UTF-7 */
        const char *message_id; /* without <> */
        int64_t internaldate;
        const char *bytes; /* with CR LF as its line ends */
        size_t size;
        bool unread; /* without \\Seen */
};

enum { APPEND_SECONDS = 30 }; /* less than other commands get: new mail waits meanwhile */

/* "23-Jan-2012 15:00:00 +0000" (RFC 9051, date-time). ret_date: at least APPEND_DATE bytes. ERR_INPUT when the
 * instant is of no year that can be written. */
enum { APPEND_DATE = 32 };
int append_date(int64_t instant, char *ret_date, struct err *err);

/* With \Seen, unless unread, and that date. refused: filled when the server does not want to, else untouched;
 * ret_no_folder: because there is no such folder. -1: the connection is of no more use, and whether the letter
 * is in the folder is not known. */
int append_put(struct imap *imap, const struct append *append, struct err *refused, bool *ret_no_folder,
    struct err *err);
/* Whether a mail with that Message-ID is there. Another folder is selected then. */
int append_is_there(
    struct imap *imap, const struct append *append, bool *ret_there, struct err *refused, struct err *err);
