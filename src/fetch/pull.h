/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Reading the mailbox without touching it: BODY.PEEK only, no flag changes. No answer is believed to be
 * complete: libetpan reports success for a FETCH that the server refused halfway, so every UID that was asked
 * for is looked for; what is missing is asked for once more by itself, and is then either gone from the
 * mailbox or an error. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "fetch/uids.h"

struct err;
struct imap;
struct queue;

struct pull_item {
        uint32_t uid, expected; /* expected: bytes, as the server said */
        int fd;      /* -1 (it has gone from the mailbox), or a sealed memfd at its start; the caller's */
        size_t size; /* bytes that came */
        bool cut;    /* they were more than the maximum; the memfd has the beginning */
};

enum { PULL_HEADERS_MAX = 256 * 1024 };

struct pull_range {
        uint32_t after, exists; /* exists: about how many there may be */
        bool one_by_one;        /* so that imap->in_hand says which one is trouble */
        struct uids avoid;      /* not asked for; sorted, borrowed */
};

/* Adds the messages with UIDs above "after" to the queue, in no order. ret_highest (may be NULL): the highest
 * UID there, those to avoid included. */
int pull_scan(struct imap *imap, const struct pull_range *range, struct queue *queue, uint32_t *ret_highest,
    struct err *err);
/* The same for these UIDs. Those that have gone are left out. */
int pull_list(struct imap *imap, const struct uids *uids, struct queue *queue, struct err *err);
/* The UIDs with the flag \Deleted, sorted. */
int pull_deleted(struct imap *imap, struct uids *uids, struct err *err);
/* Fills fd and size of each item, which had -1 there. max: bytes of one that are kept. On failure the
 * descriptors that were got stay in the items. */
int pull_bodies(
    struct imap *imap, struct pull_item *items, size_t count, bool headers, size_t max, struct err *err);
void pull_close(struct pull_item *items, size_t count);
