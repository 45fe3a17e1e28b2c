/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The header of a mail into facts. GMime does the grammar; here is what it gets wrong on real mail. */
#pragma once

#include <gmime/gmime.h>

struct mail;

/* GMime's options for everything: fallback character sets, lenient addresses. Borrowed; made at the first
 * call. */
GMimeParserOptions *header_options(void);
/* Fills message_id ... received of the mail. */
void header_read(GMimeMessage *message, struct mail *mail);
/* An unstructured header's raw value for reading: unfolded, decoded (RFC 2047), valid UTF-8, trimmed, without
 * control characters. The caller's. */
char *header_decode(const char *raw);
/* A parameter of Content-Type or Content-Disposition, decoded (RFC 2231, 2047, raw 8-bit); NULL when absent.
 * The caller's. */
char *header_parameter(GMimeObject *object, const char *header, const char *name);
/* The first address of To, normalised; NULL when there is none. The caller's. */
char *header_to(GMimeMessage *message);
/* "<id>" in a text from *text on: the id without brackets (the caller's), *text behind it; NULL at the end.
 */
char *header_next_id(const char **text);
