/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Boxes beside options of a field that is text to us: "Dieta: [ ] mięsna [x] wegetariańska". */
#pragma once

#include <stddef.h>

struct sheet;
struct span;

enum { TICKED_MAX = 16 };

size_t ticked_boxes(const struct sheet *sheet, const struct span *spans, size_t count);
/* What stands beside ticked boxes: behind each where a box comes first, else before it; at most TICKED_MAX pieces.
 * count is not 0. */
size_t ticked_pieces(
    const struct sheet *sheet, const struct span *spans, size_t count, struct span *ret_pieces);
