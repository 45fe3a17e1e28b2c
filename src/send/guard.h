/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What may be handed to the SMTP library, which checks nothing itself. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct err;
struct smtp_settings;

/* ERR_PERM: settings that cannot work (smtp.h). */
int guard_settings(const struct smtp_settings *settings, struct err *err);
bool guard_is_name(const char *host);
bool guard_is_ip6(const char *host);
bool guard_is_ascii(const char *text);
/* A letter whose lines all end in CRLF and have at most 998 bytes (RFC 5321 4.5.3.1.6), without NUL; beyond ASCII
 * only with utf8. */
bool guard_bytes(const char *bytes, size_t size, bool utf8);
