/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/frame.h"

#include <endian.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"

int frame_write(int fd, const json_t *json, size_t max)
{
        char *text = json_dumps(json, JSON_COMPACT);
        size_t size = text ? strlen(text) : 0;
        uint32_t head = htole32((uint32_t)size);
        int r = -1;

        if (text && size <= max && io_write_fd(fd, &head, sizeof head, NULL) == 0)
                r = io_write_fd(fd, text, size, NULL);
        free(text);
        return r;
}

static size_t frame_size(const struct buf *received)
{
        uint32_t head;

        memcpy(&head, received->data, sizeof head);
        return le32toh(head);
}

int frame_peek(
    const struct buf *received, size_t max, const char **ret_text, size_t *ret_size, struct err *err)
{
        size_t size;

        if (received->size < sizeof(uint32_t))
                return 0;
        size = frame_size(received);
        if (size > max)
                return err_set(err, ERR_INPUT, "an answer that is too large");
        if (received->size - sizeof(uint32_t) < size)
                return 0;
        *ret_text = received->data + sizeof(uint32_t);
        *ret_size = size;
        return 1;
}

void frame_drop(struct buf *received)
{
        size_t whole = sizeof(uint32_t) + frame_size(received);

        memmove(received->data, received->data + whole, received->size - whole);
        buf_truncate(received, received->size - whole);
}

int frame_take(struct buf *received, size_t max, json_t **ret_json, struct err *err)
{
        const char *text = NULL;
        size_t size = 0;
        json_t *json;
        int r = frame_peek(received, max, &text, &size, err);

        if (r <= 0)
                return r;
        json = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
        frame_drop(received);
        if (!json_is_object(json)) {
                json_decref(json);
                return err_set(err, ERR_INPUT, "an answer that is not JSON");
        }
        *ret_json = json;
        return 1;
}
