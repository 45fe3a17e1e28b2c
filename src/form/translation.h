/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Labels with their words in another language in the line below: "Telefon", "Phone". */
#pragma once

struct grid;
struct scan;

/* Makes the second language of a table's labels a part of them, where something tells that it is no answer. */
void translation_settle(const struct scan *scan, struct grid *grid);
