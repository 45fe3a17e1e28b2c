/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeper/helper.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/version.h"
#include "base/wire.h"
#include "core/schedule.h"

struct waiting_record {
        struct waiting_record *next;
        json_t *json;
        int fd;
};

struct helper {
        sd_event *loop;
        const char *program;
        struct helper_calls calls;
        void *owner;
        pid_t pid;
        int sock, failures, patience;
        int mute;        /* ends without a greeting, in a row */
        int64_t started; /* io_monotonic_ms() */
        bool greeted, known, wanted,
            hung_up; /* known: it greeted once; hung_up: we ended it, its signal is no news */
        sd_event_source *io, *child, *again;
        struct waiting_record *first, **last;
        size_t waiting;
};

struct helper *helper_new(
    sd_event *loop, const char *program, int patience, const struct helper_calls *calls, void *owner)
{
        struct helper *helper = xcalloc(1, sizeof *helper);

        helper->loop = loop;
        helper->program = program;
        helper->patience = patience;
        helper->calls = *calls;
        helper->owner = owner;
        helper->sock = -1;
        helper->last = &helper->first;
        return helper;
}

static void drop_waiting(struct helper *helper)
{
        while (helper->first) {
                struct waiting_record *record = helper->first;

                helper->first = record->next;
                json_decref(record->json);
                io_close(&record->fd);
                free(record);
        }
        helper->last = &helper->first;
        helper->waiting = 0;
}

static void disconnect(struct helper *helper)
{
        helper->io = sd_event_source_disable_unref(helper->io);
        io_close(&helper->sock);
        helper->greeted = false;
        drop_waiting(helper);
}

/* A helper ends by itself, its children with it, when its socket closes; one that hangs does not get to stay.
 */
static void reap(pid_t pid)
{
        enum { PATIENCE_MS = 1500, STEP_MS = 5 };
        const struct timespec step = { .tv_nsec = STEP_MS * 1000000L };

        for (int waited = 0; waited < PATIENCE_MS; waited += STEP_MS) {
                if (waitpid(pid, NULL, WNOHANG) != 0)
                        return;
                nanosleep(&step, NULL);
        }
        kill(pid, SIGKILL);
        while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
                ;
}

void helper_stop(struct helper *helper)
{
        helper->wanted = false;
        helper->again = sd_event_source_disable_unref(helper->again);
        disconnect(helper);
        helper->child = sd_event_source_disable_unref(helper->child);
        if (helper->pid > 0)
                reap(helper->pid);
        helper->pid = 0;
}

void helper_free(struct helper *helper)
{
        if (!helper)
                return;
        helper_stop(helper);
        free(helper);
}

bool helper_is_ready(const struct helper *helper)
{
        return helper->greeted;
}

bool helper_has_greeted(const struct helper *helper)
{
        return helper->known;
}

bool helper_is_mute(const struct helper *helper)
{
        enum { TRIES = 4 };

        return helper->mute >= TRIES;
}

void helper_succeeded(struct helper *helper)
{
        helper->failures = 0;
}

size_t helper_waiting(const struct helper *helper)
{
        return helper->waiting;
}

/* ---- starting */

/* Helpers stand beside this program (a build folder) or in ../libexec/zapisyd (an installation). */
static char *find_program(const char *program)
{
        static const char *const places[] = { "", "../libexec/zapisyd/" };
        char self[PATH_MAX];
        ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
        int folder;

        if (n <= 0)
                return NULL;
        self[n] = '\0';
        folder = (int)(strrchr(self, '/') - self);
        for (size_t i = 0; i < 2; i++) {
                char *path = xasprintf("%.*s/%s%s", folder, self, places[i], program);

                if (access(path, X_OK) == 0)
                        return path;
                free(path);
        }
        return NULL;
}

/* A helper needs nothing of ours: no credentials folder, no notification socket, no descriptors but its
 * socket. */
