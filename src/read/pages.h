/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Documents that are pages to look at: PDF files and pictures. They need large libraries, so they are read by a
 * program of their own (src/page), which is this reader with its own readers of pages handed in. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct bounds;
struct document;

struct pages_readers {
        /* Each fills the document; what cannot be read is a problem of it. */
        void (*pdf)(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc);
        void (*picture)(const char *bytes, size_t size, const struct bounds *bounds, struct document *doc);
        void (*preload)(void); /* in the parent, before anything is locked */
        /* Recognising words takes long to load, so it is loaded when the first picture needs it. In the child: whether
         * what was read needs it. In the locked parent: loads it; the child is started once more. */
        bool (*need_words)(void);
        void (*load_words)(void);
};

enum { PAGES_NEED_WORDS = 98 }; /* exit status of a child that gave no answer for that reason */
