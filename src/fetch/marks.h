/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The keeper's wishes for marks, until they are served and answered. */
#pragma once

#include <jansson.h>
#include <stddef.h>

#include "fetch/mark.h"

struct err;
struct imap;
struct imap_box;
struct order_mark_uids;
struct order_open;

struct marks {
        int keeper;
        const struct order_open *open;  /* borrowed */
        struct order_mark_uids *orders; /* owned */
        size_t count;
        struct mark_move move;
};

int marks_take(struct marks *marks, const json_t *json, struct err *err);
/* All of them, in the mailbox that is selected under that name. A refused mark is reported and the work goes on; -1
 * is a lost connection. */
int marks_serve(
    struct marks *marks, struct imap *imap, const struct imap_box *box, const char *name, struct err *err);
void marks_free(struct marks *marks); /* empties */
