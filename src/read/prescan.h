/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A look at a mail's structure without recursion, before the MIME library, which recurses, sees it. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bounds;
struct buf;

struct prescan {
        size_t header_size; /* bytes up to the empty line, that included */
        bool header_large;  /* more than header_kb */
        bool deep;          /* more than mime_depth multiparts or messages inside each other */
        bool many;          /* more than mime_parts parts */
        bool tangled;       /* an address header with absurdly many groups or comments */
};

void prescan(const char *bytes, size_t size, const struct bounds *bounds, struct prescan *ret_scan);
/* What may safely be parsed of a mail for which one of the above holds: its own header, within the bound,
 * without the tangled lines. */
void prescan_header(
    const char *bytes, const struct prescan *scan, const struct bounds *bounds, struct buf *out);
