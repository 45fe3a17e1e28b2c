/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/queue.h"

#include <stdlib.h>

#include "base/mem.h"

void queue_add(struct queue *queue, const struct queue_entry *entry)
{
        if (queue->count == queue->room) {
                queue->room = queue->room ? 2 * queue->room : 64;
                queue->entries = xreallocarray(queue->entries, queue->room, sizeof *queue->entries);
        }
        queue->entries[queue->count++] = *entry;
}

static int compare(const void *a, const void *b)
{
        const struct queue_entry *x = a, *y = b;

        if (x->internaldate != y->internaldate)
                return x->internaldate < y->internaldate ? -1 : 1;
        return (x->uid > y->uid) - (x->uid < y->uid);
}

void queue_sort(struct queue *queue)
{
        if (queue->count > 1)
                qsort(queue->entries, queue->count, sizeof *queue->entries, compare);
}

bool queue_is_empty(const struct queue *queue)
{
        return queue->next == queue->count;
}

bool queue_headers_only(const struct queue_entry *entry, const struct queue_bounds *bounds)
{
        return entry->headers || entry->internaldate < bounds->since || entry->size > bounds->message_max;
}

size_t queue_batch(const struct queue *queue, const struct queue_bounds *bounds)
{
        const struct queue_entry *first = queue->entries + queue->next;
        size_t left = queue->count - queue->next, n = 0, bytes = 0;

        for (; n < left && n < bounds->messages; n++) {
                bool headers = queue_headers_only(first + n, bounds);
                size_t size = headers ? 0 : first[n].size;

                if (n && (headers != queue_headers_only(first, bounds) || size > QUEUE_STREAMED ||
                             bytes + size > QUEUE_BATCH_BYTES))
                        break;
                bytes += size;
                if (size > QUEUE_STREAMED)
                        return 1;
        }
        return n;
}

void queue_reset(struct queue *queue)
{
        queue->count = queue->next = 0;
}

void queue_free(struct queue *queue)
{
        free(queue->entries);
        *queue = (struct queue){ 0 };
}
