/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/command.h"

#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/fold.h"

static const struct command *const commands[] = {
        &command_status,
        &command_list,
        &command_show,
        &command_why,
        &command_add,
        &command_edit,
        &command_accept,
        &command_waitlist,
        &command_cancel,
        &command_review,
        &command_resolve,
        &command_mail,
        &command_outbox,
        &command_pause,
        &command_resume,
        &command_read,
        &command_learn,
        &command_digest,
        &command_login,
};
enum { COMMANDS = sizeof commands / sizeof *commands };

static const char common[] =
    "  -c, --config FILE    the configuration (default: /etc/zapisyd/zapisyd.conf)\n"
    "  -e, --event EVENT    only this training; needed by add when there are several\n"
    "      --json           for machines\n"
    "      --now TIME       pretend it is that instant (2012-01-20 12:00, or RFC 3339)\n"
    "  -h, --help           this help; after a command: help for it\n"
    "      --version        the version\n";

const struct command *command_find(const char *name)
{
        for (size_t i = 0; i < COMMANDS; i++)
                if (strcmp(commands[i]->name, name) == 0)
                        return commands[i];
        return NULL;
}

const char *command_nearest(const char *name)
{
        enum { FAR = 2 };
        const char *nearest = NULL;
        size_t best = FAR + 1;

        for (size_t i = 0; i < COMMANDS; i++) {
                size_t distance = fold_distance(name, commands[i]->name, FAR);

                if (strlen(name) > 1 && str_starts(commands[i]->name, name))
                        distance = 1;
                if (distance < best) {
                        best = distance;
                        nearest = commands[i]->name;
                }
        }
        return nearest;
}

char *command_help_all(void)
{
        struct buf out = BUF_INIT(64 * 1024);

        buf_puts(&out, "zapisyctl: the coordinator's hand on the register that zapisyd keeps\n\n"
                       "usage: zapisyctl [-c FILE] [-e EVENT] COMMAND [OPERANDS]\n\ncommands:\n");
        for (size_t i = 0; i < COMMANDS; i++)
                buf_printf(&out, "  %-10s %s\n", commands[i]->name, commands[i]->summary);
        buf_printf(&out,
            "\noptions (before or after operands):\n%s\n"
            "zapisyctl COMMAND --help tells more; see also zapisyctl(1).\n",
            common);
        return buf_detach(&out, NULL);
}

char *command_help(const struct command *command)
{
        return xasprintf("usage: zapisyctl %s%s%s\n\n%s.\n%s%s\noptions of every command:\n%s", command->name,
            *command->operands ? " " : "", command->operands, command->summary,
            command->help && *command->help ? "\n" : "", command->help ? command->help : "", common);
}
