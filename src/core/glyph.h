/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What single characters are in forms. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <unicode/umachine.h>

enum { GLYPH_ELLIPSIS = 0x2026 }; /* alone a line to write on */

bool glyph_is_ticked(UChar32 c);   /* a ticked or crossed box, a tick */
bool glyph_is_unticked(UChar32 c); /* an empty box */
bool glyph_is_in_word(UChar32 c);
bool glyph_is_blank(UChar32 c);
/* How many of this character make a line to write on; 0: it never does. */
size_t glyph_leader(UChar32 c);
