/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zapisy-pages: the half of the reader that is loaded when needed. It reads all that zapisy-read does, and PDF files
 * and pictures of pages. */
#include "page/pdf.h"
#include "page/scan.h"
#include "read/pages.h"
#include "read/program.h"

static const char usage[] =
    "Usage: zapisy-pages [FILE]\n"
    "Reads one mail or document (FILE, or standard input) as zapisy-read does, PDF files and\n"
    "pictures of pages too. zapisyd starts it when there are such, and ends it when there are none.\n"
    "  --help     this text\n"
    "  --version  the version\n";

static void preload(void)
{
        pdf_preload();
        scan_preload();
}

static const struct pages_readers pages = { pdf_read, scan_read, preload, scan_needs_words, scan_load_words };

int main(int argc, char **argv)
{
        const struct program program = { "zapisy-pages", usage, &pages };

        return program_main(&program, argc, argv);
}
