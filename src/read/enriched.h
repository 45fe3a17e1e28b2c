/* SPDX-License-Identifier: GPL-3.0-or-later */
/* text/enriched (RFC 1896) and its elder, text/richtext (RFC 1341 7.1.3), as plain text. */
#pragma once

#include <stdbool.h>

/* In place: the text only gets shorter. */
void enriched_to_plain(char *text, bool richtext);
