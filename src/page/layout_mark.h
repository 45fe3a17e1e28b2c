/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Horizontal strokes through words and under them. */
#pragma once

#include <stddef.h>

struct page;
struct strokes;

struct marking; /* borrows the page and the strokes */

struct marking *marking_new(const struct page *page, struct strokes *horizontal);
void marking_free(struct marking *marking);
/* Each takes the strokes that it finds to be such. Strikes come before tables are looked for, underlines after. */
void marking_strikes(struct marking *marking);
void marking_underlines(struct marking *marking);
/* Marks (of enum document_mark) at x in the page's word of that index. */
unsigned marking_at(const struct marking *marking, size_t word, double x);
