/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Mail that was sent on inside the text of another: "---------- Forwarded message ---------", "Begin forwarded
 * message:", "---- Wiadomość przekazana ----", or, under a subject "Fwd:", "FW:", "PD:", the header block that
 * mail programs write ("Od: ... Wysłano: ... Do: ... Temat: ..."). */
#pragma once

#include <stdbool.h>

struct mail;
struct quote_lines;

/* A subject that a mail program gives to what it forwards. */
bool forward_is_subject(const char *subject);
/* Marks the lines that are the own words of a forwarded mail (the last one, where it was forwarded several
 * times, and those in between), and notes each forward in the mail. lines: after quote_mark(). */
void forward_mark(struct quote_lines *lines, struct mail *mail);
