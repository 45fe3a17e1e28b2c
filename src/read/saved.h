/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A mail that somebody saved as a file (.eml, Outlook's .msg): its texts and its attachments are entries. None of a
 * machine's mail or a letter of ours. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bounds;
struct container;

bool saved_is(const char *bytes, size_t size, const struct bounds *bounds);
void saved_open(const char *bytes, size_t size, const struct bounds *bounds, struct container *container);
