/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the blank form says about a label that was found in the filled one. */
#pragma once

struct label_match;
struct scan;

/* "Uwagi Dieta: bez orzechów" where the form prints "Uwagi ......": the label ends where the printed one does, not at the
 * colon of the answer. */
void printed_cut_label(const struct scan *scan, struct label_match *match);
