/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/sandbox_filter.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/confine.h"
#include "base/err.h"
#include "base/io.h"

enum { CODE_MAX = 64 * 1024, END = INT_MIN };

/* What computing needs: memory, its own descriptors, the clock, ending. */
static const int computing[] = { SCMP_SYS(read), SCMP_SYS(write), SCMP_SYS(readv), SCMP_SYS(writev),
        SCMP_SYS(pread64), SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(brk), SCMP_SYS(munmap),
        SCMP_SYS(mremap), SCMP_SYS(madvise), SCMP_SYS(futex), SCMP_SYS(exit), SCMP_SYS(exit_group),
        SCMP_SYS(rt_sigreturn), SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction), SCMP_SYS(clock_gettime),
        SCMP_SYS(gettimeofday), SCMP_SYS(times), SCMP_SYS(time), SCMP_SYS(getrandom), SCMP_SYS(sched_yield),
        SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(sysinfo), SCMP_SYS(getrusage), SCMP_SYS(poll),
        SCMP_SYS(ppoll), SCMP_SYS(restart_syscall), SCMP_SYS(rseq), SCMP_SYS(set_robust_list), END };

/* What libraries try and can do without: they get an error and go on. */
static const struct {
        int call, error;
} refused[] = { { SCMP_SYS(open), EACCES }, { SCMP_SYS(openat), EACCES }, { SCMP_SYS(stat), EACCES },
        { SCMP_SYS(lstat), EACCES }, { SCMP_SYS(statx), EACCES }, { SCMP_SYS(access), EACCES },
        { SCMP_SYS(faccessat), EACCES }, { SCMP_SYS(faccessat2), EACCES }, { SCMP_SYS(readlink), EACCES },
        { SCMP_SYS(readlinkat), EACCES }, { SCMP_SYS(getcwd), EACCES }, { SCMP_SYS(statfs), EACCES },
        { SCMP_SYS(ioctl), ENOTTY }, { SCMP_SYS(uname), EPERM }, { SCMP_SYS(sched_getaffinity), EPERM },
        { SCMP_SYS(clone3), ENOSYS }, { END, 0 } };

/* What the sanitizer needs to make its shadow and to tell where an error is. */
static const int sanitizing[] = { SCMP_SYS(sigaltstack), SCMP_SYS(prlimit64), SCMP_SYS(tgkill),
        SCMP_SYS(mmap), SCMP_SYS(mprotect), SCMP_SYS(getuid), SCMP_SYS(getppid), SCMP_SYS(dup2), END };

/* What the parent does besides: talk, hand over what is large, fork, lock and kill children. */
static const int parenting[] = { SCMP_SYS(recvmsg), SCMP_SYS(sendmsg), SCMP_SYS(memfd_create),
        SCMP_SYS(pipe2), SCMP_SYS(clone), SCMP_SYS(wait4), SCMP_SYS(kill), SCMP_SYS(dup2), SCMP_SYS(dup3),
        SCMP_SYS(close_range), SCMP_SYS(prctl), SCMP_SYS(prlimit64), SCMP_SYS(setrlimit), SCMP_SYS(seccomp),
        SCMP_SYS(landlock_create_ruleset), SCMP_SYS(landlock_restrict_self), SCMP_SYS(getuid),
        SCMP_SYS(geteuid), SCMP_SYS(getppid), SCMP_SYS(fcntl), SCMP_SYS(fstat), SCMP_SYS(newfstatat),
        SCMP_SYS(memfd_create), SCMP_SYS(sigaltstack), END };

static int allow(scmp_filter_ctx c, const int *calls)
{
        int r = 0;

        for (; *calls != END; calls++)
                r |= seccomp_rule_add(c, SCMP_ACT_ALLOW, *calls, 0);
        return r;
}

static int refuse(scmp_filter_ctx c)
{
        int r = 0;

        for (size_t i = 0; refused[i].call != END; i++)
                r |= seccomp_rule_add(c, SCMP_ACT_ERRNO((uint32_t)refused[i].error), refused[i].call, 0);
        return r;
}

/* Memory is never executable. */
static int allow_memory(scmp_filter_ctx c)
{
        const struct scmp_arg_cmp not_executable = {
                .arg = 2, .op = SCMP_CMP_MASKED_EQ, .datum_a = PROT_EXEC
        };

        return seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 1, not_executable) |
               seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(mprotect), 1, not_executable);
}

static int child_rules(scmp_filter_ctx c)
{
        const struct scmp_arg_cmp get = { .arg = 1, .op = SCMP_CMP_EQ, .datum_a = F_GETFL };
        int r = allow(c, computing) | refuse(c) | allow_memory(c);

        r |= seccomp_rule_add(c, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1, get);
        r |= seccomp_rule_add(c, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(newfstatat), 0);
        r |= seccomp_rule_add(c, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(fstat), 0);
        r |= seccomp_rule_add(c, SCMP_ACT_ERRNO(EAGAIN), SCMP_SYS(clone), 0);
        if (CONFINE_SANITIZED)
                r |= allow(c, sanitizing);
        else
                r |= seccomp_rule_add(c, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), 0);
        return r;
}

static int parent_rules(scmp_filter_ctx c)
{
        return allow(c, computing) | refuse(c) | allow_memory(c) | allow(c, parenting);
}

static int export(scmp_filter_ctx c, struct sandbox_filter *ret_filter, struct err *err)
{
        struct buf code = BUF_INIT(CODE_MAX);
        int fd = memfd_create("filter", MFD_CLOEXEC), r = -1;
        size_t size;

        if (fd < 0 || seccomp_export_bpf(c, fd) < 0 || lseek(fd, 0, SEEK_SET) < 0)
                err_errno(err, ERR_TEMP, "cannot make the system call filter");
        else
                r = io_read_fd(fd, &code, err);
        io_close(&fd);
        if (r < 0) {
                buf_free(&code);
                return -1;
        }
        ret_filter->code = (struct sock_filter *)(void *)buf_detach(&code, &size);
        ret_filter->length = (unsigned short)(size / sizeof *ret_filter->code);
        return 0;
}

static int build(int (*rules)(scmp_filter_ctx c), struct sandbox_filter *ret_filter, struct err *err)
{
        scmp_filter_ctx c = seccomp_init(SCMP_ACT_KILL_PROCESS);
        int r;

        if (!c || seccomp_attr_set(c, SCMP_FLTATR_CTL_OPTIMIZE, 2) < 0 || rules(c)) {
                r = err_set(err, ERR_TEMP, "cannot make the system call filter");
                goto out;
        }
        r = export(c, ret_filter, err);
out:
        seccomp_release(c);
        return r;
}

int sandbox_filter_child(struct sandbox_filter *ret_filter, struct err *err)
{
        return build(child_rules, ret_filter, err);
}

int sandbox_filter_parent(struct sandbox_filter *ret_filter, struct err *err)
{
        return build(parent_rules, ret_filter, err);
}

void sandbox_filter_free(struct sandbox_filter *filter)
{
        free(filter->code);
        *filter = (struct sandbox_filter){ 0 };
}

int sandbox_filter_load(const struct sandbox_filter *filter)
{
        const struct sock_fprog program = { .len = filter->length, .filter = filter->code };

        return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program);
}
