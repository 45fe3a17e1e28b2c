/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rulings of a standard fax: where they are not quite level, every other half inch of them is missing. */
#pragma once

struct Pix;
struct scan_shapes;

/* Joins the pieces of level rules, and those to the walls of their table; draws what was missing (1 bit). */
void scan_rulings_mend(struct Pix *rules, struct scan_shapes *shapes);
