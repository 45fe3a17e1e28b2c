/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zapisyd's loop: it starts the helpers, lets intake and outbox work when no socket has news, keeps the
 * clock, and listens to the service manager and to zapisyctl. */
#include "keeper/keeper.h"

#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/version.h"
#include "config/config.h"
#include "core/schedule.h"
#include "core/zone.h"
#include "keeper/reload.h"
#include "keeper/sent.h"
#include "keeper/tokens.h"
#include "store/store.h"

enum {
        RETRY_MS = 200,
        RETRY_LONGEST_MS = 30 * 1000,
        ONCE_FAILURES = 8,
        STOP_SECONDS = 30,
        LOOK_SECONDS = 10
};

/* ---- the work step */
static void finish_if_done(struct keeper *keeper)
{
        bool over;

        if (keeper->stopping)
                over = !outbox_in_flight(keeper->outbox) && !tokens_are_busy(keeper->tokens);
        else
                over = keeper->once && !keeper->failures && intake_line_is_done(keeper->intake) &&
                       outbox_is_done(keeper->outbox) && sent_is_done(keeper->sent) &&
                       !tokens_are_busy(keeper->tokens);
        if (over)
                sd_event_exit(keeper->loop, keeper->exit_code);
}

static void digest_now(struct keeper *keeper)
{
        struct err err;
        bool queued = false;

        if (keeper_begin(keeper, &err) < 0 ||
            registrar_digest_if_due(&keeper->registrar, &queued, &err) < 0 ||
            store_commit(keeper->store, &err) < 0)
                keeper->digest_missed = true;
        else
                keeper->digest_missed = false;
        if (keeper->digest_missed)
                keeper_failed(keeper, "the digest", &err);
        else if (queued)
                log_info("the daily digest is on its way");
}

static int on_work(sd_event_source *source, void *data)
{
        struct keeper *keeper = data;
        int failures = keeper->failures;
        bool more = false;

        sd_event_source_set_enabled(source, SD_EVENT_OFF);
        if (!keeper->stopping)
                more = intake_line_work(keeper->intake);
        /* --once: the digest comes after the mail it tells of. */
        if (keeper->digest_missed || (keeper->once && !more && intake_line_is_done(keeper->intake)))
                digest_now(keeper);
        outbox_work(keeper->outbox);
        sent_work(keeper->sent);
        alarms_tell(keeper);
        if (keeper->failures == failures)
                keeper->failures = 0;
        if (more)
                keeper_kick(keeper);
        finish_if_done(keeper);
        return 0;
}

void keeper_kick(struct keeper *keeper)
{
        sd_event_source_set_enabled(keeper->work, SD_EVENT_ONESHOT);
}

static int on_work_later(sd_event_source *source, uint64_t usec, void *data)
{
        (void)source, (void)usec;
        keeper_kick(data);
        return 0;
}

void keeper_kick_later(struct keeper *keeper)
{
        uint64_t wait = RETRY_MS;

        for (int i = 1; i < keeper->failures && wait < RETRY_LONGEST_MS; i++)
                wait *= 2;
        wait = wait < RETRY_LONGEST_MS ? wait : RETRY_LONGEST_MS;
        keeper->work_later = sd_event_source_disable_unref(keeper->work_later);
        sd_event_add_time_relative(
            keeper->loop, &keeper->work_later, CLOCK_MONOTONIC, wait * 1000, 0, on_work_later, keeper);
}

void keeper_failed(struct keeper *keeper, const char *what, const struct err *err)
{
        store_rollback(keeper->store);
        if (err->class == ERR_TEMP)
                log_warning("%s: %s; trying again", what, err->text);
        else
                log_error("%s: %s", what, err->text);
        keeper->failures++;
        if (keeper->once && keeper->failures > ONCE_FAILURES)
                sd_event_exit(keeper->loop, EXIT_TRY_AGAIN);
        keeper_kick_later(keeper);
}

int keeper_begin(struct keeper *keeper, struct err *err)
{
        keeper->registrar.now = clock_now(&keeper->clock);
        return store_begin(keeper->store, err);
}

