/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: fetch base */
/* What zapisy-fetch can still reach after each step of shutting itself in; each step in a child of its own.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "fetch/lock.h"

static bool landlock_is_there(void)
{
        return syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION) >= 1;
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

static int check_process(void)
{
        struct rlimit r;

        if (lock_process(NULL) < 0)
                return 1;
        if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
                return 2;
        if (getrlimit(RLIMIT_CORE, &r) < 0 || r.rlim_max != 0)
                return 3;
        return getrlimit(RLIMIT_NOFILE, &r) < 0 || r.rlim_max >= 1024 ? 4 : 0;
}

static int check_names(void)
{
        if (lock_process(NULL) < 0 || lock_to_names(NULL) < 0)
                return 1;
        if (!opens("/etc/hosts", O_RDONLY) || !opens("/usr", O_RDONLY | O_DIRECTORY))
                return 2;
        if (!landlock_is_there())
                return 0;
        if (opens("/etc/passwd", O_RDONLY) || opens("/etc", O_RDONLY | O_DIRECTORY) ||
            opens("/tmp", O_RDONLY))
                return 3;
        if (opens("/proc/self/environ", O_RDONLY) || opens("/etc/hosts", O_WRONLY) ||
            opens("/dev/null", O_WRONLY))
                return 4;
        return opens("/tmp/zapisy-lock-test", O_CREAT | O_WRONLY) ? 5 : 0;
}

static int check_all(void)
{
        if (lock_process(NULL) < 0 || lock_to_names(NULL) < 0 || lock_all(NULL) < 0)
                return 1;
        if (!landlock_is_there())
                return 0;
        return opens("/etc/hosts", O_RDONLY) || opens("/usr", O_RDONLY | O_DIRECTORY) ? 2 : 0;
}

static void test_process(void **state)
{
        (void)state;
        in_child(check_process);
}

static void test_names(void **state)
{
        (void)state;
        in_child(check_names);
}

static void test_all(void **state)
{
        (void)state;
        in_child(check_all);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_process),
                cmocka_unit_test(test_names),
                cmocka_unit_test(test_all),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
