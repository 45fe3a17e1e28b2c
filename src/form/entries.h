/* SPDX-License-Identifier: GPL-3.0-or-later */
/* People on numbered lines with labels between their answers: "1. Anna Lis stanowisko: referent e-mail: anna@lis.pl",
 * "2. ........ stanowisko: ........ e-mail: ........". */
#pragma once

struct scan;

/* Adds the answers of such lines, one person a line, and takes away what was read from them otherwise. For after the
 * labels were read. */
void entries_scan(struct scan *scan);
