/* SPDX-License-Identifier: GPL-3.0-or-later */
/* winmail.dat: what Outlook makes of a mail with rich text (MS-OXTNEF), through libytnef. Its attachments, and
 * the text itself as the first entry, where there is one. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bounds;
struct container;

void tnef_preload(void); /* before the child is locked */
bool tnef_is(const char *bytes, size_t size, const struct bounds *bounds);
void tnef_open(const char *bytes, size_t size, const struct bounds *bounds, struct container *container);
