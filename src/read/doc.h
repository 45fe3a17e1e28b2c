/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Word 97-2003 documents ([MS-DOC]): text by the piece table, formatting by its pages of runs; main text and text
 * boxes. Older Word documents are left to a person. */
#pragma once

#include <stddef.h>

struct bounds;
struct document;
struct ole;

void doc_read(const struct ole *ole, const struct bounds *bounds, struct document *doc);
