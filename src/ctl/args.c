/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/args.h"

#include <getopt.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"

enum { LONG_NOW = 256, LONG_JSON, LONG_VERSION, LONG_COMMANDS = 1 << 16 };

static const struct option options[] = {
        { "config", required_argument, NULL, 'c' },
        { "event", required_argument, NULL, 'e' },
        { "help", no_argument, NULL, 'h' },
        { "json", no_argument, NULL, LONG_JSON },
        { "now", required_argument, NULL, LONG_NOW },
        { "version", no_argument, NULL, LONG_VERSION },
        { "status", required_argument, NULL, LONG_COMMANDS + OPTION_STATUS },
        { "csv", no_argument, NULL, LONG_COMMANDS + OPTION_CSV },
        { "raw", required_argument, NULL, LONG_COMMANDS + OPTION_RAW },
        { "letter", no_argument, NULL, LONG_COMMANDS + OPTION_LETTER },
        { "channel", required_argument, NULL, LONG_COMMANDS + OPTION_CHANNEL },
        { "received", required_argument, NULL, LONG_COMMANDS + OPTION_RECEIVED },
        { "extra-seat", no_argument, NULL, LONG_COMMANDS + OPTION_EXTRA_SEAT },
        { "dismiss", no_argument, NULL, LONG_COMMANDS + OPTION_DISMISS },
        { "send", no_argument, NULL, LONG_COMMANDS + OPTION_SEND },
        { "quiet", no_argument, NULL, LONG_COMMANDS + OPTION_QUIET },
        { "model", no_argument, NULL, LONG_COMMANDS + OPTION_MODEL },
        { "title", required_argument, NULL, LONG_COMMANDS + OPTION_TITLE },
        { NULL, 0, NULL, 0 },
};

static void take_command_option(struct args *args, unsigned bit, const char *value)
{
        args->used |= bit;
        switch (bit) {
        case OPTION_STATUS:
                args->status = value;
                break;
        case OPTION_RAW:
                args->raw = value;
                break;
        case OPTION_CHANNEL:
                args->channel = value;
                break;
        case OPTION_RECEIVED:
                args->received = value;
                break;
        case OPTION_TITLE:
                args->title = value;
                break;
        default:
                break;
        }
}

static void take(struct args *args, int which, const char *value)
{
        switch (which) {
        case 'c':
                args->config = value;
                break;
        case 'e':
                args->event = value;
                break;
        case 'h':
                args->help = true;
                break;
        case LONG_JSON:
                args->json = true;
                break;
        case LONG_NOW:
                args->now = value;
                break;
        case LONG_VERSION:
                args->version = true;
                break;
        case 1:
                args->operands[args->operand_count++] = value;
                break;
        default:
                take_command_option(args, (unsigned)(which - LONG_COMMANDS), value);
        }
}

int args_parse(int argc, char **argv, struct args *ret_args, struct err *err)
{
        struct args args = { .operands = xcalloc((size_t)argc + 1, sizeof *args.operands) };
        int which;

        optind = 0; /* glibc: start anew */
        opterr = 0;
        /* "-": operands come in turn, whatever POSIXLY_CORRECT says; ":": a missing value is told apart. */
        while ((which = getopt_long(argc, argv, "-:c:e:h", options, NULL)) != -1) {
                const char *word = optind > 0 && optind <= argc ? argv[optind - 1] : "";

                if (which == ':' || which == '?') {
                        args_free(&args);
                        return which == ':' ? err_set(err, ERR_INPUT, "the option %s needs a value", word)
                                            : err_set(err, ERR_INPUT, "no option is called %s", word);
                }
                take(&args, which, optarg);
        }
        while (optind < argc)
                args.operands[args.operand_count++] = argv[optind++];
        *ret_args = args;
        return 0;
}

void args_free(struct args *args)
{
        free(args->operands);
        *args = (struct args){ 0 };
}

int args_allow(const struct args *args, unsigned allowed, const char *command, struct err *err)
{
        for (const struct option *option = options; option->name; option++) {
                unsigned bit = option->val > LONG_COMMANDS ? (unsigned)(option->val - LONG_COMMANDS) : 0;

                if (bit & args->used & ~allowed)
                        return err_set(err, ERR_INPUT, "%s takes no --%s", command, option->name);
        }
        return 0;
}
