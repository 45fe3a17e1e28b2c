/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zapisyd: see zapisyd(8). */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/version.h"
#include "core/zone.h"
#include "keeper/keeper.h"

#define DEFAULT_CONFIG "/etc/zapisyd/zapisyd.conf"
#define DEFAULT_ZONE "Europe/Warsaw"

static const char help[] =
    "Usage: zapisyd [-c FILE] [--once] [--check] [--now TIME]\n"
    "\n"
    "Turns a coordinator's mailbox into a register: reads registration forms over IMAP, records\n"
    "them, answers each applicant over SMTP. Without options it is the service, in the foreground.\n"
    "\n"
    "  -c, --config FILE  the configuration (default " DEFAULT_CONFIG ")\n"
    "      --once         one pass: what is in the mailbox is decided, what is due is sent; then end\n"
    "      --check        try the configuration, both servers and the store; change nothing\n"
    "      --now TIME     pretend it is that instant: 2012-01-20T11:05:00+01:00, or \"2012-01-20 11:05\"\n"
    "                     in " DEFAULT_ZONE " (for rehearsals and tests)\n"
    "      --version      say the version\n"
    "      --help         this\n"
    "\n"
    "Signals: SIGHUP reads the configuration anew, SIGTERM finishes the step in hand and stops.\n"
    "Exit status: 0 done, 64 usage, 75 try again, 78 configuration.\n"
    "See also: zapisyctl(1), zapisyd.conf(5).\n";

struct arguments {
        const char *config;
        bool once, check;
        struct clock clock;
};

static int usage(const char *why)
{
        fprintf(stderr, "zapisyd: %s\nTry \"zapisyd --help\".\n", why);
        return EXIT_USAGE_ERROR;
}

/* -1: go on. Otherwise the exit code. */
static int parse(int argc, char **argv, struct arguments *arguments)
{
        enum { OPT_ONCE = 256, OPT_CHECK, OPT_NOW, OPT_VERSION, OPT_HELP };
        static const struct option options[] = {
                { "config", required_argument, NULL, 'c' },
                { "once", no_argument, NULL, OPT_ONCE },
                { "check", no_argument, NULL, OPT_CHECK },
                { "now", required_argument, NULL, OPT_NOW },
                { "version", no_argument, NULL, OPT_VERSION },
                { "help", no_argument, NULL, OPT_HELP },
                { NULL, 0, NULL, 0 },
        };
        struct err err;
        int64_t now;
        int c;

        while ((c = getopt_long(argc, argv, "c:", options, NULL)) != -1)
                switch (c) {
                case 'c':
                        arguments->config = optarg;
                        break;
                case OPT_ONCE:
                        arguments->once = true;
                        break;
                case OPT_CHECK:
                        arguments->check = true;
                        break;
                case OPT_NOW:
                        if (zone_parse(optarg, DEFAULT_ZONE, &now, &err) < 0)
                                return usage(err.text);
                        arguments->clock.offset = now - (int64_t)time(NULL);
                        break;
                case OPT_VERSION:
                        puts("zapisyd " ZAPISY_VERSION);
                        return EXIT_DONE;
                case OPT_HELP:
                        fputs(help, stdout);
                        return EXIT_DONE;
                default:
                        return usage("an option that is not known, or lacks its value");
                }
        if (optind < argc)
                return usage("it takes no operands");
        return -1;
}

int main(int argc, char **argv)
{
        struct arguments arguments = { .config = DEFAULT_CONFIG };
        struct keeper keeper = { 0 };
        int code = parse(argc, argv, &arguments);

        if (code >= 0)
                return code;
        if (arguments.check)
                return check_run(arguments.config, clock_now(&arguments.clock));
        keeper.config_file = arguments.config;
        keeper.once = arguments.once;
        keeper.clock = arguments.clock;
        return keeper_run(&keeper);
}
