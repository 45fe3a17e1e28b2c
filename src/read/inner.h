/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mail inside a mail. Its header proves nothing: it is what a person is shown, and tells whether a machine
 * wrote it. */
#pragma once

#include <gmime/gmime.h>
#include <stdbool.h>

struct mail;

/* False where nothing in it may count as somebody's form: an automatic answer, a bounce, a letter of ours.
 * Else it is noted as forwarded (mail may be NULL). returned: it came back in a report. */
bool inner_counts(GMimeMessage *message, bool returned, struct mail *mail);
/* The same, of one whose header is read already. */
bool inner_mail_counts(const struct mail *inner);
