/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zapisyctl login: a person lets zapisyd into the mailbox, and the token file is written. zapisy-send does the
 * network; what it says is checked like anything that comes in. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/err.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "config/config.h"
#include "config/token.h"
#include "core/grant.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/partner.h"
#include "ctl/pkce.h"

enum { ANSWER_MS = 60 * 1000, SLOWER_BY = 5, SLOWEST = 60, MINUTE = 60 };

struct login {
        struct ctl *ctl;
        const struct config_oauth *oauth;
        const char *what; /* "mailbox", "smtp" */
        const struct config_server *server;
        struct partner partner;
        char *client_secret;
};

/* At once: the person is waiting. Where the output is for a machine, beside it. */
__attribute__((format(printf, 2, 3))) static void say(const struct login *login, const char *format, ...)
{
        FILE *to = login->ctl->args->json ? stderr : stdout;
        va_list args;

        va_start(args, format);
        vfprintf(to, format, args);
        va_end(args);
        fflush(to);
}

/* ---- asking zapisy-send */
static int secrets_memfd(const struct login *login, json_t *secrets_take, struct err *err)
{
        char *text;
        int fd;

        json_object_set_new(secrets_take, "client_secret", json_string(login->client_secret));
        text = json_dumps(secrets_take, JSON_COMPACT);
        json_decref(secrets_take);
        if (!text)
                return err_set(err, ERR_PERM, "what should be sent is not UTF-8");
        fd = io_memfd("secrets", text, strlen(text), err);
        explicit_bzero(text, strlen(text));
        free(text);
        return fd;
}

static int read_grant(const struct wire_record *record, struct grant *ret_grant, struct err *err)
{
        struct io_map map = { .data = "" };
        int r;

        if (!str_equal(wire_op(record->json), "grant"))
                return err_set(err, ERR_INPUT, "zapisy-send answers something else");
        if (record->fds[0] >= 0 && io_map_memfd(record->fds[0], 4 * TOKEN_MAX, &map, err) < 0)
                return -1;
        r = grant_from_record(record->json, map.data, map.size, ret_grant, err);
        io_unmap(&map);
        return r;
}

static int ask(struct login *login, const char *op, json_t *more_take, json_t *secrets_take,
    struct grant *ret_grant, struct err *err)
{
        json_t *question = json_pack("{s:s, s:s}", "op", op, "client_id", login->oauth->client_id);
        int fd = secrets_memfd(login, secrets_take, err), r;
        struct wire_record record;

        json_object_update_new(question, more_take);
        if (fd < 0) {
                json_decref(question);
                return -1;
        }
        r = partner_tell(&login->partner, question, &fd, 1, err);
        io_close(&fd);
        if (r < 0 || partner_hear(&login->partner, &record, err) < 0)
                return -1;
        r = read_grant(&record, ret_grant, err);
        wire_free(&record);
        return r;
}

static int open_partner(struct login *login, struct err *err)
{
        if (partner_open(&login->partner, "zapisy-send", ANSWER_MS, err) < 0)
                return -1;
        return partner_tell(&login->partner,
            json_pack("{s:s, s:s, s:s, s:s}", "op", "authority", "token_url", login->oauth->token_url,
                "device_url", login->oauth->device_url, "ca_file", login->oauth->ca_file),
            NULL, 0, err);
}

/* Nothing was given: why, and whether it is worth another try. */
static int refused(const struct grant *grant, struct err *err)
{
        switch (grant->fate) {
        case GRANT_AGAIN:
                return err_set(err, ERR_TEMP, "%s", grant->detail);
        case GRANT_EXPIRED:
                return err_set(err, ERR_TEMP, "%s: run it again, a new one is shown", grant->detail);
        case GRANT_WRONG:
                return err_set(err, ERR_PERM, "%s", grant->detail);
        default:
                return err_set(err, ERR_INPUT, "%s; nothing is changed", grant->detail);
        }
}

/* ---- a device (RFC 8628) */
static void rest(int64_t seconds)
{
        struct timespec left = { .tv_sec = (time_t)seconds };

        while (nanosleep(&left, &left) < 0 && errno == EINTR)
                ;
}

