/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zapisyd --check: what is wrong, where, in plain words; nothing is changed. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "config/config.h"
#include "config/token.h"
#include "core/zone.h"
#include "keeper/helper.h"
#include "keeper/keeper.h"
#include "keeper/reload.h"
#include "store/store.h"

struct probe {            /* of one server */
        const char *what; /* "mailbox" or "smtp": the section of the configuration */
        const struct config_server *server;
        struct helper *helper;
        struct check *check;
        bool answered, failed;
};

struct check {
        const struct config *config;
        sd_event *loop;
        struct probe mailbox, smtp;
        int64_t since;
};

static void answered(struct probe *probe, bool failed)
{
        if (probe->answered)
                return;
        probe->answered = true;
        probe->failed = failed;
        helper_stop(probe->helper);
        if (probe->check->mailbox.answered && probe->check->smtp.answered)
                sd_event_exit(probe->check->loop, 0);
}

static void complain(struct probe *probe, const char *text)
{
        const struct config *config = probe->check->config;
        CLEANUP_FREE char *host = xasprintf("%s.host", probe->what);

        printf("%s:%d: %s %s:%d: %s\n", config->file, config_line(config, host), probe->what,
            probe->server->host, probe->server->port, text);
        answered(probe, true);
}

static int secret_memfd(struct probe *probe, char *secret_take)
{
        struct err err = { 0 };
        int fd = io_memfd("secret", secret_take, strlen(secret_take), &err);

        explicit_bzero(secret_take, strlen(secret_take));
        free(secret_take);
        if (fd < 0)
                complain(probe, err.text);
        return fd;
}

/* One that has run out is not renewed here: that would change the file, or make it worthless. */
static int token_of(struct probe *probe)
{
        const char *path = probe->server->token_file;
        struct token token;
        struct err err;
        char *access;

        if (config_token_read(path, &token, &err) < 0 ||
            (*token.refresh && config_token_check(path, probe->check->config->store_path, &err) < 0)) {
                complain(probe, err.text);
                return -1;
        }
        if (!token_is_valid(&token, (int64_t)time(NULL))) {
                if (*token.refresh) {
                        printf(
                            "%s: its token has run out; the service renews it when it runs, the login is not "
                            "tried here\n",
                            probe->what);
                        answered(probe, false);
                } else {
                        complain(
                            probe, "its token has run out, and there is no refresh token: zapisyctl login");
                }
                token_free(&token);
                return -1;
        }
        access = xstrdup(token.access);
        token_free(&token);
        return secret_memfd(probe, access);
}

static int secret_of(struct probe *probe)
{
        struct err err = { 0 };
        char *secret = NULL;

        if (config_uses_token(probe->server))
                return token_of(probe);
        if (config_secret(probe->server, getenv("CREDENTIALS_DIRECTORY"), &secret, &err) < 0) {
                complain(probe, err.text);
                return -1;
        }
        return secret_memfd(probe, secret);
}

static json_t *open_record(const struct config_server *server)
{
        return json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s}", "op", "open", "host", server->host, "port",
            server->port, "tls", config_tls_name(server->tls), "ca_file", server->ca_file, "user",
            server->user, "auth", server->auth);
}

static void mailbox_ready(void *owner)
{
        struct probe *probe = owner;
        const struct config_mailbox *mailbox = &probe->check->config->mailbox;
        json_t *record = open_record(probe->server);
        int secret = secret_of(probe);

        if (secret < 0) {
                json_decref(record);
                return;
        }
        json_object_set_new(record, "sent_folder", json_string(mailbox->sent_folder));
        json_object_update_new(
            record, json_pack("{s:s, s:b, s:i, s:s, s:b, s:b, s:i, s:I}", "folder", mailbox->folder, "idle",
                        false, "poll_seconds", mailbox->poll_seconds, "mark", mailbox->mark, "once", true,
                        "check", true, "message_mb", probe->check->config->limits.message_mb, "since",
                        (json_int_t)probe->check->since));
        helper_send(probe->helper, record, secret);
        io_close(&secret);
}

/* Whether letters can be copied to their folder. Letters go out in any case. */
static bool check_sent(const struct probe *probe, const json_t *json)
{
        const struct config *config = probe->check->config;
        const char *folder = config->mailbox.sent_folder, *sent = "";

        wire_string(json, "sent", 16, &sent, NULL);
        if (str_equal(sent, "missing"))
                printf("mailbox: the folder %s for copies of letters is not there; it will be made with the "
                       "first "
                       "one\n",
                    folder);
        if (!str_equal(sent, "unusable"))
                return false;
        printf("%s:%d: mailbox.sent_folder: the folder %s cannot be written to; name another one, or \"\" "
               "for no "
               "copies of letters\n",
            config->file, config_line(config, "mailbox.sent_folder"), folder);
        return true;
}

