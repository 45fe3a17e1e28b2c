/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/confine.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/landlock.h>
#include <stddef.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"

enum { NAME_SERVICE = 53 };

/* Newer than the kernel headers of Debian 12; meanings and numbers are the kernel's ABI (linux/landlock.h).
 * An older kernel takes the longer struct when what it does not know is 0. */
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
};

/* nsswitch.conf(5): the C library loads its modules when it resolves the first name. Neither /etc nor
 * /etc/ssl as a whole are here: passwords and keys lie there. */
static const char *const names[] = { "/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/nsswitch.conf",
        "/etc/gai.conf", "/etc/services", "/etc/protocols", "/run/systemd/resolve", "/run/NetworkManager",
        "/run/resolvconf", "/run/connman", "/run/nscd", "/etc/ld.so.cache", "/usr/lib", "/usr/lib64", "/lib",
        "/lib64", NULL };
/* Folders of links, and where Debian's, Fedora's and openSUSE's links lead. */
static const char *const certificates[] = { "/etc/ssl/certs", "/etc/ssl/cert.pem", "/etc/ssl/openssl.cnf",
        "/etc/ca-certificates", "/etc/pki/ca-trust", "/etc/pki/tls/certs", "/usr/share/ca-certificates",
        "/usr/local/share/ca-certificates", "/usr/share/pki", "/var/lib/ca-certificates", "/etc/gnutls",
        "/etc/crypto-policies", "/usr/share/crypto-policies", NULL };
static const char *const sanitizer[] = { "/proc", NULL };

static int harden(struct err *err)
{
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
                return err_errno(err, ERR_TEMP, "cannot give up new privileges");
        if (!CONFINE_SANITIZED && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
                return err_errno(err, ERR_TEMP, "cannot hide from other processes");
        return 0;
}

/* Whoever started us may have set a lower bound: it stays. */
static int bound(int which, int64_t value, struct err *err)
{
        struct rlimit limit;

        if (value == CONFINE_AS_IS)
                return 0;
        if (getrlimit(which, &limit) < 0)
                return err_errno(err, ERR_TEMP, "getrlimit");
        if (limit.rlim_max > (rlim_t)value)
                limit.rlim_max = (rlim_t)value;
        limit.rlim_cur = limit.rlim_max;
        return setrlimit(which, &limit) < 0 ? err_errno(err, ERR_TEMP, "setrlimit") : 0;
}

int confine_process(const struct confine_limits *limits, struct err *err)
{
        const struct {
                int which;
                int64_t value;
        } bounds[] = {
                { RLIMIT_CORE, 0 },
                { RLIMIT_NOFILE, limits->descriptors },
                { RLIMIT_FSIZE, limits->file_size },
                { RLIMIT_CPU, limits->cpu_seconds },
                { RLIMIT_NPROC, CONFINE_SANITIZED ? CONFINE_AS_IS : limits->processes },
                { RLIMIT_AS, CONFINE_SANITIZED ? CONFINE_AS_IS : limits->memory },
        };

        if (harden(err) < 0)
                return -1;
        for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
                if (bound(bounds[i].which, bounds[i].value, err) < 0)
                        return -1;
        return 0;
}

/* ---- Landlock */

/* All that this kernel can take is taken; only the rules give some back. */
static struct ruleset all_of(long abi)
{
        return (struct ruleset){
                .files = (uint64_t)FILES_ABI_1 | (abi >= 2 ? FILES_REFER : 0) |
                         (abi >= 3 ? FILES_TRUNCATE : 0) | (abi >= 5 ? FILES_IOCTL_DEV : 0),
                .net = abi >= 4 ? NET_BIND | NET_CONNECT : 0,
                .scoped = abi >= 6 ? SCOPED_ALL : 0,
        };
}

static int allow_path(int rules, const char *path, struct err *err)
{
        struct landlock_path_beneath_attr rule = { .allowed_access = LANDLOCK_ACCESS_FS_READ_FILE };
        struct stat st;
        int fd = open(path, O_PATH | O_CLOEXEC), r = 0;

        if (fd < 0)
                return 0;
        if (fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
                rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
        rule.parent_fd = fd;
        if (syscall(SYS_landlock_add_rule, rules, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) < 0)
                r = err_errno(err, ERR_TEMP, "landlock_add_rule");
        io_close(&fd);
        return r;
}

static int allow_paths(int rules, const char *const *paths, struct err *err)
{
        for (; paths && *paths; paths++)
                if (allow_path(rules, *paths, err) < 0)
                        return -1;
        return 0;
}

static int allow_port(int rules, uint16_t port, struct err *err)
{
        const struct port_rule rule = { .allowed = NET_CONNECT, .port = port };

        if (syscall(SYS_landlock_add_rule, rules, RULE_NET_PORT, &rule, 0) < 0)
                return err_errno(err, ERR_TEMP, "landlock_add_rule");
        return 0;
}

static int allow(int rules, bool with_ports, const struct confine_reach *reach, struct err *err)
{
        if (allow_paths(rules, reach->names ? names : NULL, err) < 0 ||
            allow_paths(rules, reach->certificates ? certificates : NULL, err) < 0 ||
            allow_paths(rules, CONFINE_SANITIZED ? sanitizer : NULL, err) < 0 ||
            allow_paths(rules, reach->paths, err) < 0)
                return -1;
        if (!with_ports)
                return 0;
        if (reach->names && allow_port(rules, NAME_SERVICE, err) < 0)
                return -1;
        for (const uint16_t *port = reach->ports; port && *port; port++)
                if (allow_port(rules, *port, err) < 0)
                        return -1;
        return 0;
}

int confine_to(const struct confine_reach *reach, struct err *err)
{
        long abi = syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);
        const struct ruleset all = all_of(abi);
        int rules, r = -1;

        if (harden(err) < 0)
                return -1;
        if (abi < 1)
                return 0;
        rules = (int)syscall(SYS_landlock_create_ruleset, &all, sizeof all, 0);
        if (rules < 0)
                return err_errno(err, ERR_TEMP, "landlock_create_ruleset");
        if (allow(rules, all.net != 0, reach, err) == 0) {
                if (syscall(SYS_landlock_restrict_self, rules, 0) == 0)
                        r = 1;
                else
                        err_errno(err, ERR_TEMP, "landlock_restrict_self");
        }
        io_close(&rules);
        return r;
}
