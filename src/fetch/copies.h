/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The copies of letters that the keeper wants in a folder, one after the other. The folder is looked for once a
 * connection, and made when it is not there. A refusal is told to the keeper and the work goes on. */
#pragma once

#include <stdbool.h>

struct copies;
struct err;
struct imap;
struct wire_record;

enum { COPIES_MAX = 64 }; /* that may wait */

struct copies *copies_new(void);
void copies_free(struct copies *copies);
/* An "append" order; takes its descriptor. ERR_INPUT when it is not right. */
int copies_take(struct copies *copies, struct wire_record *record, struct err *err);
bool copies_waiting(const struct copies *copies);
/* One of them. ret_left: another folder was selected: the caller selects its own again, also after a failure
 * that was told to the keeper. -1: the connection or the keeper is gone. */
int copies_serve(struct copies *copies, int keeper, struct imap *imap, bool *ret_left, struct err *err);
