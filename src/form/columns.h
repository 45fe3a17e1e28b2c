/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables with a person a column: "Uczestnik 1 | Uczestnik 2" above, the labels at the left. */
#pragma once

struct scan;

/* Reads such tables anew, for after the labels were read. */
void columns_scan(struct scan *scan);
