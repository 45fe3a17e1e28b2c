/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marking registration mail: the only change that is ever made to a mailbox, and only to the messages named. */
#pragma once

#include <stdint.h>

struct err;
struct imap;
struct uids;

#define MARK_READ_ONLY "the mailbox can only be read: use mailbox.mark = \"none\""
#define MARK_NO_KEYWORDS                                                                                     \
        "the server keeps no new keywords in this mailbox: use mailbox.mark = \"move:FOLDER\" or \"none\""

struct mark_move {
        const char *source;   /* the mailbox, as the server spells it; borrowed */
        uint32_t uidvalidity; /* the mailbox's */
        const char *folder;   /* where to, as a person named it; borrowed */
        char *name;           /* the same as the server spells it; NULL before the first time; owned */
};

/* Sets the keyword IMAP_KEYWORD. ERR_PERM: the server refuses it. */
int mark_keyword(struct imap *imap, const struct uids *uids, struct err *err);
/* UID MOVE (RFC 6851), else relocate(). The folder is created where it is not. ERR_PERM: the
 * server refuses it, and nothing was deleted without a copy. */
int mark_move(struct imap *imap, const struct uids *uids, struct mark_move *move, struct err *err);
