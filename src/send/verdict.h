/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a token server's answer means: pure. Nothing of its own words is repeated but error codes that are known,
 * so that it cannot put a token into a log. */
#pragma once

#include <stddef.h>

struct grant;

/* To a refresh token, a code, or a question after a device (RFC 6749 5.1, 5.2; RFC 8628 3.5). */
struct grant verdict_on_tokens(int status, const char *body, size_t size);
/* To the wish for a device code (RFC 8628 3.2). */
struct grant verdict_on_device(int status, const char *body, size_t size);
