/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The reader's share of the configuration's limits (PRODUCT.md 4). */
#pragma once

#include <jansson.h>

struct err;

struct bounds {
        int message_mb, mime_depth, mime_parts, header_kb;
        int document_mb, unpack_ratio, archive_entries;
        int reader_cpu_seconds, reader_mb;
        int ocr_pages, megapixels, ocr_cpu_seconds; /* of the half that reads pages */
};

extern const struct bounds bounds_default;

/* From a "limits" record; keys left out keep their default, keys of others are ignored. */
int bounds_from_json(const json_t *json, struct bounds *ret_bounds, struct err *err);
