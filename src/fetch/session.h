/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The whole conversation with the keeper: hello, the "open" order, the mailbox, until the keeper closes or an
 * error ends it (core/record.h says the records). */
#pragma once

struct err;

/* keeper: the connected SEQPACKET socket, blocking. 0 when the keeper closed or the work is done; -1 with the
 * reason, of which the keeper was told if it is still there. */
int session_run(int keeper, struct err *err);
