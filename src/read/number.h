/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A spreadsheet's numbers as a person sees them: Excel's number formats (ECMA-376 Part 1, 18.8.31), as far as
 * forms use them, in Polish. */
#pragma once

#include <stdbool.h>

struct buf;

/* The number in the format; 1904: days are counted from that year. Dates are written "12.04.2019" and
 * "12.04.2019 16:00", times "16:00", whatever their format's order. */
void number_format(double number, const char *format, bool from_1904, struct buf *out);
/* All its digits, with a decimal comma. */
void number_plain(double number, struct buf *out);
/* The format of a built-in number (18.8.30); "General" for one that is not there. */
const char *number_builtin(int id);
