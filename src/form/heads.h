/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of people under two rows of headings: "Imię i nazwisko | Kontakt | Dieta", and below the last two "telefon |
 * e-mail" and "mięsna | jarska". */
#pragma once

#include <stddef.h>

struct grid;
struct scan;

/* Rows from the one of cells [start, end) on. Returns where the rows after the table of people begin; start itself when
 * it is no such table. */
size_t heads_scan(struct scan *scan, struct grid *grid, size_t start, size_t end);
