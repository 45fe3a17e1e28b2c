/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/keeper only: the access tokens of mailbox and smtp, renewed ahead of their end, whoever uses them. One
 * account a token file; both servers may share one. Lives by the real clock, whatever --now says. */
#pragma once

#include <stdbool.h>

struct config_server;
struct keeper;
struct tokens;

struct tokens *tokens_new(struct keeper *keeper);
void tokens_free(struct tokens *tokens); /* NULL is legal */
/* After a reload, with the new configuration in keeper. */
void tokens_reload(struct tokens *tokens);
/* A new token is under way, and would be lost by ending now. */
bool tokens_are_busy(const struct tokens *tokens);

/* What to log in with, the file read again. 1: a memfd, the caller's to close. 0: it is being renewed, and
 * tokens_news() in mailbox and outbox will follow. -1: none, and *ret_why (borrowed) says why; news may follow. */
int tokens_get(struct tokens *tokens, const struct config_server *server, int *ret_fd, const char **ret_why);
/* The server refused the token it was given. true: another one is under way, news will follow (or did already). */
bool tokens_refused(struct tokens *tokens, const struct config_server *server);
void tokens_worked(struct tokens *tokens, const struct config_server *server);
/* Before a login whose time is not known: takes what somebody may have written into the file, and then tells news. */
void tokens_check(struct tokens *tokens, const struct config_server *server);
/* Somebody may have written a file: zapisyctl login, another program. */
void tokens_look(struct tokens *tokens);
