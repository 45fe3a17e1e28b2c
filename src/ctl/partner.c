/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/partner.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/version.h"
#include "base/wire.h"

/* ---- starting it */
static char *find_program(const char *program, struct err *err)
{
        static const char *const places[] = { "", "../libexec/zapisyd/" };
        char self[4096];
        ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
        char *slash;

        self[size > 0 ? size : 0] = '\0';
        slash = strrchr(self, '/');
        if (!slash) {
                err_errno(err, ERR_PERM, "/proc/self/exe");
                return NULL;
        }
        slash[1] = '\0';
        for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
                char *path = xasprintf("%s%s%s", self, places[i], program);

                if (access(path, X_OK) == 0)
                        return path;
                free(path);
        }
        err_set(err, ERR_PERM, "%s is neither in %s nor in %s../libexec/zapisyd", program, self, self);
        return NULL;
}

/* In the child: its socket is descriptor 0, and it does not outlive us. */
_Noreturn static void become(const char *path, const char *program, int sock)
{
        char *argv[] = { (char *)(uintptr_t)program, NULL };

        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (dup2(sock, STDIN_FILENO) >= 0)
                execv(path, argv);
        _exit(127);
}

static int start(struct partner *partner, struct err *err)
{
        CLEANUP_FREE char *path = find_program(partner->program, err);
        int ends[2];

        if (!path || wire_pair(ends, err) < 0)
                return -1;
        partner->pid = fork();
        if (partner->pid == 0)
                become(path, partner->program, ends[1]);
        close(ends[1]);
        partner->sock = ends[0];
        return partner->pid < 0 ? err_errno(err, ERR_TEMP, "fork") : 0;
}

/* ---- talking */
static int wait_for(const struct partner *partner, short events, struct err *err)
{
        struct pollfd p = { .fd = partner->sock, .events = events };
        int ready;

        do
                ready = poll(&p, 1, partner->patience_ms);
        while (ready < 0 && errno == EINTR);
        if (ready < 0)
                return err_errno(err, ERR_TEMP, "poll");
        return ready ? 0 : err_set(err, ERR_TEMP, "%s does not answer", partner->program);
}

int partner_tell(
    const struct partner *partner, json_t *json_take, const int *fds, size_t count, struct err *err)
{
        int result;

        do {
                result = wait_for(partner, POLLOUT, err);
                if (result == 0)
                        result = wire_send(partner->sock, json_take, fds, count, err);
                else
                        break;
        } while (result < 0 && errno == EAGAIN);
        json_decref(json_take);
        return result;
}

int partner_hear(const struct partner *partner, struct wire_record *ret_record, struct err *err)
{
        int result;

        do {
                if (wait_for(partner, POLLIN, err) < 0)
                        return -1;
                errno = 0;
                result = wire_receive(partner->sock, ret_record, err);
        } while (result < 0 && errno == EAGAIN);
        if (result == 0)
                return err_set(err, ERR_TEMP, "%s has ended", partner->program);
        return result < 0 ? -1 : 0;
}

static int greet(const struct partner *partner, struct err *err)
{
        struct wire_record record;
        const char *name, *version;
        int result = -1;

        if (partner_hear(partner, &record, err) < 0)
                return -1;
        if (strcmp(wire_op(record.json), "hello") != 0 ||
            wire_string(record.json, "program", 100, &name, err) < 0 ||
            wire_string(record.json, "version", 100, &version, err) < 0 ||
            strcmp(name, partner->program) != 0)
                err_set(err, ERR_PERM, "%s does not greet as it should", partner->program);
        else if (strcmp(version, ZAPISY_VERSION) != 0)
                err_set(err, ERR_TEMP, "%s is of another version than zapisyctl", partner->program);
        else
                result = 0;
        wire_free(&record);
        return result;
}

int partner_open(struct partner *ret_partner, const char *program, int patience_ms, struct err *err)
{
        *ret_partner =
            (struct partner){ .program = program, .pid = -1, .sock = -1, .patience_ms = patience_ms };
        return start(ret_partner, err) < 0 || greet(ret_partner, err) < 0 ? -1 : 0;
}

void partner_close(struct partner *partner)
{
        io_close(&partner->sock);
        if (partner->pid <= 0)
                return;
        kill(partner->pid, SIGTERM);
        while (waitpid(partner->pid, NULL, 0) < 0 && errno == EINTR)
                ;
        partner->pid = -1;
}
