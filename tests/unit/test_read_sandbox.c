/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: read base */
/* What a locked child can still do: nothing but compute and write to its pipe. Each case is a callback that
 * tries something and writes what came of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the above first */
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/err.h"
#include "base/io.h"
#include "read/sandbox.h"

static struct sandbox *sandbox;

static int make(void **state)
{
        struct err err;

        (void)state;
        return sandbox_new(&sandbox, &err);
}

static int unmake(void **state)
{
        (void)state;
        sandbox_free(sandbox);
        return 0;
}

struct outcome {
        char said[256];
        int status;
};

static struct outcome run(int (*job)(int, void *), void (*prepare)(void *), void *arg)
{
        const struct sandbox_limits limits = { .cpu_seconds = 1, .memory_mb = 64 };
        const struct sandbox_job what = { prepare, job, arg };
        struct outcome outcome = { .said = "" };
        struct err err;
        size_t size = 0;
        int pipe;
        pid_t pid = sandbox_start(sandbox, &limits, &what, &pipe, &err);

        assert_true(pid > 0);
        for (;;) {
                struct pollfd waiting = { .fd = pipe, .events = POLLIN };
                ssize_t n;

                assert_int_equal(poll(&waiting, 1, 20000), 1);
                n = read(pipe, outcome.said + size, sizeof outcome.said - 1 - size);
                if (n <= 0)
                        break;
                size += (size_t)n;
        }
        outcome.status = sandbox_end(pid, false);
        close(pipe);
        return outcome;
}

static void say(int out, const char *what, int number)
{
        char text[64];
        int n = snprintf(text, sizeof text, "%s %d", what, number);

        (void)!write(out, text, (size_t)n);
}

static void assert_killed(const struct outcome *outcome, int signal)
{
        assert_true(WIFSIGNALED(outcome->status));
        assert_int_equal(WTERMSIG(outcome->status), signal);
        assert_string_equal(outcome->said, "");
        assert_non_null(sandbox_reason(outcome->status));
}

static void assert_said(const struct outcome *outcome, const char *what, int number)
{
        char text[64];

        snprintf(text, sizeof text, "%s %d", what, number);
        assert_string_equal(outcome->said, text);
        assert_true(WIFEXITED(outcome->status));
        assert_int_equal(WEXITSTATUS(outcome->status), 0);
        assert_null(sandbox_reason(outcome->status));
}

/* ---- it works, and is told apart */

static int compute(int out, void *arg)
{
        const int *number = arg;
        char *memory = malloc(1 << 20);

        memset(memory, *number, 1 << 20);
        say(out, "sum", memory[12345] + *number);
        free(memory);
        return 0;
}

static void computing_works(void **state)
{
        int number = 21;
        struct outcome outcome = run(compute, NULL, &number);

        (void)state;
        assert_said(&outcome, "sum", 42);
}

static int give_up(int out, void *arg)
{
        (void)out;
        (void)arg;
        return 7;
}

static void failing_is_seen(void **state)
{
        struct outcome outcome = run(give_up, NULL, NULL);

        (void)state;
        assert_int_equal(WEXITSTATUS(outcome.status), 7);
        assert_non_null(sandbox_reason(outcome.status));
}

struct sent {
        int fd;
        struct io_map map;
};

static void map_sent(void *arg)
{
        struct sent *sent = arg;

        io_map_memfd(sent->fd, 100, &sent->map, NULL);
}

static int use_sent(int out, void *arg)
{
        const struct sent *sent = arg;
        char c;

        say(out, sent->map.size == 4 && !memcmp(sent->map.data, "form", 4) ? "mapped" : "lost",
            read(sent->fd, &c, 1) < 0 ? errno : 0);
        return 0;
}

static void what_was_sent_is_mapped_and_its_descriptor_closed(void **state)
{
        struct sent sent = { .fd = io_memfd("sent", "form", 4, NULL) };
        struct outcome outcome = run(use_sent, map_sent, &sent);

        (void)state;
        assert_said(&outcome, "mapped", EBADF);
        close(sent.fd);
}

/* ---- files */

static int open_file(int out, void *arg)
{
        say(out, "open", open(arg, O_RDONLY) < 0 ? errno : 0);
        return 0;
}

static void opening_is_refused(void **state)
{
        struct outcome outcome = run(open_file, NULL, (void *)(uintptr_t) "/etc/passwd");

        (void)state;
        assert_said(&outcome, "open", EACCES);
        outcome = run(open_file, NULL, (void *)(uintptr_t) "/proc/self/mem");
        assert_said(&outcome, "open", EACCES);
}

static int create_file(int out, void *arg)
{
        (void)arg;
        say(out, "create", open("/tmp/zapisy-sandbox", O_WRONLY | O_CREAT, 0600) < 0 ? errno : 0);
        return 0;
}

static void creating_is_refused(void **state)
{
        struct outcome outcome = run(create_file, NULL, NULL);

        (void)state;
        assert_said(&outcome, "create", EACCES);
}

static int unlink_file(int out, void *arg)
{
        (void)arg;
        say(out, "unlink", unlink("/etc/passwd"));
        return 0;
}

