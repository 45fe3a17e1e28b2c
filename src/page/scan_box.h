/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small squares to be ticked, and whether they are. */
#pragma once

#include <stdbool.h>

struct scan_sheet;
struct scan_shapes;

/* Adds the boxes and takes them off the sheet. broken: those whose frames have gaps, too. */
void scan_boxes_take(struct scan_sheet *sheet, bool broken, struct scan_shapes *shapes);
/* Of a fax with frames as thin as a hair the crosses may have been lost: no box is surely empty. */
void scan_boxes_doubt(const struct scan_sheet *sheet, struct scan_shapes *shapes);
