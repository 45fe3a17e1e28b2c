/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/glyph.h"

#include <unicode/uchar.h>

bool glyph_is_ticked(UChar32 c)
{
        switch (c) {
        case 0x2611: /* ☑ */
        case 0x2612: /* ☒ */
        case 0x2705: /* ✅ */
        case 0x2713: /* ✓ ✔ ✗ ✘ */
        case 0x2714:
        case 0x2717:
        case 0x2718:
        case 0x25A0: /* ■ */
        case 0x25FC: /* ◼ */
        case 0xF052: /* Wingdings and Wingdings 2, as Word keeps them in the private area */
        case 0xF053:
        case 0xF078:
        case 0xF0FB:
        case 0xF0FC:
        case 0xF0FD:
        case 0xF0FE:
        case 0xFE: /* þ: the Wingdings box in a program without that font */
                return true;
        default:
                return c == 0x1F5F9 || c == 0x1F5F5 || c == 0x1F5F7;
        }
}

bool glyph_is_unticked(UChar32 c)
{
        switch (c) {
        case 0x2610: /* ☐ */
        case 0x25A1: /* □ */
        case 0x25A2:
        case 0x25FB: /* ◻ */
        case 0x2B1C: /* ⬜ */
        case 0x2751: /* ❑ ❒ */
        case 0x2752:
        case 0xF02A:
        case 0xF06F:
        case 0xF070:
        case 0xF071:
        case 0xF072:
        case 0xF0A3:
        case 0xF0A8:
        case 0xA8: /* ¨: likewise */
                return true;
        default:
                return false;
        }
}

bool glyph_is_in_word(UChar32 c)
{
        int8_t type = u_charType(c);

        return (u_isalnum(c) && c != 0xFE) || type == U_NON_SPACING_MARK || type == U_COMBINING_SPACING_MARK;
}

bool glyph_is_blank(UChar32 c)
{
        return u_isUWhiteSpace(c) || u_iscntrl(c) || c == 0x200B || c == 0xFEFF;
}

size_t glyph_leader(UChar32 c)
{
        switch (c) {
        case '.':
        case 0xB7: /* · */
                return 3;
        case '_':
                return 2;
        case GLYPH_ELLIPSIS:
        case 0x2025: /* ‥ */
                return 1;
        case '-':
        case 0x2013:
        case 0x2014:
                return 4;
        default:
                return 0;
        }
}
