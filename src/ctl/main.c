/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zapisyctl: the coordinator's hand on the register. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/version.h"
#include "core/zone.h"
#include "ctl/args.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/text.h"

static int usage(const struct err *err, const char *command)
{
        CLEANUP_FREE char *text = text_line(err->text);

        fprintf(stderr, "zapisyctl: %s\nTry: zapisyctl %s%s--help\n", text, command, *command ? " " : "");
        return CTL_USAGE;
}

static int unknown(const char *name)
{
        static const char *const later[] = { "export", "forget", "export-person", "backup", "restore" };
        CLEANUP_FREE char *word = text_line(name);
        const char *nearest = command_nearest(name);

        for (size_t i = 0; i < sizeof later / sizeof *later; i++)
                if (strcmp(name, later[i]) == 0) {
                        fprintf(stderr,
                            "zapisyctl: this version has no %s yet; \"zapisyctl list --csv\" and \"--json\" "
                            "give the register\n",
                            word);
                        return CTL_USAGE;
                }
        if (nearest)
                fprintf(stderr, "zapisyctl: no command is called %s; did you mean %s?\n", word, nearest);
        else
                fprintf(
                    stderr, "zapisyctl: no command is called %s; \"zapisyctl --help\" lists them\n", word);
        return CTL_USAGE;
}

static int help(const struct command *command)
{
        CLEANUP_FREE char *text = command ? command_help(command) : command_help_all();

        fputs(text, stdout);
        return fflush(stdout) == 0 ? CTL_DONE : CTL_REFUSED;
}

/* Everything about usage is said before anything is opened. */
static int check(const struct args *args, const struct command *command, struct err *err)
{
        const size_t operands = args->operand_count - 1;
        int64_t instant;

        if (args_allow(args, command->options, command->name, err) < 0)
                return -1;
        if (operands < command->least)
                return err_set(err, ERR_INPUT, "%s wants %s", command->name, command->operands);
        if (operands > command->most)
                return err_set(err, ERR_INPUT, "%s does not take \"%.100s\"", command->name,
                    args->operands[command->most + 1]);
        /* Whether it is a time at all; which instant, the coordinator's zone says later. */
        if (args->now && zone_parse(args->now, "UTC", &instant, err) < 0)
                return err_prefix(err, "--now");
        return command->check ? command->check(args, err) : 0;
}

static int start(const struct args *args)
{
        const char *name = args->operand_count ? args->operands[0] : NULL;
        const struct command *command = name ? command_find(name) : NULL;
        struct err err = { 0 };

        if (args->version) {
                printf("zapisyctl %s\n", ZAPISY_VERSION);
                return fflush(stdout) == 0 ? CTL_DONE : CTL_REFUSED;
        }
        if (name && !command)
                return unknown(name);
        if (args->help)
                return help(command);
        if (!command) {
                err_set(&err, ERR_INPUT, "a command is missing");
                return usage(&err, "");
        }
        if (check(args, command, &err) < 0)
                return usage(&err, name);
        return ctl_run(args, command);
}

int main(int argc, char **argv)
{
        struct args args;
        struct err err = { 0 };
        int code;

        if (args_parse(argc, argv, &args, &err) < 0)
                return usage(&err, "");
        code = start(&args);
        args_free(&args);
        return code;
}
