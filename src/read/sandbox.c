/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/confine.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "read/sandbox_filter.h"

enum {
        NOBODY = 65534,
        END_PATIENCE_MS = 2000,
        OUT = 1,            /* the child's only descriptor besides 0 and 2, which lead nowhere */
        EXIT_UNLOCKED = 99, /* the child could not lock itself and did nothing */
};

struct sandbox {
        struct sandbox_filter child, parent;
        int nowhere; /* /dev/null */
        int sizes;   /* /proc/self/statm, which a locked parent cannot open any more */
};

/* What the parent's libraries and tables take, in bytes. */
static int64_t address_space(const struct sandbox *sandbox)
{
        char text[256] = "";
        ssize_t n = pread(sandbox->sizes, text, sizeof text - 1, 0);

        return n > 0 ? strtol(text, NULL, 10) * sysconf(_SC_PAGESIZE) : 0;
}

int sandbox_new(struct sandbox **ret_sandbox, struct err *err)
{
        struct sandbox *s = xcalloc(1, sizeof *s);

        s->nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
        s->sizes = open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
        if (s->nowhere < 0 || s->sizes < 0) {
                err_errno(err, ERR_TEMP, "cannot open /dev/null and /proc/self/statm");
                sandbox_free(s);
                return -1;
        }
        if (sandbox_filter_child(&s->child, err) < 0 || sandbox_filter_parent(&s->parent, err) < 0) {
                sandbox_free(s);
                return -1;
        }
        *ret_sandbox = s;
        return 0;
}

void sandbox_free(struct sandbox *sandbox)
{
        if (!sandbox)
                return;
        io_close(&sandbox->nowhere);
        io_close(&sandbox->sizes);
        sandbox_filter_free(&sandbox->child);
        sandbox_filter_free(&sandbox->parent);
        free(sandbox);
}

static int drop_root(void)
{
        if (getuid() != 0 && geteuid() != 0)
                return 0;
        return setgroups(0, NULL) || setresgid(NOBODY, NOBODY, NOBODY) || setresuid(NOBODY, NOBODY, NOBODY);
}

/* Changing the user clears the parent-death signal and dumpability (prctl(2)): so it comes first. The files
 * come before the limits, which leave no descriptor for a ruleset. Kernels without Landlock have the filter
 * alone, which refuses to open anything anyway. */
static int lock_common(const struct confine_limits *limits, struct err *err)
{
        const struct confine_reach nothing = { 0 };

        if (drop_root())
                return err_errno(err, ERR_PERM, "cannot become nobody");
        return confine_to(&nothing, err) < 0 ? -1 : confine_process(limits, err);
}

int sandbox_lock_parent(const struct sandbox *sandbox, struct err *err)
{
        const struct confine_limits limits = {
                .memory = CONFINE_AS_IS,
                .descriptors = CONFINE_AS_IS,
                .processes = CONFINE_AS_IS,
                .file_size = CONFINE_AS_IS,
                .cpu_seconds = CONFINE_AS_IS,
        };

        if (CONFINE_SANITIZED)
                return 0; /* its leak check at exit traces the process and reads /proc */
        if (lock_common(&limits, err) < 0)
                return err_prefix(err, "cannot lock the reader");
        if (sandbox_filter_load(&sandbox->parent))
                return err_errno(err, ERR_PERM, "cannot lock the reader");
        return 0;
}

/* A parent that died before its death was asked about will never be told of. */
static int lock_child(
    const struct sandbox *sandbox, const struct sandbox_limits *limits, int64_t space, pid_t parent)
{
        const struct confine_limits bounds = {
                .memory = space + (int64_t)limits->memory_mb * 1024 * 1024,
                .descriptors = 3,
                .processes = 0,
                .file_size = 0,
                .cpu_seconds = limits->cpu_seconds,
        };

        return lock_common(&bounds, NULL) || prctl(PR_SET_PDEATHSIG, SIGKILL) || getppid() != parent ||
               sandbox_filter_load(&sandbox->child);
}

static void plain_signals(void)
{
        static const int signals[] = { SIGPIPE, SIGTERM, SIGINT, SIGHUP, SIGCHLD, SIGXCPU };

        for (size_t i = 0; i < sizeof signals / sizeof signals[0]; i++)
                signal(signals[i], SIG_DFL);
        /* Where the standard error is a file (sanitized only), a library's complaint fails, and ends nobody. */
        signal(SIGXFSZ, SIG_IGN);
}

_Noreturn static void child(const struct sandbox *sandbox, const struct sandbox_limits *limits,
    const struct sandbox_job *job, int out, pid_t parent)
{
        const int64_t space = address_space(sandbox);

        plain_signals();
        if (job->prepare)
                job->prepare(job->arg);
        if (dup2(out, OUT) < 0 || dup2(sandbox->nowhere, 0) < 0 ||
            (!CONFINE_SANITIZED && dup2(sandbox->nowhere, 2) < 0) || close_range(3, ~0u, 0) < 0)
                _exit(EXIT_UNLOCKED);
        if (lock_child(sandbox, limits, space, parent))
                _exit(EXIT_UNLOCKED);
        _exit(job->run(OUT, job->arg));
}

pid_t sandbox_start(const struct sandbox *sandbox, const struct sandbox_limits *limits,
    const struct sandbox_job *job, int *ret_pipe, struct err *err)
{
        int ends[2];
        pid_t self = getpid(), pid;

        if (pipe2(ends, O_CLOEXEC) < 0)
                return err_errno(err, ERR_TEMP, "pipe");
        pid = fork();
        if (pid == 0)
                child(sandbox, limits, job, ends[1], self);
        close(ends[1]);
        if (pid < 0 || fcntl(ends[0], F_SETFL, O_NONBLOCK) < 0) {
                close(ends[0]);
                return err_errno(err, ERR_TEMP, "fork");
        }
        *ret_pipe = ends[0];
        return pid;
}

int sandbox_end(pid_t pid, bool at_once)
{
        int64_t until = io_monotonic_ms() + END_PATIENCE_MS;
        int status = 0;

        while (!at_once && io_monotonic_ms() < until) {
                if (waitpid(pid, &status, WNOHANG) == pid)
                        return status;
                poll(NULL, 0, 1);
        }
        kill(pid, SIGKILL);
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
                ;
        return status;
}

const char *sandbox_reason(int status)
{
        if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
                return NULL;
        if (WIFEXITED(status) && WEXITSTATUS(status) == EXIT_UNLOCKED)
                return "the reader could not lock itself in";
        if (WIFSIGNALED(status) && (WTERMSIG(status) == SIGXCPU || WTERMSIG(status) == SIGKILL))
                return "reading it took too long";
        return "reading it broke off: it needs too much memory, or it is made to do harm";
}
