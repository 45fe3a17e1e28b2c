/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving mail on a server without MOVE: copy, then remove the originals, and only these. It may be cut at any
 * point and done again: what has a copy already is not copied twice. */
#pragma once

#include <stdbool.h>

struct err;
struct imap;
struct mailimap_flag;
struct mark_move;
struct uids;

/* STORE of one flag (taken), added or taken away. what: for the error. */
int relocate_flag(struct imap *imap, const struct uids *uids, struct mailimap_flag *flag_take, bool add,
    const char *what, struct err *err);
/* move->name must be known. Nothing is deleted unless its copy is there. With UIDPLUS (RFC 4315) UID EXPUNGE takes
 * just these. Without, EXPUNGE would also take what the mailbox's owner has marked as deleted: such mail loses that
 * flag for the moment and gets it back. */
int relocate(struct imap *imap, const struct uids *uids, const struct mark_move *move, struct err *err);
