/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of two words beside each other is printed in bold letters. */
#pragma once

#include "page/scan_shape.h"

struct Pix;

/* -1: the first, 1: the second, 0: neither, or both. */
int scan_bold_of(struct Pix *ink, struct scan_place first, struct scan_place second);
