/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cells of an OpenDocument sheet whose value says more than the text they show (ODF 1.3 Part 3, 19.385). */
#pragma once

#include <libxml/tree.h>
#include <stdbool.h>

struct odf;
struct odf_ways;

/* Writes a truth value as a box, a date with its year, a number with all its digits. False: the cell's text
 * says it as well. */
bool odf_value(struct odf *o, xmlNodePtr cell, const struct odf_ways *ways);
