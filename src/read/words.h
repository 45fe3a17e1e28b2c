/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a mail's bodies say: the writer's own words, and what was set aside (quoted text, signature). Several
 * bodies of one mail are read into the same words, one after the other. */
#pragma once

#include <stdbool.h>

#include "base/buf.h"
#include "core/document.h"

struct mail;

struct words {
        struct document own, aside;
        struct document forwarded; /* the own words of a mail forwarded inside the text; not in aside */
        struct document woven;     /* own words between quoted ones (read/weave.h), else empty */
        struct buf text;           /* the own words as plain text, at most LIMIT_OWN_TEXT */
        struct buf head;           /* own and quoted lines in their order, at most LIMIT_HEAD */
        bool has_aside;
        struct mail *mail; /* borrowed: its subject tells a forward, and each is noted in it; NULL: none is
                              looked for */
};

#define WORDS_INIT                                                                                           \
        {                                                                                                    \
                .text = BUF_INIT(LIMIT_OWN_TEXT), .head = BUF_INIT(LIMIT_HEAD)                               \
        }

void words_free(struct words *words);
/* A line of the own words; what does not fit is cut at a character. */
void words_line(struct words *words, const char *line);
/* Any line, own or quoted, for the head. */
void words_head(struct words *words, const char *line);

/* UTF-8 text (read/text.c). flowed, delsp: format=flowed with DelSp=yes (RFC 3676). */
void text_read(const char *text, bool flowed, bool delsp, struct words *words);
/* The same for a text file, where nothing is quoted. */
void text_read_document(const char *text, struct document *doc);

/* UTF-8 HTML (read/html.c); what its own declarations say about the character set does not count. */
void html_read(const char *html, struct words *words);
/* Everything in reading order, and for each block (aside: LIMIT_DOC_BLOCKS of them) whether the markup itself
 * says that it is quoted. */
void html_read_all(const char *html, struct document *doc, bool *aside);
void html_read_document(const char *html, struct document *doc);
/* The character set that HTML or XHTML declares in its first bytes, or NULL. The caller's. */
char *html_charset(const char *bytes, size_t size);
/* Whether the HTML says more than the plain text beside it can: tables, strokes, underlines, controls. */
bool html_says_more(const char *html);
/* Letters of the HTML that are no markup, roughly: enough to compare it with the plain text beside it. */
size_t html_text_size(const char *html);