/* ---- what zapisyctl status shows */
void keeper_state(struct keeper *keeper, const char *key, const char *state, const char *detail)
{
        CLEANUP_FREE char *at = zone_rfc3339(clock_now(&keeper->clock), keeper->config->timezone);
        json_t *json = json_pack("{s:s, s:s, s:s}", "state", state, "detail", detail, "at", at);
        char *text = json_dumps(json, JSON_COMPACT);
        struct err err;

        json_decref(json);
        if (!text || store_begin(keeper->store, &err) < 0 ||
            store_meta_set(keeper->store, key, text, &err) < 0 || store_commit(keeper->store, &err) < 0)
                store_rollback(
                    keeper->store); /* only what people see; it is written again at the next change */
        free(text);
}

void keeper_unfit(void *data)
{
        struct keeper *keeper = data;

        sd_event_exit(keeper->loop, EXIT_TRY_AGAIN);
}

int keeper_secret(struct keeper *keeper, const struct config_server *server)
{
        struct err err = { 0 };
        char *secret = NULL;
        int fd;

        (void)keeper;
        if (config_secret(server, getenv("CREDENTIALS_DIRECTORY"), &secret, &err) < 0) {
                log_error("%s", err.text);
                return -1;
        }
        fd = io_memfd("secret", secret, strlen(secret), &err);
        explicit_bzero(secret, strlen(secret));
        free(secret);
        if (fd < 0)
                log_error("%s", err.text);
        return fd;
}

int keeper_login(struct keeper *keeper, const struct config_server *server, int *ret_fd, const char **ret_why)
{
        if (config_uses_token(server))
                return tokens_get(keeper->tokens, server, ret_fd, ret_why);
        *ret_fd = keeper_secret(keeper, server);
        *ret_why = "the password cannot be read";
        return *ret_fd < 0 ? -1 : 1;
}

void keeper_greeted(struct keeper *keeper)
{
        if (keeper->announced || !intake_line_is_ready(keeper->intake) || !outbox_is_ready(keeper->outbox))
                return;
        keeper->announced = true;
        sd_notify(0, "READY=1\nSTATUS=Reading the mailbox");
        log_info("zapisyd " ZAPISY_VERSION " is ready");
}

/* ---- the digest's clock */
static int on_digest(sd_event_source *source, uint64_t usec, void *data);

static void set_digest_timer(struct keeper *keeper)
{
        enum { AN_HOUR = 3600 };
        const struct config *config = keeper->config;
        int64_t now = clock_now(&keeper->clock), wait;

        wait = schedule_digest_next(now, config->digest_hour, config->digest_minute, config->timezone) - now;
        /* Looked at hourly, so that a clock that was set does not make it late. */
        wait = wait < 1 ? 1 : wait > AN_HOUR ? AN_HOUR : wait;
        keeper->digest_timer = sd_event_source_disable_unref(keeper->digest_timer);
        sd_event_add_time_relative(keeper->loop, &keeper->digest_timer, CLOCK_BOOTTIME,
            (uint64_t)wait * 1000000, 0, on_digest, keeper);
}

static int on_digest(sd_event_source *source, uint64_t usec, void *data)
{
        struct keeper *keeper = data;

        (void)source, (void)usec;
        digest_now(keeper);
        set_digest_timer(keeper);
        keeper_kick(keeper);
        return 0;
}

/* ---- zapisyctl's poke: a datagram beside the store */
static int on_poke(sd_event_source *source, int fd, uint32_t events, void *data)
{
        char byte[16];

        (void)source, (void)events;
        while (recv(fd, byte, sizeof byte, MSG_DONTWAIT) >= 0)
                ;
        tokens_look(((struct keeper *)data)->tokens);
        keeper_kick(data);
        return 0;
}

/* Others may have written without a poke: one that got lost, the sqlite3 shell, a store whose path is too long
 * for a socket. */
static int on_look(sd_event_source *source, uint64_t usec, void *data)
{
        struct keeper *keeper = data;
        int64_t version = store_data_version(keeper->store);

        (void)usec;
        if (version != keeper->data_version)
                keeper_kick(keeper);
        keeper->data_version = version;
        sd_event_source_set_time_relative(source, LOOK_SECONDS * 1000000ULL);
        sd_event_source_set_enabled(source, SD_EVENT_ONESHOT);
        return 0;
}

