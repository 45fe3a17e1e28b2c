/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zapisy-read: a mail or document in, facts and the fields of forms out. */
#include <stddef.h>

#include "read/program.h"

static const char usage[] =
    "Usage: zapisy-read [FILE]\n"
    "Reads one mail or document (FILE, or standard input) in a locked child and prints what it\n"
    "finds as JSON: the facts of a mail, the document model. zapisyd starts it with a socket\n"
    "as standard input and asks the questions itself.\n"
    "  --help     this text\n"
    "  --version  the version\n";

int main(int argc, char **argv)
{
        const struct program program = { "zapisy-read", usage, NULL };

        return program_main(&program, argc, argv);
}
