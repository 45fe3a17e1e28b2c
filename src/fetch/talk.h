/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Commands by hand: one line out, lines in until the tagged one. Used where libetpan must not read (imap.h).
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct err;
struct imap;

struct talk_answer {
        enum { TALK_OK, TALK_NO, TALK_BAD, TALK_MORE } kind; /* TALK_MORE: "+", the server waits for more */
        char text[512];                                      /* what stands behind it, cut, as it came */
};

/* One line with its CR LF, bounded by net_expect(). Owned. A line that ends in a literal is refused: no
 * answer that is read here has one. NULL: err is set. */
char *talk_line(struct imap *imap, struct err *err);
/* Sends "TAG command" and CR LF. */
int talk_send(struct imap *imap, const char *command, struct err *err);
/* The answer to the last command. Untagged lines go to "seen" (may be NULL), which gets NUL-terminated lines.
 * BYE is ERR_TEMP. */
int talk_answer(struct imap *imap, void (*seen)(const char *line, void *context), void *context,
    struct talk_answer *ret_answer, struct err *err);
/* Both, with net_expect(). */
int talk_command(struct imap *imap, const char *command, void (*seen)(const char *line, void *context),
    void *context, struct talk_answer *ret_answer, struct err *err);
/* Whether that line is the answer to the last command. */
bool talk_is_answer(const struct imap *imap, const char *line);
/* The server's BYE or another line it should not have sent, as an error. Returns -1. */
int talk_unexpected(const char *line, const char *when, struct err *err);
