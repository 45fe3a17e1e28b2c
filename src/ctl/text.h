/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Text from outside on a person's terminal. */
#pragma once

#include <stddef.h>

/* Columns on a terminal: marks that combine take none, wide letters two (Unicode UAX #11). Valid UTF-8. */
size_t text_width(const char *text);
/* Controls, direction marks and invalid bytes become one blank each, so that nothing moves the cursor or
 * forges a line. text_line(): line ends too. Owned. */
char *text_line(const char *text);
char *text_lines(const char *text); /* keeps "\n" */
/* At most width columns; what was longer ends in an ellipsis. Owned. */
char *text_cut(const char *text, size_t width);
