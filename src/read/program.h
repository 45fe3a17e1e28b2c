/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A reading program: the template of the children that do the reading. It loads what they need, shuts itself in,
 * and never parses what strangers wrote. */
#pragma once

struct pages_readers;

struct program {
        const char *name; /* "zapisy-read" */
        const char *usage;
        const struct pages_readers *pages; /* NULL: PDF files and pictures are not read here */
};

/* With a socket as standard input it serves the keeper (core/record.h), else it reads one file. The exit status. */
int program_main(const struct program *program, int argc, char **argv);
