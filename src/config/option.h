/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The option table's machinery: a row says where a setting stands, what it may be, what it is when it is left
 * out, and where it goes. Whatever is not in the table is unknown. */
#pragma once

#include <libconfig.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config/config.h"

struct str_list;

struct option_reader {
        struct config_problems *problems;
        const char *file;   /* that is being read */
        const char *folder; /* where relative paths start: the main file's, absolute */
};

enum option_type {
        OPTION_TEXT,  /* char *, one line */
        OPTION_LINES, /* char *, newlines allowed */
        OPTION_PATH,  /* char *, made absolute unless empty */
        OPTION_TEXTS, /* struct str_list */
        OPTION_WORD,  /* int: index into words */
        OPTION_INT,   /* int */
        OPTION_REAL,  /* double */
        OPTION_BOOL,  /* bool */
        OPTION_OTHER, /* read by its owner: known, and nothing more */
};

struct option {
        const char *path; /* "mailbox.host", from the file's root */
        enum option_type type;
        size_t offset;
        bool required;
        const char *text; /* default; words: OPTION_WORD's, "implicit|starttls", the first is the default */
        double number;    /* default */
        double min, max;  /* of numbers */
        const char *words;
        void (*check)(struct option_reader *reader, const config_setting_t *setting, const char *text);
};

/* Reads all rows from a group into base (zeroed before; owned strings come into it whatever happens), and
 * reports what is wrong and unknown. where: the group's name for people, "" at the root. ret_lines: NULL or
 * one a row, 0 where left out. */
void option_read(struct option_reader *reader, config_setting_t *group, const char *where,
    const struct option *options, size_t count, void *base, int *ret_lines);
/* Parses a file; false, with the problem, when that fails. The caller destroys ret_parsed after true. */
bool option_parse(struct option_reader *reader, config_t *ret_parsed);

/* Problems: setting NULL: the whole file. */
void option_error(struct option_reader *reader, const config_setting_t *setting, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void option_warn(struct option_reader *reader, const config_setting_t *setting, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void option_problem(
    struct config_problems *problems, const char *file, int line, bool warning, char *text_take);

/* ---- checks that several rows share; an empty text passes those that say so */
void option_check_filled(struct option_reader *, const config_setting_t *, const char *text);
void option_check_zone(struct option_reader *, const config_setting_t *, const char *text);
void option_check_email(struct option_reader *, const config_setting_t *, const char *text); /* or empty */
void option_check_file(struct option_reader *, const config_setting_t *, const char *text);  /* or empty */
