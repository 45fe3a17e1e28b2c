/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Picture files as pages of grey pixels. What the header promises is looked at before anything is unpacked. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct Pix;

/* An open file; borrows the bytes. */
struct scan_file {
        const unsigned char *bytes;
        size_t size;
        int format; /* leptonica's IFF_... */
        int pages;  /* at most "most" of scan_file_open(), and one more when there are more */
};

/* How large a page is before it is unpacked, and its pixels per inch, 0 when the file does not say. */
struct scan_size {
        int width, height, depth; /* depth: bits of all samples of a pixel */
};

/* False: no picture that is known here. */
bool scan_file_open(struct scan_file *ret_file, const char *bytes, size_t size, int most);
/* False: the page is damaged. */
bool scan_file_size(const struct scan_file *file, int page, struct scan_size *ret_size);
/* 1 bit (faxes) or 8 bits grey, the right way up as far as the file says; the caller's. NULL: it is damaged. */
struct Pix *scan_file_page(const struct scan_file *file, int page);
/* The orientation of TIFF and EXIF, 1 to 8; 1 when a JPEG file has none. */
int scan_file_orientation(const unsigned char *bytes, size_t size);
