/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Marking registration mail: the only change that is ever made to a mailbox, and only to the messages named.
 */
#pragma once

#include <stddef.h>

struct err;
struct imap;
struct uids;

#define MARK_KEYWORD "$Zapisyd"

/* Sets the keyword. ERR_PERM when the server keeps no new keywords ("keywords" of its SELECT). */
int mark_keyword(struct imap *imap, const struct uids *uids, struct err *err);
/* UID MOVE (RFC 6851); without it UID COPY, \Deleted and UID EXPUNGE of just these (RFC 4315); without that
 * ERR_PERM: a plain EXPUNGE would also take what the mailbox's owner deleted. folder: UTF-8. */
int mark_move(struct imap *imap, const struct uids *uids, const char *folder, struct err *err);
