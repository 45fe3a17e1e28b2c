/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of an OpenDocument (ODF 1.3 Part 3, 9). */
#pragma once

#include <libxml/tree.h>

struct odf;
struct odf_ways;

void odf_table(struct odf *o, xmlNodePtr node, const struct odf_ways *ways);
/* A sheet is one table; empty cells without a border are left out, and so is what is hidden. */
void odf_sheet(struct odf *o, xmlNodePtr node, const struct odf_ways *ways);
