/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a returned mail tells: which of our letters came back, to whom, with which status. */
#pragma once

#include <gmime/gmime.h>
#include <stdbool.h>

struct mail;

/* message/delivery-status and its kin (RFC 3464, RFC 6533), receipts (RFC 8098), complaints (RFC 5965) */
bool bounce_is_status(const char *type);
bool bounce_is_headers(const char *type); /* text/rfc822-headers (RFC 6522) */
void bounce_part(const char *type, const char *text, struct mail *mail);
void bounce_message(GMimeMessage *message, struct mail *mail); /* a mail inside the mail */
/* Lines "Message-ID: <...>" in a text: servers that return the mail as part of their text (qmail and others).
 */
void bounce_text(const char *text, struct mail *mail);
void bounce_headers(struct mail *mail); /* X-Failed-Recipients, where no part said it */
/* The last step, when the mail's texts are known: whom a bounce without a report was to reach, by its text or
 * by the returned mail's To (NULL when there is none). */
void bounce_finish(struct mail *mail, const char *returned_to);
