/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/ctl.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/zone.h"
#include "ctl/command.h"
#include "ctl/loaded.h"
#include "ctl/table.h"
#include "ctl/text.h"

static const char default_config[] = "/etc/zapisyd/zapisyd.conf";

enum { OUT_MAX = 512 * 1024 * 1024, LOCK_PATIENCE_MS = 5000, LOCK_PAUSE_MS = 50 };

static int say(const struct err *err)
{
        CLEANUP_FREE char *text = text_line(err->text);

        fprintf(stderr, "zapisyctl: %s\n", text);
        switch (err->class) {
        case ERR_TEMP:
                return CTL_AGAIN;
        case ERR_PERM:
                return CTL_CONFIG;
        default:
                return CTL_REFUSED;
        }
}

static int load_config(struct ctl *ctl)
{
        const char *file = ctl->args->config ? ctl->args->config : default_config;
        struct config_problems problems = { 0 };
        int result = config_load(file, &ctl->config, &problems);

        /* Mere warnings are for zapisyd --check: here they would stand before every table. */
        for (size_t i = 0; result < 0 && i < problems.count; i++) {
                CLEANUP_FREE char *text = config_problem_text(&problems.items[i]);
                CLEANUP_FREE char *line = text_line(text);

                fprintf(stderr, "%s\n", line);
        }
        config_problems_free(&problems);
        return result;
}

static int set_clock(struct ctl *ctl, struct err *err)
{
        ctl->now = (int64_t)time(NULL);
        if (!ctl->args->now)
                return 0;
        return zone_parse(ctl->args->now, ctl->config->timezone, &ctl->now, err);
}

