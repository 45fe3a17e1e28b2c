/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeper/tokens.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/config.h"
#include "core/grant.h"
#include "core/schedule.h"
#include "keeper/account.h"
#include "keeper/asker.h"
#include "keeper/keeper.h"

/* Seconds: between two looks at a file, in trouble and without, and between two tries of what a person must mend. */
enum { LOOK_SECONDS = 30, REST_SECONDS = 600, STUBBORN_SECONDS = 3600 };

static void set_timer(struct account *account);

/* ---- those who wait */
static void news(struct account *account)
{
        struct keeper *keeper = account->tokens->keeper;

        if (account->sides[SIDE_MAILBOX].used && keeper->intake)
                intake_line_token_news(keeper->intake);
        if (account->sides[SIDE_SMTP].used && keeper->outbox)
                outbox_token_news(keeper->outbox);
        keeper_kick(keeper);
}

/* ---- renewing */
static void failed(struct account *account, const struct grant *grant)
{
        bool permanent = grant->fate == GRANT_REFUSED || grant->fate == GRANT_WRONG;

        account->failures++;
        account->retry_at =
            account_now() + (permanent ? STUBBORN_SECONDS : schedule_backoff_seconds(account->failures));
        account_in_trouble(account, permanent ? TROUBLE_PERMANENT : TROUBLE_TEMPORARY,
            permanent ? "login" : "token-server", grant->detail);
}

static void take_grant(struct account *account, struct grant *grant)
{
        /* Never over a file that somebody has written meanwhile: the newer login is theirs. */
        if (account_read(account))
                return;
        if (grant->fate != GRANT_GIVEN || !grant->access) {
                failed(account, grant);
                return;
        }
        grant_take(grant, account_now(), &account->token);
        account->failures = 0;
        account->retry_at = 0;
        account_write(account);
        log_info("%s: the login token was renewed", account_name(account));
}

static void configure(struct tokens *tokens);

static void on_answer(void *owner, struct grant *grant)
{
        struct tokens *tokens = owner;
        struct account *account = tokens->asking;

        tokens->asking = NULL;
        take_grant(account, grant);
        if (tokens->reload_wanted) {
                configure(tokens);
                return;
        }
        news(account);
        for (size_t i = 0; i < tokens->count; i++)
                set_timer(&tokens->accounts[i]);
}

static void renew(struct account *account)
{
        struct tokens *tokens = account->tokens;
        const struct config_oauth *oauth = &tokens->keeper->config->oauth;
        char *secret = NULL;
        struct err err;

        if (config_client_secret(oauth, getenv("CREDENTIALS_DIRECTORY"), &secret, &err) < 0) {
                account->retry_at = account_now() + schedule_backoff_seconds(++account->failures);
                account_in_trouble(account, TROUBLE_PERMANENT, "token-file", err.text);
                news(account);
                return;
        }
        account->renew_now = false;
        tokens->asking = account;
        asker_refresh(tokens->asker, oauth, secret, account->token.refresh);
        explicit_bzero(secret, strlen(secret));
        free(secret);
}

static bool is_due(const struct account *account, int64_t now)
{
        return account_can_renew(account) && (account->renew_now || token_renew_at(&account->token) <= now) &&
               account->retry_at <= now;
}

/* What ran out and is renewed by nobody. */
static void note_end(struct account *account, int64_t now)
{
        if (account->token.access && !account_can_renew(account) && !token_is_valid(&account->token, now))
                account_in_trouble(
                    account, TROUBLE_PERMANENT, "login", "it has run out, and nobody renewed its file");
}

static void consider(struct account *account)
{
        bool fresh = account_read(account);
        int64_t now = account_now();

        if (account->unsaved && account_write(account))
                fresh = true;
        note_end(account, now);
        if (!account->tokens->asking && is_due(account, now))
                renew(account);
        account_alarm_if_due(account);
        if (account->tokens->asking != account)
                set_timer(account);
        if (fresh)
                news(account);
}

static int on_timer(sd_event_source *source, uint64_t usec, void *data)
{
        (void)source, (void)usec;
        consider(data);
        return 0;
}

/* Looked at from time to time in any case: the clock may be set, a file written. While a question is under way, its
 * answer sets the timers anew. */
static void set_timer(struct account *account)
{
        int64_t now = account_now(), at = account->renew_now ? now : token_renew_at(&account->token), wait;

        if (at < account->retry_at)
                at = account->retry_at;
        wait = account->trouble != TROUBLE_NONE || account->tokens->asking ? LOOK_SECONDS
               : account->token.access                                     ? REST_SECONDS
                                                                           : 0; /* not read yet */
        if (account_can_renew(account) && !account->tokens->asking && at < now + wait)
                wait = at > now ? at - now : 0;
        account->timer = sd_event_source_disable_unref(account->timer);
        sd_event_add_time_relative(account->tokens->keeper->loop, &account->timer, CLOCK_BOOTTIME,
            wait > 0 ? (uint64_t)wait * 1000000 : 1000, 0, on_timer, account);
}

