/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The messages of one pass, in the order in which they are handed over: (INTERNALDATE, UID). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct queue_entry {
        int64_t internaldate;
        uint32_t uid, size; /* size: what the server says, RFC822.SIZE */
        bool headers;       /* only these: it turned out to be larger than the server said */
};

struct queue {
        struct queue_entry *entries; /* owned */
        size_t count, room, next;    /* next: the first that has not been handed over */
};

enum { QUEUE_STREAMED = 1024 * 1024, QUEUE_BATCH_BYTES = 8 * 1024 * 1024 };

struct queue_bounds {
        int64_t since;      /* what came before this instant is fetched with its headers only */
        size_t message_max; /* what is larger, too */
        size_t messages;    /* at most so many */
};

void queue_add(struct queue *queue, const struct queue_entry *entry);
void queue_sort(struct queue *queue);
bool queue_is_empty(const struct queue *queue);
bool queue_headers_only(const struct queue_entry *entry, const struct queue_bounds *bounds);
/* How many of the next can be asked for with one command: of one kind (headers or whole), at most
 * QUEUE_BATCH_BYTES; one above QUEUE_STREAMED goes alone. 0 only when empty or bounds->messages is 0. */
size_t queue_batch(const struct queue *queue, const struct queue_bounds *bounds);
void queue_reset(struct queue *queue);
void queue_free(struct queue *queue); /* empties; the struct is the caller's */
