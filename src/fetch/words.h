/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The strings of IMAP: what may go to the server, and what of its words may be shown. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/str.h"

struct err;

enum { WORDS_SERVER_MAX = 120 }; /* bytes of a server's own text that are shown */

/* Control characters would end the command and begin another (CR LF), NUL would cut it: ERR_PERM. "what"
 * names the text in plain words. Also refused: text that is not UTF-8. */
int words_check(const char *text, const char *what, struct err *err);
bool words_are_ascii(const char *text);
/* A quoted string (RFC 9051, "quoted") of text that passed words_check() and is ASCII. Owned. */
char *words_quote(const char *text);
/* A folder's name in modified UTF-7 (RFC 3501 5.1.3), which every server understands. Owned. */
char *words_folder(const char *text);
/* At most max bytes of text without control characters, as valid UTF-8. Owned. */
char *words_clean(const char *text, size_t max);
/* The words of "* CAPABILITY A B", in upper case; nothing when the line is another one. */
void words_capabilities(const char *line, struct str_list *list);