/* ---- what the servers' sides ask */
static struct account *account_of(struct tokens *tokens, const struct config_server *server)
{
        for (size_t i = 0; i < tokens->count; i++)
                if (str_equal(tokens->accounts[i].path, server->token_file))
                        return &tokens->accounts[i];
        return NULL;
}

static struct side *side_of(struct account *account, const struct config_server *server)
{
        bool smtp = server == &account->tokens->keeper->config->smtp.server;

        return &account->sides[smtp ? SIDE_SMTP : SIDE_MAILBOX];
}

int tokens_get(struct tokens *tokens, const struct config_server *server, int *ret_fd, const char **ret_why)
{
        struct account *account = account_of(tokens, server);
        int64_t now = account_now();
        struct err err;

        if (!account)
                return 0; /* a reload waits for an answer */
        if (account_read(account))
                set_timer(account);
        if (token_is_valid(&account->token, now) && !account->renew_now && tokens->asking != account) {
                *ret_fd = io_memfd("token", account->token.access, strlen(account->token.access), &err);
                *ret_why = "no memory for the token";
                return *ret_fd < 0 ? -1 : 1;
        }
        note_end(account, now);
        if (tokens->asking == account)
                return 0;
        if (account->trouble == TROUBLE_NONE) {
                set_timer(account);
                return 0;
        }
        *ret_why = account->why;
        return -1;
}

bool tokens_refused(struct tokens *tokens, const struct config_server *server)
{
        struct account *account = account_of(tokens, server);
        struct side *side;

        if (!account || tokens->asking == account)
                return true;
        if (account_read(account)) {
                news(account);
                return true;
        }
        side = side_of(account, server);
        if (!side->forced && account_can_renew(account)) {
                side->forced = account->renew_now = true;
                consider(account);
                return account->trouble == TROUBLE_NONE || tokens->asking == account;
        }
        side->refused = true;
        if (account->trouble == TROUBLE_NONE)
                account_in_trouble(account, TROUBLE_PERMANENT, "login",
                    "the mail server refuses it; check the user, oauth.scope, and whether the account may "
                    "use IMAP and SMTP");
        return false;
}

void tokens_worked(struct tokens *tokens, const struct config_server *server)
{
        struct account *account = account_of(tokens, server);
        struct side *side = account ? side_of(account, server) : NULL;

        if (!side || (!side->refused && !side->forced))
                return;
        if (side->refused && !account->failures && !account->unreadable)
                account_is_well(account);
        side->refused = side->forced = false;
}

void tokens_check(struct tokens *tokens, const struct config_server *server)
{
        struct account *account = config_uses_token(server) ? account_of(tokens, server) : NULL;

        if (account && tokens->asking != account && account_read(account)) {
                set_timer(account);
                news(account);
        }
}

void tokens_look(struct tokens *tokens)
{
        for (size_t i = 0; i < tokens->count; i++)
                if (tokens->asking != &tokens->accounts[i])
                        consider(&tokens->accounts[i]);
}

/* ---- its life */
static void add_side(struct tokens *tokens, const struct config_server *server, int side)
{
        struct account *account;

        if (!config_uses_token(server))
                return;
        account = account_of(tokens, server);
        if (!account) {
                account = &tokens->accounts[tokens->count++];
                *account = (struct account){ .tokens = tokens, .path = xstrdup(server->token_file) };
        }
        account->sides[side].used = true;
}

static void forget_accounts(struct tokens *tokens)
{
        for (size_t i = 0; i < tokens->count; i++) {
                struct account *account = &tokens->accounts[i];

                sd_event_source_disable_unref(account->timer);
                token_free(&account->token);
                free(account->path);
        }
        tokens->count = 0;
}

static void configure(struct tokens *tokens)
{
        const struct config *config = tokens->keeper->config;

        tokens->reload_wanted = false;
        forget_accounts(tokens);
        add_side(tokens, &config->mailbox.server, SIDE_MAILBOX);
        add_side(tokens, &config->smtp.server, SIDE_SMTP);
        for (size_t i = 0; i < tokens->count; i++)
                set_timer(&tokens->accounts[i]);
        for (size_t i = 0; i < tokens->count; i++)
                news(&tokens->accounts[i]);
}

static void on_unfit(void *owner)
{
        struct tokens *tokens = owner;

        keeper_unfit(tokens->keeper);
}

struct tokens *tokens_new(struct keeper *keeper)
{
        struct tokens *tokens = xcalloc(1, sizeof *tokens);

        tokens->keeper = keeper;
        tokens->asker = asker_new(keeper->loop, on_answer, on_unfit, tokens);
        configure(tokens);
        return tokens;
}

void tokens_reload(struct tokens *tokens)
{
        /* An answer under way may bring the only refresh token that is good from now on. */
        tokens->reload_wanted = tokens->asking != NULL;
        if (!tokens->reload_wanted)
                configure(tokens);
}

bool tokens_are_busy(const struct tokens *tokens)
{
        return tokens->asking != NULL;
}

void tokens_free(struct tokens *tokens)
{
        if (!tokens)
                return;
        asker_free(tokens->asker);
        forget_accounts(tokens);
        free(tokens);
}
