/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The other job of zapisy-send: tokens for logging in (core/record.h). A process that does it does no mail: what it
 * may reach is fixed when it is told the token server's addresses. */
#pragma once

#include <stdbool.h>

struct err;
struct token_server;
struct wire_record;

bool token_is_record(const char *op); /* one of those below */
/* Answers "authority", "refresh", "device", "poll" and "code" over keeper. *server: NULL before the first. -1: the
 * other side is broken or gone. */
int token_record(int keeper, struct token_server **server, struct wire_record *record, struct err *err);
void token_server_free(struct token_server *server); /* NULL is legal */