_Noreturn static void become(const char *path, const char *program, int sock)
{
        sigset_t none;
        int null = open("/dev/null", O_RDWR | O_CLOEXEC);

        sigemptyset(&none);
        sigprocmask(SIG_SETMASK, &none, NULL);
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        unsetenv("CREDENTIALS_DIRECTORY");
        unsetenv("NOTIFY_SOCKET");
        unsetenv("WATCHDOG_USEC");
        unsetenv("WATCHDOG_PID");
        if (null < 0 || dup2(sock, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0 ||
            close_range(3, ~0U, 0) < 0)
                _exit(126);
        execl(path, program, (char *)NULL);
        _exit(127);
}

static int on_again(sd_event_source *source, uint64_t usec, void *data);
static int on_io(sd_event_source *source, int fd, uint32_t events, void *data);

static void schedule_again(struct helper *helper)
{
        int seconds = schedule_backoff_seconds(helper->failures);

        if (!helper->wanted || helper->again)
                return;
        seconds = seconds > helper->patience ? helper->patience : seconds;
        log_info("%s: will be started again in %d s", helper->program, seconds);
        sd_event_add_time_relative(
            helper->loop, &helper->again, CLOCK_MONOTONIC, (uint64_t)seconds * 1000000, 0, on_again, helper);
}

static void ended(struct helper *helper)
{
        if (helper->greeted && io_monotonic_ms() - helper->started > helper->patience * 1000LL)
                helper->failures = 0; /* it worked for long: this is no row of failures */
        helper->mute = helper->greeted ? 0 : helper->mute + 1;
        disconnect(helper);
        helper->failures++;
        helper->calls.gone(helper->owner);
        schedule_again(helper);
}

static int on_child(sd_event_source *source, const siginfo_t *info, void *data)
{
        struct helper *helper = data;

        (void)source;
        helper->child = sd_event_source_disable_unref(helper->child);
        helper->pid = 0;
        if (info->si_code != CLD_EXITED && !helper->hung_up)
                log_warning("%s ended by signal %d", helper->program, info->si_status);
        else if (info->si_code == CLD_EXITED && info->si_status == 127)
                log_error("%s could not be started", helper->program);
        else if (info->si_code == CLD_EXITED && info->si_status && !helper->greeted)
                log_warning("%s ended with status %d", helper->program, info->si_status);
        ended(helper);
        return 0;
}

static int launch(struct helper *helper, struct err *err)
{
        CLEANUP_FREE char *path = find_program(helper->program);
        int ends[2];

        if (!path)
                return err_set(err, ERR_PERM, "%s is not installed beside this program", helper->program);
        if (wire_pair(ends, err) < 0)
                return -1;
        helper->pid = fork();
        if (helper->pid == 0)
                become(path, helper->program, ends[1]);
        close(ends[1]);
        helper->sock = ends[0];
        if (helper->pid < 0) {
                helper->pid = 0;
                io_close(&helper->sock);
                return err_errno(err, ERR_TEMP, "cannot start %s", helper->program);
        }
        if (sd_event_add_child(helper->loop, &helper->child, helper->pid, WEXITED, on_child, helper) < 0 ||
            sd_event_add_io(helper->loop, &helper->io, helper->sock, EPOLLIN, on_io, helper) < 0)
                mem_die("cannot watch a helper");
        /* What it said last is heard before its end is noticed. */
        sd_event_source_set_priority(helper->child, SD_EVENT_PRIORITY_NORMAL + 10);
        helper->hung_up = false;
        helper->started = io_monotonic_ms();
        return 0;
}

int helper_start(struct helper *helper, struct err *err)
{
        helper->wanted = true;
        if (helper->pid || helper->again)
                return 0;
        return launch(helper, err);
}

static int on_again(sd_event_source *source, uint64_t usec, void *data)
{
        struct helper *helper = data;
        struct err err = { 0 };

        (void)source, (void)usec;
        helper->again = sd_event_source_disable_unref(helper->again);
        if (launch(helper, &err) < 0) {
                log_error("%s", err.text);
                helper->failures++;
                schedule_again(helper);
        }
        return 0;
}

/* ---- talking */
static void watch_writing(struct helper *helper)
{
        sd_event_source_set_io_events(helper->io, helper->first ? EPOLLIN | EPOLLOUT : EPOLLIN);
}

/* Whether the record is out of our hands; a broken socket shows itself as the end of the program. */
static bool try_send(struct helper *helper, const json_t *json, int fd)
{
        struct err err;

        if (wire_send(helper->sock, json, &fd, fd >= 0, &err) == 0)
                return true;
        if (errno == EAGAIN || errno == ENOBUFS || errno == ETOOMANYREFS)
                return false;
        if (errno != EPIPE && errno != ECONNRESET)
                log_error("%s: %s", helper->program, err.text);
        return true;
}

void helper_send(struct helper *helper, json_t *json, int fd)
{
        struct waiting_record *record;

        if (helper->sock < 0 || (!helper->first && try_send(helper, json, fd))) {
                json_decref(json);
                return;
        }
        record = xcalloc(1, sizeof *record);
        record->json = json;
        record->fd = fd >= 0 ? fcntl(fd, F_DUPFD_CLOEXEC, 3) : -1;
        *helper->last = record;
        helper->last = &record->next;
        helper->waiting++;
        watch_writing(helper);
}

static void send_waiting(struct helper *helper)
{
        while (helper->first && try_send(helper, helper->first->json, helper->first->fd)) {
                struct waiting_record *record = helper->first;

                helper->first = record->next;
                if (!helper->first)
                        helper->last = &helper->first;
                helper->waiting--;
                json_decref(record->json);
                io_close(&record->fd);
                free(record);
        }
        watch_writing(helper);
}

static void greet(struct helper *helper, const struct wire_record *record)
{
        const char *version = json_string_value(json_object_get(record->json, "version"));

        if (!str_equal(wire_op(record->json), "hello") || !str_equal(version, ZAPISY_VERSION)) {
                log_error("%s is of another version than zapisyd: restart zapisyd", helper->program);
                helper->calls.unfit(helper->owner);
                return;
        }
        helper->greeted = helper->known = true;
        helper->calls.ready(helper->owner);
}

static void hang_up(struct helper *helper, const char *why)
{
        if (why)
                log_error("%s: %s; it is stopped", helper->program, why);
        helper->hung_up = true;
        if (helper->pid > 0)
                kill(helper->pid, SIGKILL); /* on_child does the rest */
        helper->io = sd_event_source_disable_unref(helper->io);
}

void helper_restart(struct helper *helper, const char *why)
{
        if (helper->pid > 0 && !helper->hung_up)
                hang_up(helper, why);
}

static int on_io(sd_event_source *source, int fd, uint32_t events, void *data)
{
        struct helper *helper = data;
        struct wire_record record;
        struct err err;

        (void)source;
        if (events & EPOLLOUT)
                send_waiting(helper);
        /* Bounded, so that one busy helper leaves the others their turn. */
        for (int i = 0; i < 32 && helper->sock == fd; i++) {
                int got = wire_receive(fd, &record, &err);

                if (got < 0 && errno == EAGAIN)
                        return 0;
                if (got <= 0) {
                        hang_up(helper, got < 0 ? err.text : NULL);
                        return 0;
                }
                if (helper->greeted)
                        helper->calls.record(helper->owner, &record);
                else
                        greet(helper, &record);
                wire_free(&record);
        }
        return 0;
}