static void listen_for_pokes(struct keeper *keeper)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        int n = snprintf(address.sun_path, sizeof address.sun_path, "%s.poke", keeper->config->store_path),
            fd;

        if (n < 0 || (size_t)n >= sizeof address.sun_path)
                return; /* too long for a socket: on_look() notices changes a little later */
        fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (fd < 0)
                return;
        unlink(address.sun_path); /* we hold the store's lock: it is nobody else's */
        if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || chmod(address.sun_path, 0660) < 0 ||
            sd_event_add_io(keeper->loop, &keeper->poke, fd, EPOLLIN, on_poke, keeper) < 0) {
                close(fd);
                return;
        }
        sd_event_source_set_io_fd_own(keeper->poke, true);
}

/* ---- signals */
static int on_stop_timeout(sd_event_source *source, uint64_t usec, void *data)
{
        struct keeper *keeper = data;

        (void)source, (void)usec;
        sd_event_exit(keeper->loop, keeper->exit_code);
        return 0;
}

static int on_terminate(sd_event_source *source, const struct signalfd_siginfo *info, void *data)
{
        struct keeper *keeper = data;

        (void)source, (void)info;
        if (keeper->stopping)
                return 0;
        log_info("stopping");
        keeper->trouble = true; /* --once was not over */
        sd_notify(0, "STOPPING=1\nSTATUS=Finishing the letters in hand");
        keeper->stopping = true;
        sd_event_add_time_relative(
            keeper->loop, NULL, CLOCK_MONOTONIC, STOP_SECONDS * 1000000ULL, 0, on_stop_timeout, keeper);
        keeper_kick(keeper);
        return 0;
}

static int on_reload(sd_event_source *source, const struct signalfd_siginfo *info, void *data)
{
        struct keeper *keeper = data;
        CLEANUP_FREE char *message =
            xasprintf("RELOADING=1\nMONOTONIC_USEC=%lld000", (long long)io_monotonic_ms());

        (void)source, (void)info;
        if (keeper->stopping)
                return 0;
        sd_notify(0, message);
        reload(keeper);
        set_digest_timer(keeper);
        sd_notify(0, "READY=1");
        keeper_kick(keeper);
        return 0;
}

static void watch_signals(struct keeper *keeper)
{
        static const int terminate[] = { SIGTERM, SIGINT };
        sigset_t set;

        sigemptyset(&set);
        sigaddset(&set, SIGTERM);
        sigaddset(&set, SIGINT);
        sigaddset(&set, SIGHUP);
        sigaddset(&set, SIGCHLD);
        sigprocmask(SIG_BLOCK, &set, NULL);
        signal(SIGPIPE, SIG_IGN);
        for (size_t i = 0; i < sizeof terminate / sizeof *terminate; i++)
                sd_event_add_signal(keeper->loop, NULL, terminate[i], on_terminate, keeper);
        sd_event_add_signal(keeper->loop, NULL, SIGHUP, on_reload, keeper);
}

/* ---- start and end */

/* Where history begins: configured, or the first start, remembered. */
static int settle_since(struct keeper *keeper, struct err *err)
{
        CLEANUP_FREE char *kept = NULL;
        CLEANUP_FREE char *text = NULL;
        int64_t since = keeper->config->mailbox.since;

        if (store_meta_get(keeper->store, "since", &kept, err) < 0)
                return -1;
        if (since == ZONE_NO_TIME && (!kept || str_to_int(kept, INT64_MIN + 1, INT64_MAX, &since) < 0))
                since = clock_now(&keeper->clock);
        keeper->registrar.since = since;
        text = xasprintf("%lld", (long long)since);
        return store_meta_set(keeper->store, "since", text, err);
}

int keeper_adopt(struct keeper *keeper, struct config *config, struct err *err)
{
        CLEANUP_FREE char *at = zone_rfc3339(clock_now(&keeper->clock), config->timezone);
        CLEANUP_FREE char *self = xasprintf(
            "{\"pid\":%ld,\"version\":\"%s\",\"started\":\"%s\"}", (long)getpid(), ZAPISY_VERSION, at);
        struct registrar before = keeper->registrar;
        struct config *old = keeper->config;

        keeper->config = config;
        keeper->registrar.store = keeper->store;
        keeper->registrar.config = config;
        keeper->registrar.events = config->events;
        keeper->registrar.event_count = config->event_count;
        if (keeper_begin(keeper, err) == 0 && settle_since(keeper, err) == 0 &&
            store_meta_set(keeper->store, "keeper", self, err) == 0 &&
            registrar_load_events(&keeper->registrar, err) == 0 && store_commit(keeper->store, err) == 0) {
                config_free(old);
                return 0;
        }
        store_rollback(keeper->store);
        keeper->config = old;
        keeper->registrar = before;
        return -1;
}

