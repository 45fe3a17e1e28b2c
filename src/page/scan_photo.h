/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A photograph of a sheet of paper on something darker. */
#pragma once

struct Pix;

/* The sheet alone, seen straight from above at SCAN_DPI, when its four corners are in the picture (8 bits grey);
 * the caller's. NULL: there is no such sheet. */
struct Pix *scan_photo_flatten(struct Pix *pix);
