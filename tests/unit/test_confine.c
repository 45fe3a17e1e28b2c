/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: base */
/* What a process can still do and reach when it has shut itself in; each time in a child of its own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/err.h"

static const struct confine_limits as_is = {
        .memory = CONFINE_AS_IS,
        .descriptors = CONFINE_AS_IS,
        .processes = CONFINE_AS_IS,
        .file_size = CONFINE_AS_IS,
        .cpu_seconds = CONFINE_AS_IS,
};
static const struct confine_reach nothing = { 0 };

static long landlock_version(void)
{
        return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
}

static bool opens(const char *path, int flags)
{
        int fd = open(path, flags | O_CLOEXEC, 0600);

        if (fd >= 0)
                close(fd);
        return fd >= 0;
}

/* Runs it in a child; it returns the number of the first thing that was not as it should be, or 0. */
static void in_child(int (*check)(void))
{
        pid_t pid = fork();
        int status;

        assert_true(pid >= 0);
        if (pid == 0)
                _exit(check());
        assert_int_equal(waitpid(pid, &status, 0), pid);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), 0);
}

/* ---- The process */

static bool is_bounded(__rlimit_resource_t which, rlim_t value)
{
        struct rlimit r;

        return getrlimit(which, &r) == 0 && r.rlim_cur == value && r.rlim_max == value;
}

static int check_limits(void)
{
        const struct confine_limits limits = { .memory = 256 << 20, .descriptors = 20, .cpu_seconds = 7 };

        if (confine_process(&limits, NULL) < 0)
                return 1;
        if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
                return 2;
        if (!is_bounded(RLIMIT_CORE, 0) || !is_bounded(RLIMIT_NOFILE, 20) || !is_bounded(RLIMIT_FSIZE, 0) ||
            !is_bounded(RLIMIT_CPU, 7))
                return 3;
        if (CONFINE_SANITIZED)
                return 0;
        if (!is_bounded(RLIMIT_NPROC, 0) || !is_bounded(RLIMIT_AS, 256 << 20))
                return 4;
        if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
                return 5;
        return mmap(NULL, 512 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 0 : 6;
}

static int check_as_is(void)
{
        struct rlimit before[2], after[2];

        getrlimit(RLIMIT_NOFILE, &before[0]);
        getrlimit(RLIMIT_CPU, &before[1]);
        if (confine_process(&as_is, NULL) < 0)
                return 1;
        getrlimit(RLIMIT_NOFILE, &after[0]);
        getrlimit(RLIMIT_CPU, &after[1]);
        return memcmp(before, after, sizeof before) != 0 || !is_bounded(RLIMIT_CORE, 0) ? 2 : 0;
}

static int check_only_less(void)
{
        struct confine_limits limits = as_is;

        limits.descriptors = 20;
        if (confine_process(&limits, NULL) < 0)
                return 1;
        limits.descriptors = 40;
        return confine_process(&limits, NULL) < 0 || !is_bounded(RLIMIT_NOFILE, 20) ? 2 : 0;
}

/* ---- Files */

static bool writes_nothing(void)
{
        return !opens("/etc/hosts", O_WRONLY) && !opens("/dev/null", O_WRONLY) &&
               !opens("/tmp/zapisy-confine-test", O_CREAT | O_WRONLY);
}

static int check_names(void)
{
        const struct confine_reach reach = { .names = true };

        if (confine_to(&reach, NULL) != (landlock_version() >= 1))
                return 1;
        if (!opens("/etc/hosts", O_RDONLY) || !opens("/usr/lib", O_RDONLY | O_DIRECTORY))
                return 2;
        if (landlock_version() < 1)
                return 0;
        if (opens("/etc/passwd", O_RDONLY) || opens("/etc", O_RDONLY | O_DIRECTORY) ||
            opens("/tmp", O_RDONLY) || opens("/usr/bin/env", O_RDONLY) || opens("/etc/ssl/certs", O_RDONLY))
                return 3;
        if (!CONFINE_SANITIZED && opens("/proc/self/environ", O_RDONLY))
                return 4;
        return writes_nothing() ? 0 : 5;
}

static int check_certificates(void)
{
        const struct confine_reach reach = { .certificates = true };

        if (confine_to(&reach, NULL) < 0 || !opens("/etc/ssl/certs/ca-certificates.crt", O_RDONLY))
                return 1;
        if (landlock_version() < 1)
                return 0;
        return opens("/etc/ssl/private", O_RDONLY) || opens("/etc/hosts", O_RDONLY) ? 2 : 0;
}

static int check_paths(void)
{
        static const char *const paths[] = { "/nowhere", "/etc/passwd", "/usr/bin", NULL };
        const struct confine_reach reach = { .paths = paths };

        if (confine_to(&reach, NULL) < 0)
                return 1;
        if (!opens("/etc/passwd", O_RDONLY) || !opens("/usr/bin/env", O_RDONLY))
                return 2;
        if (landlock_version() < 1)
                return 0;
        if (opens("/etc/group", O_RDONLY) || !writes_nothing())
                return 3;
        execl("/usr/bin/true", "true", NULL);
        return errno == EACCES ? 0 : 4;
}

static int check_nothing(void)
{
        const struct confine_reach names = { .names = true };

        if (confine_to(&names, NULL) < 0 || confine_to(&nothing, NULL) < 0)
                return 1;
        if (landlock_version() < 1)
                return 0;
        if (opens("/etc/hosts", O_RDONLY) || opens("/usr/lib", O_RDONLY | O_DIRECTORY))
                return 2;
        return confine_to(&names, NULL) < 0 || opens("/etc/hosts", O_RDONLY) ? 3 : 0;
}

/* ---- Others */

static int listener(struct sockaddr_in *ret_address)
{
        socklen_t size = sizeof *ret_address;
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

        *ret_address = (struct sockaddr_in){ .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
        if (bind(fd, (struct sockaddr *)ret_address, size) < 0 || listen(fd, 5) < 0 ||
            getsockname(fd, (struct sockaddr *)ret_address, &size) < 0)
                return -1;
        return fd;
}

/* The error, or 0. */
static int connecting(const struct sockaddr_in *address)
{
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        int r = connect(fd, (const struct sockaddr *)address, sizeof *address) < 0 ? errno : 0;

        close(fd);
        return r;
}

static int check_ports(void)
{
        struct sockaddr_in one, other, mine = { .sin_family = AF_INET };
        uint16_t ports[] = { 0, 0 };
        const struct confine_reach reach = { .ports = ports };
        int fd;

        if (listener(&one) < 0 || listener(&other) < 0 || connecting(&one) || connecting(&other))
                return 1;
        ports[0] = ntohs(one.sin_port);
        if (confine_to(&reach, NULL) < 0 || connecting(&one))
                return 2;
        if (landlock_version() < 4)
                return 0;
        if (connecting(&other) != EACCES)
                return 3;
        fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (bind(fd, (struct sockaddr *)&mine, sizeof mine) == 0 || errno != EACCES)
                return 4;
        return confine_to(&nothing, NULL) < 0 || connecting(&one) != EACCES ? 5 : 0;
}

/* The port of name servers comes with names, and only with them. */
static int check_name_servers(void)
{
        const struct sockaddr_in server = {
                .sin_family = AF_INET, .sin_port = htons(53), .sin_addr = { htonl(INADDR_LOOPBACK) }
        };
        const struct confine_reach names = { .names = true };

        if (confine_to(&names, NULL) < 0 || connecting(&server) == EACCES)
                return 1;
        if (landlock_version() < 4)
                return 0;
        return confine_to(&nothing, NULL) < 0 || connecting(&server) != EACCES ? 2 : 0;
}

/* Lives until somebody ends it, or at the latest until the process that asks for it ends. */
static pid_t sleeper(void)
{
        int ends[2];
        pid_t pid = pipe2(ends, O_CLOEXEC) < 0 ? -1 : fork();
        char c;

        if (pid != 0)
                return pid;
        close(ends[1]);
        _exit((int)read(ends[0], &c, 1));
}

static int check_signals(void)
{
        pid_t outside = sleeper(), inside;
        int status;

        if (outside < 0 || confine_to(&nothing, NULL) < 0)
                return 1;
        inside = sleeper();
        if (inside < 0 || kill(inside, SIGKILL) < 0 || waitpid(inside, &status, 0) < 0)
                return 2;
        return landlock_version() >= 6 && (kill(outside, SIGKILL) == 0 || errno != EPERM) ? 3 : 0;
}

static int check_abstract_sockets(void)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

        snprintf(address.sun_path + 1, sizeof address.sun_path - 1, "zapisy-confine-%d", (int)getpid());
        if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || confine_to(&nothing, NULL) < 0)
                return 1;
        fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
        if (connect(fd, (struct sockaddr *)&address, sizeof address) == 0)
                return landlock_version() < 6 ? 0 : 2;
        return errno == EPERM ? 0 : 3;
}

