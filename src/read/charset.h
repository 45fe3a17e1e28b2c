/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Bytes of a mail or document to UTF-8, whatever their label says. The locked child cannot load conversion
 * tables: charset_preload() opens them before. */
#pragma once

#include <stddef.h>

void charset_preload(void);
/* label may be NULL, quoted, misspelt or wrong. Bytes that are UTF-8 are taken as UTF-8; without a known
 * label windows-1250 (or ISO-8859-2, where the letters say so). The result is valid UTF-8 without NUL, and
 * the caller's. */
char *charset_to_utf8(const char *bytes, size_t size, const char *label);
