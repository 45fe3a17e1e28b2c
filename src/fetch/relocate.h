/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Moving mail on a server without MOVE: copy, then remove the originals, and only these. It may be cut at any
 * point and done again: what has a copy already is not copied twice. */
#pragma once

struct err;
struct imap;
struct mailimap_flag;
struct mark_move;
struct uids;

/* libetpan's result for a change. BAD refuses as NO does: ERR_PERM. Returns -1. */
int relocate_failed(struct imap *imap, int result, const char *what, struct err *err);
/* STORE of one flag (taken). what: for the error. */
int relocate_flag(struct imap *imap, const struct uids *uids, struct mailimap_flag *flag_take,
    const char *what, struct err *err);
/* move->name must be known. Nothing is deleted unless its copy is there. With UIDPLUS (RFC 4315) UID EXPUNGE takes
 * just these. Without, EXPUNGE would also take what the mailbox's owner has marked as deleted: where there is such
 * mail, ours stays beside it, marked as deleted like hers, until she cleans up. */
int relocate(struct imap *imap, const struct uids *uids, const struct mark_move *move, struct err *err);
