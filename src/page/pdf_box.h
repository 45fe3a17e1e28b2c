/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small squares and circles that were drawn to be ticked, and what is drawn in them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct page;
struct page_rect;

struct box_finder;

struct box_finder *box_finder_new(struct page *page);
bool box_fits(const struct page_rect *at); /* of a size to be ticked */
void box_add_square(struct box_finder *finder, const struct page_rect *at, bool filled);
void box_add_ink(struct box_finder *finder, const struct page_rect *at); /* something that is no line */
/* Looks for squares of four lines too, adds the boxes to the page, takes their lines from it, and frees. */
void box_finder_end(struct box_finder *finder);