/* RFC 8628 3.5. */
static int poll_device(
    struct login *login, const struct grant *device, struct grant *ret_grant, struct err *err)
{
        const int64_t end = io_monotonic_ms() + device->expires_in * 1000;
        int64_t interval = device->interval;

        while (io_monotonic_ms() + interval * 1000 <= end) {
                struct grant grant;

                rest(interval);
                if (ask(login, "poll", json_object(), json_pack("{s:s}", "device_code", device->device_code),
                        &grant, err) < 0)
                        return -1;
                if (grant.fate == GRANT_GIVEN) {
                        *ret_grant = grant;
                        return 0;
                }
                if (grant.fate == GRANT_SLOWER)
                        interval += SLOWER_BY;
                else if (grant.fate == GRANT_AGAIN) {
                        fprintf(stderr, "zapisyctl: %s; trying again\n", grant.detail);
                        interval = interval * 2 < SLOWEST ? interval * 2 : SLOWEST;
                } else if (grant.fate != GRANT_PENDING)
                        return refused(&grant, err);
        }
        return err_set(err, ERR_TEMP, "the code has expired: run it again, a new one is shown");
}

static int by_device(struct login *login, struct grant *ret_grant, struct err *err)
{
        struct grant device;
        int r;

        if (ask(login, "device", json_pack("{s:s}", "scope", login->oauth->scope), json_object(), &device,
                err) < 0)
                return -1;
        if (device.fate != GRANT_GIVEN)
                return refused(&device, err);
        if (!device.device_code) {
                grant_free(&device);
                return err_set(err, ERR_INPUT, "zapisy-send answers something else");
        }
        say(login,
            "Open this page in any browser:  %s\nand type in this code:          %s\n\n"
            "Log in there as %s and agree. Waiting; the code is good for %lld minutes, Ctrl-C\n"
            "stops and changes nothing ...\n",
            device.address, device.user_code, login->server->user, (long long)(device.expires_in / MINUTE));
        r = poll_device(login, &device, ret_grant, err);
        grant_free(&device);
        return r;
}

/* ---- a code that is pasted */
static int read_code(const struct pkce *pkce, char **ret_code, struct err *err)
{
        char *line = xcalloc(1, LIMIT_SECRET);
        int r;

        if (fgets(line, LIMIT_SECRET, stdin))
                r = pkce_code(pkce, line, ret_code, err);
        else
                r = err_set(err, ERR_INPUT, "nothing was pasted, nothing is changed");
        explicit_bzero(line, LIMIT_SECRET);
        free(line);
        return r;
}

static int redeem(struct login *login, const struct pkce *pkce, struct grant *ret_grant, struct err *err)
{
        char *code;
        int r;

        if (read_code(pkce, &code, err) < 0)
                return -1;
        r = ask(login, "code", json_pack("{s:s}", "redirect", pkce_redirect),
            json_pack("{s:s, s:s}", "code", code, "verifier", pkce->verifier), ret_grant, err);
        explicit_bzero(code, strlen(code));
        free(code);
        if (r == 0 && ret_grant->fate != GRANT_GIVEN)
                return refused(ret_grant, err);
        return r;
}

static int by_code(struct login *login, struct grant *ret_grant, struct err *err)
{
        struct pkce pkce;
        int r;

        pkce_begin(login->oauth, login->server->user, &pkce);
        say(login,
            "Open this address in any browser, log in as %s and agree:\n\n%s\n\n"
            "The browser then says that it cannot reach 127.0.0.1: that is right. Copy the whole address\n"
            "from its address bar, paste it here and press Enter (Ctrl-C stops and changes nothing):\n",
            login->server->user, pkce.address);
        r = redeem(login, &pkce, ret_grant, err);
        pkce_end(&pkce);
        return r;
}

