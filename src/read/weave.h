/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Answers that the writer typed between the lines of a form that they quote: "> Telefon: ......" and below it, in
 * their own words, the number. */
#pragma once

struct document;
struct quote_lines;

/* The quoted lines with the writer's own between them, in order, a line a block; an answer comes behind the quoted line
 * that waits for one. Empty when nothing stands between quoted lines. lines: after quote_mark() and forward_mark(). */
void weave_lines(const struct quote_lines *lines, struct document *doc);
