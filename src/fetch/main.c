/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zapisy-fetch: logs in to the mailbox, hands messages over, marks them when told. */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/err.h"
#include "base/log.h"
#include "base/version.h"
#include "fetch/session.h"

enum { EXIT_USAGE = 64, EXIT_AGAIN = 75, MEMORY = 1024 * 1024 * 1024, DESCRIPTORS = 256 };

static int usage(FILE *to, int result)
{
        fputs("usage: zapisy-fetch [--version] [--help]\n"
              "Started by zapisyd, with a socket as its standard input; see zapisyd(8).\n",
            to);
        return result;
}

static int is_keeper(int fd)
{
        int type = 0;
        socklen_t size = sizeof type;

        return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

int main(int argc, char **argv)
{
        const struct confine_limits limits = {
                .memory = MEMORY,
                .descriptors = DESCRIPTORS,
                .processes = 0,
                .file_size = CONFINE_AS_IS,
                .cpu_seconds = CONFINE_AS_IS,
        };
        struct err err;

        if (argc == 2 && strcmp(argv[1], "--version") == 0)
                return printf("zapisy-fetch %s\n", ZAPISY_VERSION) < 0;
        if (argc == 2 && strcmp(argv[1], "--help") == 0)
                return usage(stdout, 0);
        if (argc > 1)
                return usage(stderr, EXIT_USAGE);
        if (!is_keeper(STDIN_FILENO)) {
                fputs("zapisy-fetch: standard input is not a socket of zapisyd; this program is started by "
                      "zapisyd, "
                      "see zapisyd(8)\n",
                    stderr);
                return EXIT_USAGE;
        }
        if (confine_process(&limits, &err) < 0) {
                log_error("zapisy-fetch cannot lock itself in: %s", err.text);
                return EXIT_AGAIN;
        }
        /* Trouble with the server is told to the keeper, who logs it once. */
        if (session_run(STDIN_FILENO, &err) < 0)
                log_debug("zapisy-fetch ends: %s", err.text);
        /* All is sent, and nothing is kept in files; what the libraries would do at exit needs what is
         * locked. */
        _exit(0);
}
