/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is printed on every page around the text: page numbers, headers, footers. */
#pragma once

#include <stddef.h>

struct sheet;

/* Takes such lines away, so that no answer runs into them. The first page keeps its header. */
void furniture_remove(struct sheet *sheets, size_t count);
