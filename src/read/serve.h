/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader's service: records in (core/record.h), questions into locked children, their answers out.
 * Messages that wait together share a child (LIMIT_BATCH); when it dies, those it has not answered are read
 * again one by one, and what dies alone has failed. Each document has a child of its own. */
#pragma once

struct finding_context;
struct err;
struct sandbox;

/* Until the other side closes: 0. -1: it said something that is not in the protocol, or the socket broke. */
int serve(int sock, const struct sandbox *sandbox, struct finding_context *context, struct err *err);
