/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Captions: labels under the line to write on, in brackets ("(imię i nazwisko)") or without them. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct scan;

/* Whether labels alone in their lines stand under answers that were written without dots, told by the kinds of the
 * answers: how sure that is, 0 to 1. What scan.under is for while lines [first, last) are read. */
double captions_are_under(const struct scan *scan, size_t first, size_t last);
/* Whether labels without brackets or signs stand under their answers in lines [first, last): told by the first and the
 * last of them, for in between lines of dots look the same both ways. */
bool captions_are_plain(const struct scan *scan, size_t first, size_t last);
/* Whether the line is such a label; lines before first do not count. */
bool captions_is_plain(const struct scan *scan, size_t line, size_t first);
/* Adds what stands above the captions; plain: also above those without brackets. */
void captions_scan(struct scan *scan, size_t first, size_t last, bool plain);
/* Adds what is written before labels in brackets in the middle of a sentence. False: the line is no such sentence. */
bool captions_scan_sentence(struct scan *scan, size_t line);
