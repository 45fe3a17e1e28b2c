/* SPDX-License-Identifier: GPL-3.0-or-later */
/* LibreOffice, when it opens a Word document, takes the line breaks out of a content control's text and puts them
 * in front of the field that it makes of it: "m. 3" and "66-300" become "m. 366-300". */
#pragma once

#include <stddef.h>

/* The text with its breaks where they must have been: before a postal code, between a word's end and a capital.
 * Owned; NULL when there are more or fewer such places than breaks. */
char *odf_mend(const char *text, size_t breaks);
