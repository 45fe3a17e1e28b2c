/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words that look like a name where nothing says that they are one. */
#pragma once

#include <stdbool.h>

/* Whether the words look like one person's name with first name and surname: "dr Jan Kowalski-Lis". */
bool fullname_is(const char *text);
