/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"

/* The sanitizers need address space, and at exit a helper process of their own. */
#if defined(__SANITIZE_ADDRESS__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define SANITIZED 1
#endif
#endif
#ifndef SANITIZED
#define SANITIZED 0
#endif

enum { FILES_MAX = 256, ADDRESS_SPACE_MB = 1024 };

static int limit(int what, rlim_t value, struct err *err)
{
        struct rlimit r = { .rlim_cur = value, .rlim_max = value };

        return setrlimit((__rlimit_resource_t)what, &r) < 0 ? err_errno(err, ERR_TEMP, "setrlimit") : 0;
}

int lock_process(struct err *err)
{
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return err_errno(err, ERR_TEMP, "no_new_privs");
        if (limit(RLIMIT_CORE, 0, err) < 0 || limit(RLIMIT_NOFILE, FILES_MAX, err) < 0)
                return -1;
        if (SANITIZED)
                return 0;
        if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
                return err_errno(err, ERR_TEMP, "not dumpable");
        if (limit(RLIMIT_NPROC, 0, err) < 0)
                return -1;
        return limit(RLIMIT_AS, (rlim_t)ADDRESS_SPACE_MB * 1024 * 1024, err);
}

/* Every right that this kernel knows is taken; only the rules give some back. 0 where there is no Landlock.
 */
static uint64_t known_rights(void)
{
        long version = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
        uint64_t rights = (LANDLOCK_ACCESS_FS_MAKE_SYM << 1) - 1;

        if (version < 1)
                return 0;
#ifdef LANDLOCK_ACCESS_FS_REFER
        if (version >= 2)
                rights |= LANDLOCK_ACCESS_FS_REFER;
#endif
#ifdef LANDLOCK_ACCESS_FS_TRUNCATE
        if (version >= 3)
                rights |= LANDLOCK_ACCESS_FS_TRUNCATE;
#endif
        return rights;
}

/* A path that is not there needs no rule. */
static int allow(int rules, const char *path, struct err *err)
{
        struct landlock_path_beneath_attr beneath = { .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE };
        struct stat st;
        int fd = open(path, O_PATH | O_CLOEXEC), r = 0;

        if (fd < 0)
                return 0;
        if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
                beneath.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
        beneath.parent_fd = fd;
        if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &beneath, 0) < 0)
                r = err_errno(err, ERR_TEMP, "landlock_add_rule");
        close(fd);
        return r;
}

static int restrict_to(const char *const *paths, size_t count, struct err *err)
{
        struct landlock_ruleset_attr attr = { .handled_access_fs = known_rights() };
        int rules, r = 0;

        if (!attr.handled_access_fs)
                return 0;
        rules = (int)syscall(SYS_landlock_create_ruleset, &attr, sizeof attr, 0);
        if (rules < 0)
                return err_errno(err, ERR_TEMP, "landlock_create_ruleset");
        for (size_t i = 0; i < count && r == 0; i++)
                r = allow(rules, paths[i], err);
        if (r == 0 && syscall(SYS_landlock_restrict_self, rules, 0) < 0)
                r = err_errno(err, ERR_TEMP, "landlock_restrict_self");
        io_close(&rules);
        return r;
}

int lock_to_names(struct err *err)
{
        /* nsswitch.conf(5): the C library loads its modules when it resolves the first name. /etc as a whole
         * is not among these: passwords lie there. */
        static const char *const paths[] = { "/usr", "/lib", "/lib64", "/etc/ld.so.cache", "/etc/resolv.conf",
                "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf", "/etc/gai.conf", "/etc/services",
                "/etc/gnutls", "/etc/localtime", "/run/systemd/resolve", "/run/resolvconf", "/run/nscd",
                "/run/NetworkManager" };

        return restrict_to(paths, sizeof paths / sizeof *paths, err);
}

int lock_all(struct err *err)
{
        return restrict_to(NULL, 0, err);
}
