/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables that have lines between their rows only: their columns are where no row has words. */
#pragma once

struct page;
struct strokes;

/* Adds a vertical stroke for each such column to those of the page. */
void columns_add(const struct page *page, const struct strokes *horizontal, struct strokes *vertical);