static void look_at_terminal(struct ctl *ctl)
{
        struct winsize size;

        ctl->terminal = isatty(STDOUT_FILENO);
        if (ctl->terminal && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
                ctl->width = size.ws_col;
}

/* ---- the register */
static int open_store(struct ctl *ctl, struct err *err)
{
        const char *path = ctl->config->store_path;
        struct stat info;

        if (stat(path, &info) == 0 ? info.st_size == 0 : errno == ENOENT || errno == ENOTDIR)
                return err_set(err, ERR_TEMP, "no register yet: start zapisyd first (%s)", path);
        if (access(path, R_OK | W_OK) < 0 && errno == EACCES)
                return err_set(err, ERR_INPUT,
                    "%s belongs to the account of zapisyd: try \"sudo -u zapisyd zapisyctl ...\"", path);
        return store_open(path, STORE_CLIENT, &ctl->store, err);
}

static int set_registrar(struct ctl *ctl, struct err *err)
{
        CLEANUP_FREE char *since = NULL;
        int64_t instant;

        ctl->registrar = (struct registrar){
                .store = ctl->store,
                .config = ctl->config,
                .events = ctl->events,
                .event_count = ctl->event_count,
                .since = ctl->config->mailbox.since,
                .now = ctl->now,
        };
        if (store_meta_get(ctl->store, "since", &since, err) < 0)
                return -1;
        if (since && str_to_int(since, 0, INT64_MAX, &instant) == 0)
                ctl->registrar.since = instant;
        return 0;
}

static int prepare(struct ctl *ctl, bool warn, struct err *err)
{
        loaded_free(ctl);
        return loaded_read(ctl, warn, err) < 0 || set_registrar(ctl, err) < 0 ? -1 : 0;
}

static int run_reading(struct ctl *ctl, const struct command *command, struct err *err)
{
        int result = -1;

        if (store_snapshot(ctl->store, err) < 0)
                return -1;
        if (prepare(ctl, true, err) == 0)
                result = command->run(ctl, err);
        store_rollback(ctl->store);
        return result;
}

/* One try. An error at the commit is not tried again: what it did is unknown until somebody looks. */
static int run_writing_once(
    struct ctl *ctl, const struct command *command, bool warn, bool *ret_committing, struct err *err)
{
        *ret_committing = false;
        if (store_begin(ctl->store, err) < 0)
                return -1;
        if (prepare(ctl, warn, err) < 0 || command->run(ctl, err) < 0) {
                store_rollback(ctl->store);
                return -1;
        }
        *ret_committing = true;
        return store_commit(ctl->store, err);
}

static int run_writing(struct ctl *ctl, const struct command *command, struct err *err)
{
        const struct timespec pause = { .tv_nsec = LOCK_PAUSE_MS * 1000000L };
        const int64_t end = io_monotonic_ms() + LOCK_PATIENCE_MS;
        bool committing = false, first = true;

        while (run_writing_once(ctl, command, first, &committing, err) < 0) {
                if (err->class != ERR_TEMP || committing)
                        return -1;
                if (io_monotonic_ms() >= end)
                        return err_prefix(err, "the register is busy, try again in a moment");
                buf_reset(&ctl->out);
                nanosleep(&pause, NULL);
                first = false;
        }
        return 0;
}

/* Where none runs, the next one will see it. */
void ctl_poke(const struct ctl *ctl)
{
        struct sockaddr_un address = { .sun_family = AF_UNIX };
        CLEANUP_FREE char *path = xasprintf("%s.poke", ctl->config->store_path);
        int sock;

        if (strlen(path) >= sizeof address.sun_path)
                return;
        memcpy(address.sun_path, path, strlen(path) + 1);
        sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        if (sock >= 0)
                (void)sendto(sock, "!", 1, MSG_NOSIGNAL, (struct sockaddr *)&address, sizeof address);
        io_close(&sock);
}

static int run(struct ctl *ctl, const struct command *command, struct err *err)
{
        const bool writes = command->need == NEED_WRITE || (command->writes && command->writes(ctl->args));

        if (command->need == NEED_NOTHING || command->need == NEED_CONFIG)
                return command->run(ctl, err);
        if (open_store(ctl, err) < 0)
                return -1;
        if (!writes)
                return run_reading(ctl, command, err);
        if (run_writing(ctl, command, err) < 0)
                return -1;
        ctl_poke(ctl);
        return 0;
}

int ctl_run(const struct args *args, const struct command *command)
{
        struct ctl ctl = { .args = args, .out = BUF_INIT(OUT_MAX) };
        struct err err = { 0 };
        int code = CTL_DONE;

        if (command->need == NEED_NOTHING)
                ctl.config = config_plain();
        else if (load_config(&ctl) < 0)
                return CTL_CONFIG;
        look_at_terminal(&ctl);
        if (set_clock(&ctl, &err) < 0) {
                say(&err);
                code = CTL_USAGE;
        } else if (run(&ctl, command, &err) < 0) {
                code = say(&err);
        } else {
                ctl_flush(&ctl);
        }
        if (fflush(stdout) != 0 && code == CTL_DONE) {
                perror("zapisyctl: standard output");
                code = CTL_REFUSED;
        }
        loaded_free(&ctl);
        store_close(ctl.store);
        config_free(ctl.config);
        buf_free(&ctl.out);
        return code;
}

/* ---- saying things */
void ctl_flush(struct ctl *ctl)
{
        if (buf_failed(&ctl->out))
                mem_die("more to say than fits");
        fwrite(buf_text(&ctl->out), 1, ctl->out.size, stdout);
        fflush(stdout);
        buf_reset(&ctl->out);
}

void ctl_json_take(struct ctl *ctl, json_t *json)
{
        char *text = json_dumps(json, JSON_INDENT(1) | JSON_REAL_PRECISION(6));

        if (!text)
                mem_die("out of memory");
        buf_printf(&ctl->out, "%s\n", text);
        free(text);
        json_decref(json);
}

void ctl_table(struct ctl *ctl, struct table *table)
{
        table_write(table, ctl->width, ctl->terminal, &ctl->out);
        table_free(table);
}

char *ctl_time(int64_t instant, const char *zone)
{
        char *text = instant == ZONE_NO_TIME ? xstrdup("") : zone_rfc3339(instant, zone);
        char *t = strchr(text, 'T');

        if (t) {
                *t = ' ';
                t[sizeof "T00:00:00" - 1] = '\0';
        }
        return text;
}

json_t *ctl_json_time(int64_t instant, const char *zone)
{
        CLEANUP_FREE char *text = instant == ZONE_NO_TIME ? NULL : zone_rfc3339(instant, zone);

        return ctl_json_text(text);
}

json_t *ctl_json_text(const char *text)
{
        return text ? json_string(text) : json_null();
}

json_t *ctl_json_id(const char *message_id)
{
        CLEANUP_FREE char *text = message_id ? xasprintf("<%s>", message_id) : NULL;

        return ctl_json_text(text);
}
