/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of people of which only the text was left, a line a cell: "Lp.", "Imię i nazwisko", "Telefon", "1.", "Jan
 * Kowalski", "600 100 200", "2.", ...; or "Uczestnik 1", "Uczestnik 2", "Telefon", "600 100 200", "600 100 201". */
#pragma once

struct scan;

/* Reads such tables anew, for after the labels were read. */
void stacks_scan(struct scan *scan);
