/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The commands of zapisyctl: one row and one file each. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct args;
struct ctl;
struct err;

enum command_need {
        NEED_NOTHING, /* every setting is as if it were left out; no event */
        NEED_CONFIG,  /* the configuration only */
        NEED_READ,    /* the register as it is at one moment */
        NEED_WRITE,   /* one transaction, committed when run() returns 0; run() may be called again */
};

struct command {
        const char *name, *operands, *summary;
        const char *help;   /* the rest of its --help */
        unsigned options;   /* OPTION_... it takes */
        size_t least, most; /* operands after its name */
        enum command_need need;
        /* Usage, before anything is opened; NULL: nothing more to check. ERR_INPUT. */
        int (*check)(const struct args *args, struct err *err);
        /* Whether this use of a NEED_READ command writes; NULL: never. */
        bool (*writes)(const struct args *args);
        int (*run)(struct ctl *ctl, struct err *err);
};

enum { COMMAND_ANY = 1000000 }; /* any number of operands */

extern const struct command command_accept, command_add, command_cancel, command_digest, command_edit,
    command_learn, command_list, command_login, command_mail, command_outbox, command_pause, command_read,
    command_resolve, command_resume, command_review, command_show, command_status, command_waitlist,
    command_why;

const struct command *command_find(const char *name); /* or NULL */
const char *command_nearest(const char *name);        /* what was probably meant, or NULL */
/* Help texts; owned. */
char *command_help_all(void);
char *command_help(const struct command *command);
