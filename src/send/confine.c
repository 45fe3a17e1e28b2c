/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send/confine.h"

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
#include "base/mem.h"

/* The sanitizers map terabytes, trace their own process and read /proc. */
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

#define RESOLVER_FILE "/etc/resolv.conf"

enum { MEMORY = 512 * 1024 * 1024, DESCRIPTORS = 64, NAME_SERVICE = 53 };

/* Newer than the kernel headers of Debian 12; meanings and numbers are the kernel's ABI (linux/landlock.h).
 */
struct ruleset {
        uint64_t files, net, scoped;
};
struct port_rule {
        uint64_t allowed, port;
};
enum {
        FILES_ABI_1 = (1 << 13) - 1,
        FILES_REFER = 1 << 13,     /* ABI 2 */
        FILES_TRUNCATE = 1 << 14,  /* ABI 3 */
        FILES_IOCTL_DEV = 1 << 15, /* ABI 5 */
        NET_BIND = 1 << 0,         /* ABI 4 */
        NET_CONNECT = 1 << 1,
        SCOPED_ALL = 3, /* ABI 6: abstract sockets, signals */
        RULE_NET_PORT = 2,
        READ = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR,
};

static const char *const readable[] = {
        /* names */
        RESOLVER_FILE,
        "/etc/hosts",
        "/etc/host.conf",
        "/etc/nsswitch.conf",
        "/etc/gai.conf",
        "/etc/services",
        "/etc/protocols",
        "/run/systemd/resolve",
        "/run/NetworkManager",
        "/run/resolvconf",
        "/run/connman",
        /* certificates */
        "/etc/ssl",
        "/etc/pki",
        "/etc/ca-certificates",
        "/etc/gnutls",
        "/etc/crypto-policies",
        "/usr/local/share/ca-certificates",
        /* libraries that the name service loads */
        "/etc/ld.so.cache",
        "/usr/lib",
        "/usr/lib64",
        "/lib",
        "/lib64",
        "/usr/share",
        /* zones for the log's reader, randomness */
        "/etc/localtime",
        "/dev/urandom",
        "/dev/null",
#if SANITIZED
        "/proc",
#endif
};

/* Files that others replace while we run; a rule is for the file that was there. */
static struct {
        char *path;
        struct stat then;
} watched[2];

static int limit(int which, rlim_t value, struct err *err)
{
        struct rlimit both = { value, value };

        return setrlimit(which, &both) < 0 ? err_errno(err, ERR_BUG, "setrlimit") : 0;
}

int confine_process(struct err *err)
{
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return err_errno(err, ERR_BUG, "no_new_privs");
        if (limit(RLIMIT_CORE, 0, err) < 0 || limit(RLIMIT_NOFILE, DESCRIPTORS, err) < 0)
                return -1;
        if (SANITIZED)
                return 0;
        if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
                return err_errno(err, ERR_BUG, "not dumpable");
        return limit(RLIMIT_AS, MEMORY, err);
}

static struct ruleset wanted(long abi)
{
        return (struct ruleset){
                .files = (uint64_t)FILES_ABI_1 | (abi >= 2 ? FILES_REFER : 0) |
                         (abi >= 3 ? FILES_TRUNCATE : 0) | (abi >= 5 ? FILES_IOCTL_DEV : 0),
                .net = abi >= 4 ? NET_BIND | NET_CONNECT : 0,
                .scoped = abi >= 6 ? SCOPED_ALL : 0,
        };
}

static size_t ruleset_size(long abi)
{
        return abi >= 6   ? sizeof(struct ruleset)
               : abi >= 4 ? offsetof(struct ruleset, scoped)
                          : offsetof(struct ruleset, net);
}

/* What is not there cannot be read: no rule. */
static int allow_path(int rules, const char *path, struct err *err)
{
        int fd = open(path, O_PATH | O_CLOEXEC);
        struct landlock_path_beneath_attr rule = { .parent_fd = fd };
        struct stat st;
        int r = 0;

        if (fd < 0)
                return 0;
        rule.allowed_access =
            fstat(fd, &st) == 0 && S_ISDIR(st.st_mode) ? READ : LANDLOCK_ACCESS_FS_READ_FILE;
        if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
                r = err_errno(err, ERR_BUG, "cannot shut itself in");
        close(fd);
        return r;
}

static int allow_port(int rules, int port, struct err *err)
{
        struct port_rule rule = { .allowed = NET_CONNECT, .port = (uint64_t)port };

        if (syscall(SYS_landlock_add_rule, rules, RULE_NET_PORT, &rule, 0) < 0)
                return err_errno(err, ERR_BUG, "cannot shut itself in");
        return 0;
}

static int add_rules(int rules, long abi, const char *ca_file, int port, struct err *err)
{
        for (size_t i = 0; i < sizeof readable / sizeof *readable; i++)
                if (allow_path(rules, readable[i], err) < 0)
                        return -1;
        if (*ca_file && allow_path(rules, ca_file, err) < 0)
                return -1;
        if (abi < 4)
                return 0;
        return allow_port(rules, port, err) < 0 || allow_port(rules, NAME_SERVICE, err) < 0 ? -1 : 0;
}

static struct stat identity(const char *path)
{
        struct stat st;

        return path && stat(path, &st) == 0 ? st : (struct stat){ 0 };
}

static void watch(size_t which, const char *path)
{
        watched[which].path = xstrdup(path);
        watched[which].then = identity(path);
}

int confine_files(const char *ca_file, int port, struct err *err)
{
        long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
        struct ruleset attributes = wanted(abi);
        int rules, r = -1;

        if (abi < 1)
                return 0;
        watch(0, RESOLVER_FILE);
        watch(1, ca_file);
        rules = (int)syscall(SYS_landlock_create_ruleset, &attributes, ruleset_size(abi), 0);
        if (rules < 0)
                return err_errno(err, ERR_BUG, "cannot shut itself in");
        if (add_rules(rules, abi, ca_file, port, err) < 0)
                goto out;
        if (syscall(SYS_landlock_restrict_self, rules, 0) < 0)
                err_errno(err, ERR_BUG, "cannot shut itself in");
        else
                r = 1;
out:
        io_close(&rules);
        return r;
}

bool confine_is_outdated(void)
{
        for (size_t i = 0; i < sizeof watched / sizeof *watched; i++) {
                struct stat now = identity(watched[i].path);

                if (now.st_dev != watched[i].then.st_dev || now.st_ino != watched[i].then.st_ino)
                        return true;
        }
        return false;
}
