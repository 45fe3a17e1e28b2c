/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rich text as mails keep it, packed ([MS-OXRTFCP]). */
#pragma once

#include <stddef.h>

struct buf;

/* ret_rtf must be empty, and bounds what is unpacked. -1 when it is damaged or too large. */
int packed_rtf_open(const void *packed, size_t size, struct buf *ret_rtf);
