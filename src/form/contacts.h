/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telephones and e-mails that were written in each other's place, both in one place, or below the organisation. */
#pragma once

struct scan;

/* Gives a telephone or an e-mail that was asked and not answered the one beside it that has no other place; it is never
 * sure. For after the answers were found. */
void contacts_settle(struct scan *scan);
