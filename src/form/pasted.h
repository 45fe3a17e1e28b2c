/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables that came as lines of text: a line of labels with tabulators, "|" or ";" between them, and a person a line
 * below it, as programs paste a part of a sheet into a mail. */
#pragma once

struct scan;

/* Adds the answers of such lines and takes away what was read from them otherwise. For after the labels were read. */
void pasted_scan(struct scan *scan);
