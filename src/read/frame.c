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

int frame_take(struct buf *received, size_t max, json_t **ret_json, struct err *err)
{
        uint32_t head;
        size_t size;
        json_t *json;

        if (received->size < sizeof head)
                return 0;
        memcpy(&head, received->data, sizeof head);
        size = le32toh(head);
        if (size > max)
                return err_set(err, ERR_INPUT, "an answer that is too large");
        if (received->size < sizeof head + size)
                return 0;
        json = json_loadb(received->data + sizeof head, size, JSON_REJECT_DUPLICATES, NULL);
        memmove(received->data, received->data + sizeof head + size, received->size - sizeof head - size);
        buf_truncate(received, received->size - sizeof head - size);
        if (!json_is_object(json)) {
                json_decref(json);
                return err_set(err, ERR_INPUT, "an answer that is not JSON");
        }
        *ret_json = json;
        return 1;
}