/* ---- the world */

static int make_socket(int out, void *arg)
{
        (void)arg;
        say(out, "socket", socket(AF_INET, SOCK_STREAM, 0));
        return 0;
}

static int execute(int out, void *arg)
{
        char name[] = "sh";
        char *argv[] = { name, NULL };

        (void)arg;
        execv("/bin/sh", argv);
        say(out, "exec", errno);
        return 0;
}

static int kill_parent(int out, void *arg)
{
        const pid_t *parent = arg;

        say(out, "kill", kill(*parent, 0));
        return 0;
}

static int trace_parent(int out, void *arg)
{
        const pid_t *parent = arg;

        say(out, "ptrace", (int)ptrace(PTRACE_ATTACH, *parent, NULL, NULL));
        return 0;
}

static void the_world_is_deadly(void **state)
{
        int (*const jobs[])(int, void *) = { make_socket, execute, kill_parent, trace_parent, unlink_file };
        pid_t self = getpid();

        (void)state;
        for (size_t i = 0; i < sizeof jobs / sizeof jobs[0]; i++) {
                struct outcome outcome = run(jobs[i], NULL, &self);

                assert_killed(&outcome, SIGSYS);
        }
}

static int fork_off(int out, void *arg)
{
        pid_t pid = fork();

        (void)arg;
        if (pid == 0)
                _exit(0);
        say(out, "fork", pid < 0 ? errno : 0);
        return 0;
}

static void forking_is_refused(void **state)
{
        struct outcome outcome = run(fork_off, NULL, NULL);

        (void)state;
        assert_said(&outcome, "fork", EAGAIN);
}

/* ---- resources */

static int spin(int out, void *arg)
{
        (void)out;
        (void)arg;
        for (volatile unsigned i = 1; i; i = i % 1000 + 1)
                ;
        return 0;
}

static void spinning_is_ended(void **state)
{
        int64_t began = io_monotonic_ms();
        struct outcome outcome = run(spin, NULL, NULL);

        (void)state;
        assert_true(WIFSIGNALED(outcome.status));
        assert_true(WTERMSIG(outcome.status) == SIGXCPU || WTERMSIG(outcome.status) == SIGKILL);
        assert_string_equal(sandbox_reason(outcome.status), "reading it took too long");
        assert_true(io_monotonic_ms() - began < 20000);
}

#if !CONFINE_SANITIZED /* the sanitizer needs the address space */
static int hog(int out, void *arg)
{
        int megabytes = 0;

        (void)arg;
        for (char *volatile p; megabytes < 4096 && (p = malloc(1 << 20)); megabytes++)
                memset(p, 1, 1 << 20);
        say(out, "stopped", megabytes <= 64);
        return 0;
}

static void memory_is_bounded(void **state)
{
        struct outcome outcome = run(hog, NULL, NULL);

        (void)state;
        assert_said(&outcome, "stopped", 1);
}

static int make_executable(int out, void *arg)
{
        void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

        (void)arg;
        say(out, "executable", mprotect(page, 4096, PROT_READ | PROT_EXEC));
        return 0;
}

static void memory_never_becomes_code(void **state)
{
        struct outcome outcome = run(make_executable, NULL, NULL);

        (void)state;
        assert_killed(&outcome, SIGSYS);
}

/* ---- the parent of such children, tried in a process of its own */

static int locked_parent(int (*job)(int, void *))
{
        pid_t pid = fork();
        int status;

        if (pid == 0) {
                if (sandbox_lock_parent(sandbox, NULL) < 0)
                        _exit(100);
                _exit(job(STDERR_FILENO, NULL));
        }
        waitpid(pid, &status, 0);
        return status;
}

static int still_starts_children(int out, void *arg)
{
        int number = 21;
        struct outcome outcome = run(compute, NULL, &number);

        (void)out;
        (void)arg;
        return strcmp(outcome.said, "sum 42") != 0;
}

static int still_opens(int out, void *arg)
{
        (void)out;
        (void)arg;
        return open("/etc/passwd", O_RDONLY) >= 0 || errno != EACCES;
}

static void the_parent_is_locked_too(void **state)
{
        int status;

        (void)state;
        assert_int_equal(locked_parent(still_starts_children), 0);
        assert_int_equal(locked_parent(still_opens), 0);
        status = locked_parent(make_socket);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
        status = locked_parent(execute);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS);
}
#endif

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(computing_works),
                cmocka_unit_test(failing_is_seen),
                cmocka_unit_test(what_was_sent_is_mapped_and_its_descriptor_closed),
                cmocka_unit_test(opening_is_refused),
                cmocka_unit_test(creating_is_refused),
                cmocka_unit_test(the_world_is_deadly),
                cmocka_unit_test(forking_is_refused),
                cmocka_unit_test(spinning_is_ended),
#if !CONFINE_SANITIZED
                cmocka_unit_test(memory_is_bounded),
                cmocka_unit_test(memory_never_becomes_code),
                cmocka_unit_test(the_parent_is_locked_too),
#endif
        };

        return cmocka_run_group_tests_name("the reader's sandbox", tests, make, unmake);
}
