/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which of the formats that are zip archives this is, told by the names of what is in it. */
#pragma once

#include <stddef.h>

struct bounds;

enum package {
        PACKAGE_NONE, /* no zip archive at all */
        PACKAGE_WORD,
        PACKAGE_EXCEL,
        PACKAGE_ODF,
        PACKAGE_PAGES,   /* Apple's */
        PACKAGE_OTHER,   /* a document of a program that no form is read from: slides, books, binary sheets */
        PACKAGE_ARCHIVE, /* somebody's files */
};

/* Of a damaged archive it is guessed from its first bytes. */
enum package package_of(const char *bytes, size_t size, const struct bounds *bounds);
