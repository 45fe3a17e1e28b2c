/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A cross in a table's cell, in whatever way it is made. */
#pragma once

struct cell;
struct scan;

enum cross {
        CROSS_NONE,  /* nothing, an empty box, "nie" */
        CROSS_ON,    /* "x", a ticked box, "tak", a sign of another script */
        CROSS_WORDS, /* other words, or what the file has lost something of */
};

enum cross cross_in(const struct scan *scan, const struct cell *cell);
