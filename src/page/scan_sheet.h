/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A picture becomes a sheet of paper as it would lie on a scanner: 300 pixels an inch both ways, upright, straight,
 * on even white. */
#pragma once

#include <stdbool.h>

struct Pix;

enum { SCAN_DPI = 300 };

struct scan_sheet {
        struct Pix *grey;  /* owned; 8 bits */
        struct Pix *ink;   /* owned; 1 bit, set where it is dark */
        struct Pix *faint; /* owned; the same with what is only greyish: thin lines */
        bool bits;         /* the picture had only black and white: what is thin may be lost */
        bool coarse;       /* a standard fax: lines that lie nearly level are lost for a while */
};

/* Takes the picture (1 bit, or 8 bits grey). False: nothing can be made of it, and nothing is to be freed. */
bool scan_sheet_take(struct Pix *pix, struct scan_sheet *ret_sheet);
/* By quarters, clockwise. */
void scan_sheet_turn(struct scan_sheet *sheet, int quarters);
void scan_sheet_free(struct scan_sheet *sheet);

/* Pixels an inch, from what the file says (0: nothing) and from the page's proportions: a fax has fewer lines an inch
 * than dots. letters: height of letters to their width, 0 when not known. */
struct scan_resolution {
        double x, y;
};
struct scan_resolution scan_sheet_resolution(int width, int height, int said_x, int said_y, double letters);
