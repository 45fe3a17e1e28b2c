/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Telling the writer's own words from quoted text and signatures: "> " lines, "Dnia ... napisał(a):", "On ...
 * wrote:", "-----Original Message-----", a block "Od: ... Wysłano: ... Temat: ...", "-- " (RFC 3676 4.3). */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct quote_line {
        char *text;     /* owned by quote_lines; without the quote marks */
        int depth;      /* of ">" */
        bool aside;     /* not the writer's own words */
        bool forwarded; /* aside, but the own words of a forwarded mail (read/forward.c) */
};

struct quote_lines {
        struct quote_line *items;
        size_t count, room;
};

void quote_add(struct quote_lines *lines, const char *text, size_t size, int depth); /* copies */
/* Splits UTF-8 text at its line ends (any kind), takes the quote marks off, and, if flowed, joins the lines
 * of format=flowed (RFC 3676 4.1 to 4.5; delsp: the parameter DelSp=yes). */
void quote_split(const char *text, bool flowed, bool delsp, struct quote_lines *ret_lines);
/* Sets aside, beginning from what is set already. */
void quote_mark(struct quote_lines *lines);
/* What the marks are, for lines that stand aside. */
bool quote_is_separator(const char *text); /* "-----Original Message-----" and its kin */
bool quote_is_forward(const char *text);   /* one that says that the mail was forwarded */
bool quote_is_header_block(const struct quote_lines *lines, size_t at);
bool quote_is_attribution(const struct quote_lines *lines, size_t at);
void quote_free(struct quote_lines *lines);
