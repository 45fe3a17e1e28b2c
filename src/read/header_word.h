/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Encoded words of headers (RFC 2047) as real programs write them. */
#pragma once

/* Joins runs of base64 words of one character set into one word: programs cut them in the middle of
 * characters, and GMime 3.2 stops at the padding of the first. The rest of the text stays. The caller's. */
char *header_word_join(const char *text);
/* A decoded text made valid: other bytes and, in place of C1 controls, the letters of windows-1250 (words
 * labelled ISO-8859-2 that are not). The caller's. */
char *header_word_mend(const char *text);
