/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/bounds.h"

#include <stddef.h>

#include "base/wire.h"

const struct bounds bounds_default = { .message_mb = 30,
        .mime_depth = 20,
        .mime_parts = 200,
        .header_kb = 256,
        .document_mb = 20,
        .unpack_ratio = 100,
        .archive_entries = 200,
        .reader_cpu_seconds = 5,
        .reader_mb = 256,
        .ocr_pages = 10,
        .megapixels = 40,
        .ocr_cpu_seconds = 30 };

static const struct {
        const char *key;
        size_t offset;
        int max;
} rows[] = {
        { "message_mb", offsetof(struct bounds, message_mb), 1024 },
        { "mime_depth", offsetof(struct bounds, mime_depth), 100 },
        { "mime_parts", offsetof(struct bounds, mime_parts), 10000 },
        { "header_kb", offsetof(struct bounds, header_kb), 16 * 1024 },
        { "document_mb", offsetof(struct bounds, document_mb), 1024 },
        { "unpack_ratio", offsetof(struct bounds, unpack_ratio), 10000 },
        { "archive_entries", offsetof(struct bounds, archive_entries), 100000 },
        { "reader_cpu_seconds", offsetof(struct bounds, reader_cpu_seconds), 3600 },
        { "reader_mb", offsetof(struct bounds, reader_mb), 16 * 1024 },
        { "ocr_pages", offsetof(struct bounds, ocr_pages), 1000 },
        { "megapixels", offsetof(struct bounds, megapixels), 1000 },
        { "ocr_cpu_seconds", offsetof(struct bounds, ocr_cpu_seconds), 3600 },
};

int bounds_from_json(const json_t *json, struct bounds *ret_bounds, struct err *err)
{
        struct bounds bounds = bounds_default;

        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
                json_int_t number;

                if (!json_object_get(json, rows[i].key))
                        continue;
                if (wire_integer(json, rows[i].key, 1, rows[i].max, &number, err) < 0)
                        return -1;
                *(int *)((char *)&bounds + rows[i].offset) = (int)number;
        }
        *ret_bounds = bounds;
        return 0;
}