static void mailbox_record(void *owner, struct wire_record *record)
{
        struct probe *probe = owner;
        const char *op = wire_op(record->json), *detail = "", *state = "", *marks = "";
        json_int_t exists = 0, waiting = 0;

        wire_string(record->json, "detail", LIMIT_HEADER_VALUE, &detail, NULL);
        wire_string(record->json, "state", 32, &state, NULL);
        if (str_equal(op, "state") && str_equal(state, "error"))
                complain(probe, detail);
        if (!str_equal(op, "checked"))
                return;
        wire_integer(record->json, "exists", 0, INT32_MAX, &exists, NULL);
        wire_integer(record->json, "waiting", 0, INT32_MAX, &waiting, NULL);
        printf("mailbox: logged in; %lld messages, %lld of them since mailbox.since would be taken\n",
            (long long)exists, (long long)waiting);
        wire_string(record->json, "marks", LIMIT_HEADER_VALUE, &marks, NULL);
        if (*marks)
                printf("mailbox: registration mail cannot be marked: %s\n", marks);
        answered(probe, check_sent(probe, record->json));
}

static void smtp_ready(void *owner)
{
        struct probe *probe = owner;
        json_t *record = open_record(probe->server);
        int secret = secret_of(probe);

        if (secret < 0) {
                json_decref(record);
                return;
        }
        json_object_set_new(record, "from", json_string(probe->check->config->smtp.from_address));
        helper_send(probe->helper, record, secret);
        helper_send(probe->helper, json_pack("{s:s}", "op", "check"), -1);
        io_close(&secret);
}

static void smtp_record(void *owner, struct wire_record *record)
{
        struct probe *probe = owner;
        const char *fate = "", *detail = "";

        if (!str_equal(wire_op(record->json), "fate"))
                return;
        wire_string(record->json, "fate", 16, &fate, NULL);
        wire_string(record->json, "detail", LIMIT_HEADER_VALUE, &detail, NULL);
        if (!str_equal(fate, "sent")) {
                complain(probe, detail);
                return;
        }
        printf("smtp: logged in\n");
        answered(probe, false);
}

static void probe_gone(void *owner)
{
        struct probe *probe = owner;

        if (!probe->answered)
                complain(probe, "the program that talks to it ended");
}

static int on_timeout(sd_event_source *source, uint64_t usec, void *data)
{
        struct check *check = data;

        (void)source, (void)usec;
        if (!check->mailbox.answered)
                complain(&check->mailbox, "no answer within two minutes");
        if (!check->smtp.answered)
                complain(&check->smtp, "no answer within two minutes");
        return 0;
}

static int look_at_store(struct check *check, int64_t now)
{
        const struct config *config = check->config;
        struct store *store = NULL;
        struct err err = { 0 };
        char *since = NULL;

        check->since = config->mailbox.since;
        if (check->since == ZONE_NO_TIME)
                check->since = now;
        if (store_open(config->store_path, STORE_LOOK, &store, &err) < 0) {
                if (access(config->store_path, F_OK) == 0) {
                        printf("store: %s\n", err.text);
                        return -1;
                }
                printf("store: %s will be created at the first start\n", config->store_path);
                return 0;
        }
        if (config->mailbox.since == ZONE_NO_TIME && store_meta_get(store, "since", &since, &err) == 0 &&
            since)
                str_to_int(since, INT64_MIN + 1, INT64_MAX, &check->since);
        free(since);
        store_close(store);
        printf("store: %s is in order\n", config->store_path);
        return 0;
}

static int ask_servers(struct check *check)
{
        static const struct helper_calls mailbox = {
                .ready = mailbox_ready, .record = mailbox_record, .gone = probe_gone, .unfit = probe_gone
        };
        static const struct helper_calls smtp = {
                .ready = smtp_ready, .record = smtp_record, .gone = probe_gone, .unfit = probe_gone
        };
        sigset_t set;
        struct err err;

        sigemptyset(&set);
        sigaddset(&set, SIGCHLD);
        sigprocmask(SIG_BLOCK, &set, NULL);
        if (sd_event_new(&check->loop) < 0)
                return -1;
        check->mailbox.helper =
            helper_new(check->loop, "zapisy-fetch", SERVER_PATIENCE, &mailbox, &check->mailbox);
        check->smtp.helper = helper_new(check->loop, "zapisy-send", SERVER_PATIENCE, &smtp, &check->smtp);
        sd_event_add_time_relative(
            check->loop, NULL, CLOCK_MONOTONIC, 120 * 1000000ULL, 0, on_timeout, check);
        if (helper_start(check->mailbox.helper, &err) < 0)
                complain(&check->mailbox, err.text);
        if (helper_start(check->smtp.helper, &err) < 0)
                complain(&check->smtp, err.text);
        sd_event_loop(check->loop);
        helper_free(check->mailbox.helper);
        helper_free(check->smtp.helper);
        sd_event_unref(check->loop);
        return check->mailbox.failed || check->smtp.failed ? -1 : 0;
}

int check_run(const char *config_file, int64_t now)
{
        struct config *config = NULL;
        struct check check;
        int store, servers;

        if (reload_config(config_file, &config) < 0)
                return EXIT_CONFIGURATION;
        check = (struct check){ .config = config };
        check.mailbox =
            (struct probe){ .what = "mailbox", .server = &config->mailbox.server, .check = &check };
        check.smtp = (struct probe){ .what = "smtp", .server = &config->smtp.server, .check = &check };
        printf("configuration: %zu event%s, no error\n", config->event_count,
            config->event_count == 1 ? "" : "s");
        store = look_at_store(&check, now);
        servers = ask_servers(&check);
        config_free(config);
        if (store < 0 || servers < 0)
                return EXIT_TRY_AGAIN;
        printf("all is well\n");
        return EXIT_DONE;
}
