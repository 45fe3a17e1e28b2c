/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zapisyd --check, on a mailbox that was opened read-only: what would be taken, and whether letters could be
 * copied to the folder of sent mail. Nothing is changed. */
#pragma once

struct err;
struct imap;
struct imap_box;
struct order_open;

/* Tells the keeper "checked". box: of the mailbox "name", opened read-only. */
int check_mailbox(int keeper, struct imap *imap, const struct imap_box *box, const char *name,
    const struct order_open *open, struct err *err);
