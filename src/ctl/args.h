/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The command line: options may stand before or after operands (PRODUCT.md 3). One pass knows all options; a
 * command then says which of them it takes. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct err;

enum { /* the options that belong to single commands */
        OPTION_STATUS = 1 << 0,
        OPTION_CSV = 1 << 1,
        OPTION_RAW = 1 << 2,
        OPTION_LETTER = 1 << 3,
        OPTION_CHANNEL = 1 << 4,
        OPTION_RECEIVED = 1 << 5,
        OPTION_EXTRA_SEAT = 1 << 6,
        OPTION_DISMISS = 1 << 7,
        OPTION_SEND = 1 << 8,
        OPTION_QUIET = 1 << 9,
        OPTION_MODEL = 1 << 10,
        OPTION_TITLE = 1 << 11,
};

struct args { /* strings are borrowed from argv; NULL where not given */
        const char *config, *event, *now;
        bool json, help, version;
        unsigned used; /* of the above */
        const char *status, *raw, *channel, *received, *title;
        const char **operands; /* owned array; the first one is the command */
        size_t operand_count;
};

/* ERR_INPUT in plain words. */
int args_parse(int argc, char **argv, struct args *ret_args, struct err *err);
void args_free(struct args *args);
/* Whether everything used is allowed for that command; ERR_INPUT names what is not. */
int args_allow(const struct args *args, unsigned allowed, const char *command, struct err *err);
