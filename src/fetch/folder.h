/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A folder of the mailbox's owner by the name that stands in the configuration: as it is, or, where the
 * server keeps all folders below a prefix ("INBOX." on Courier and Cyrus), behind that (RFC 2342); with the
 * server's delimiter where a person wrote "/"; or written in modified UTF-7 already. */
#pragma once

struct err;
struct imap;

enum folder_state {
        FOLDER_THERE,
        FOLDER_MISSING,  /* the name is the one it would be made with */
        FOLDER_UNUSABLE, /* it holds other folders only, or its owner may not write there (RFC 4314) */
};

/* folder: UTF-8. ret_name: in modified UTF-7, as commands want it; owned. -1: the connection is of no more
 * use. A server that does not want to tell counts as one without the folder. */
int folder_find(
    struct imap *imap, const char *folder, enum folder_state *ret_state, char **ret_name, struct err *err);
/* Makes it and subscribes to it, so that mail programs show it. refused: filled, with its class, when the
 * server does not want to; else untouched. -1 as above. */
int folder_make(struct imap *imap, const char *name, struct err *refused, struct err *err);
/* folder_find(), and folder_make() where it is missing. ERR_PERM: the server does not want to. */
int folder_ready(struct imap *imap, const char *folder, char **ret_name, struct err *err);
