/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mail saved by Outlook ([MS-OXMSG]: a compound file of properties), written as the mail that it once was
 * (RFC 5322), so that it is read like any other. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bounds;
struct buf;

bool outlook_is(const char *bytes, size_t size);
/* ret_mail must be empty. -1 when it is damaged, or does not fit. */
int outlook_to_mail(const char *bytes, size_t size, const struct bounds *bounds, struct buf *ret_mail);
