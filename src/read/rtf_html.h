/* SPDX-License-Identifier: GPL-3.0-or-later */
/* HTML that Outlook keeps inside rich text, taken out again ([MS-OXRTFEX]). */
#pragma once

#include <stddef.h>

/* UTF-8, the caller's; NULL when the rich text holds no HTML. */
char *rtf_html(const char *rtf, size_t size);