/* Those that were with the sender when the last keeper died. */
static int recover_letters(struct keeper *keeper, struct err *err)
{
        size_t count = 0;

        if (keeper_begin(keeper, err) < 0 || registrar_recover(&keeper->registrar, &count, err) < 0 ||
            store_commit(keeper->store, err) < 0) {
                store_rollback(keeper->store);
                return -1;
        }
        if (count)
                log_warning(
                    "letters that were being sent when zapisyd ended, and may have arrived: %zu; each goes "
                    "once more by itself in %d min, then a person decides",
                    count, SCHEDULE_UNCERTAIN_AFTER / 60);
        return 0;
}

static int open_store(struct keeper *keeper, struct config *config, struct err *err)
{
        if (store_open(config->store_path, STORE_KEEPER, &keeper->store, err) < 0)
                return -1;
        alarms_skip(keeper);
        if (keeper_adopt(keeper, config, err) < 0)
                return -1;
        return recover_letters(keeper, err);
}

static int start(struct keeper *keeper, struct err *err)
{
        if (sd_event_new(&keeper->loop) < 0)
                return err_set(err, ERR_TEMP, "cannot make an event loop");
        watch_signals(keeper);
        if (sd_event_add_defer(keeper->loop, &keeper->work, on_work, keeper) < 0)
                return err_set(err, ERR_TEMP, "cannot make an event source");
        /* After all that sockets and timers have to say: so that work is done in groups. */
        sd_event_source_set_priority(keeper->work, SD_EVENT_PRIORITY_IDLE);
        sd_event_set_watchdog(keeper->loop, true);
        listen_for_pokes(keeper);
        sd_event_add_time_relative(
            keeper->loop, &keeper->look, CLOCK_MONOTONIC, LOOK_SECONDS * 1000000ULL, 0, on_look, keeper);
        keeper->tokens = tokens_new(keeper);
        keeper->intake = intake_line_new(keeper);
        keeper->outbox = outbox_new(keeper);
        if (sent_new(keeper, &keeper->sent, err) < 0)
                return -1;
        if (!keeper->once)
                on_digest(NULL, 0, keeper);
        return intake_line_start(keeper->intake, err) < 0 || outbox_start(keeper->outbox, err) < 0 ? -1 : 0;
}

static void finish(struct keeper *keeper)
{
        char *path;

        outbox_free(keeper->outbox);
        intake_line_free(keeper->intake);
        sent_free(keeper->sent);
        tokens_free(keeper->tokens);
        if (keeper->store && keeper->poke) {
                path = xasprintf("%s.poke", keeper->config->store_path);
                unlink(path);
                free(path);
        }
        sd_event_source_disable_unref(keeper->poke);
        sd_event_source_disable_unref(keeper->work);
        sd_event_source_disable_unref(keeper->work_later);
        sd_event_source_disable_unref(keeper->look);
        sd_event_source_disable_unref(keeper->digest_timer);
        sd_event_unref(keeper->loop);
        if (keeper->store && keeper->config && !keeper->once)
                keeper_state(keeper, "mailbox", "stopped", "zapisyd is not running");
        store_close(keeper->store);
        config_free(keeper->config);
}

int keeper_run(struct keeper *keeper)
{
        struct config *config = NULL;
        struct err err = { 0 };
        int code;

        if (reload_config(keeper->config_file, &config) < 0)
                return EXIT_CONFIGURATION;
        if (open_store(keeper, config, &err) < 0 || start(keeper, &err) < 0) {
                log_error("%s", err.text);
                code = err.class == ERR_PERM ? EXIT_CONFIGURATION : EXIT_TRY_AGAIN;
                if (keeper->config != config)
                        config_free(config);
        } else {
                code = sd_event_loop(keeper->loop);
                if (code < 0)
                        code = EXIT_TRY_AGAIN;
                if (keeper->once && code == EXIT_DONE && keeper->trouble)
                        code = EXIT_TRY_AGAIN;
        }
        finish(keeper);
        return code;
}