/* ---- one account */
static int store(struct login *login, struct grant *grant, struct err *err)
{
        struct token token = { .access = NULL };
        int r;

        if (!grant->access || !*grant->refresh)
                return err_set(err, ERR_PERM,
                    "the token server gave no refresh token; Microsoft needs offline_access in oauth.scope");
        grant_take(grant, (int64_t)time(NULL), &token);
        r = config_token_write(login->server->token_file, &token, err);
        token_free(&token);
        return r;
}

static int log_in(struct login *login, struct err *err)
{
        struct grant grant = { .access = NULL };
        int r;

        say(login, "%s: %s\n\n", login->what, login->server->host);
        if (open_partner(login, err) < 0)
                return -1;
        r = *login->oauth->device_url ? by_device(login, &grant, err) : by_code(login, &grant, err);
        if (r == 0)
                r = store(login, &grant, err);
        grant_free(&grant);
        if (r == 0)
                say(login, "\nLogged in. The token is in %s; a running zapisyd takes it at once.\n",
                    login->server->token_file);
        return r;
}

static int log_in_to(struct ctl *ctl, const char *what, const struct config_server *server, struct err *err)
{
        struct login login = { .ctl = ctl, .oauth = &ctl->config->oauth, .what = what, .server = server };
        int r = -1;

        login.partner.sock = -1;
        if (!*login.oauth->client_id)
                return err_set(
                    err, ERR_PERM, "oauth.client_id is empty: see LOGIN BY TOKEN in zapisyd.conf(5)");
        if (!*login.oauth->device_url && !*login.oauth->auth_url)
                return err_set(err, ERR_PERM, "oauth.device_url or oauth.auth_url is needed for this");
        if (config_token_check(server->token_file, ctl->config->store_path, err) < 0 ||
            config_client_secret(login.oauth, getenv("CREDENTIALS_DIRECTORY"), &login.client_secret, err) < 0)
                return -1;
        r = log_in(&login, err);
        partner_close(&login.partner);
        explicit_bzero(login.client_secret, strlen(login.client_secret));
        free(login.client_secret);
        return r;
}

/* ---- the command */
static int check(const struct args *args, struct err *err)
{
        const char *what = args->operand_count > 1 ? args->operands[1] : "mailbox";

        if (str_equal(what, "mailbox") || str_equal(what, "smtp"))
                return 0;
        return err_set(err, ERR_INPUT, "login wants mailbox or smtp, or nothing for both");
}

static int run(struct ctl *ctl, struct err *err)
{
        const struct config_server *mailbox = &ctl->config->mailbox.server, *smtp = &ctl->config->smtp.server;
        const char *what = ctl->args->operand_count > 1 ? ctl->args->operands[1] : NULL;
        bool first = config_uses_token(mailbox) && !str_equal(what, "smtp");
        bool second = config_uses_token(smtp) && !str_equal(what, "mailbox");

        if (!first && !second)
                return err_set(err, ERR_INPUT, "%s \"xoauth2\": the login is by password",
                    !what                     ? "neither mailbox.auth nor smtp.auth is"
                    : str_equal(what, "smtp") ? "smtp.auth is not"
                                              : "mailbox.auth is not");
        /* One login does for both where they share the file. */
        if (first && second && str_equal(mailbox->token_file, smtp->token_file))
                second = false;
        if (first && log_in_to(ctl, "mailbox", mailbox, err) < 0)
                return -1;
        if (second && log_in_to(ctl, "smtp", smtp, err) < 0)
                return -1;
        ctl_poke(ctl);
        return 0;
}

const struct command command_login = {
        .name = "login",
        .operands = "[mailbox|smtp]",
        .summary = "lets zapisyd into a mailbox at Google or Microsoft, by a token",
        .help =
            "For mailbox.auth or smtp.auth = \"xoauth2\". It shows an address to open in any browser, and\n"
            "writes token_file when you have agreed there; before that nothing is changed. Run it as root\n"
            "or as the account of the service. Without an operand for both servers; one login does for\n"
            "both where they have the same token_file.\n",
        .least = 0,
        .most = 1,
        .need = NEED_CONFIG,
        .check = check,
        .run = run,
};
