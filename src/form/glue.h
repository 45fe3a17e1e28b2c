/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Some programs lose the line ends of an answer when they write another format: "… 7 m. 366-300 Międzyrzecz". */
#pragma once

#include <stdbool.h>

/* Whether two lines may have run together somewhere in the text: a sentence that begins without a blank, a postal
 * code or a capital in the middle of a word. */
bool glue_is_likely(const char *text);
/* The text with line ends where they are surely lost: before the sentence, before the postal code. Owned. */
char *glue_undo(const char *text);