static void test_limits(void **state)
{
        (void)state;
        in_child(check_limits);
}

static void test_as_is(void **state)
{
        (void)state;
        in_child(check_as_is);
}

static void test_only_less(void **state)
{
        (void)state;
        in_child(check_only_less);
}

static void test_names(void **state)
{
        (void)state;
        in_child(check_names);
}

static void test_certificates(void **state)
{
        (void)state;
        in_child(check_certificates);
}

static void test_paths(void **state)
{
        (void)state;
        in_child(check_paths);
}

static void test_nothing(void **state)
{
        (void)state;
        in_child(check_nothing);
}

static void test_ports(void **state)
{
        (void)state;
        in_child(check_ports);
}

static void test_name_servers(void **state)
{
        (void)state;
        in_child(check_name_servers);
}

static void test_signals(void **state)
{
        (void)state;
        in_child(check_signals);
}

static void test_abstract_sockets(void **state)
{
        (void)state;
        in_child(check_abstract_sockets);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_limits),
                cmocka_unit_test(test_as_is),
                cmocka_unit_test(test_only_less),
                cmocka_unit_test(test_names),
                cmocka_unit_test(test_certificates),
                cmocka_unit_test(test_paths),
                cmocka_unit_test(test_nothing),
                cmocka_unit_test(test_ports),
                cmocka_unit_test(test_name_servers),
                cmocka_unit_test(test_signals),
                cmocka_unit_test(test_abstract_sockets),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
