/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeper/account.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <systemd/sd-daemon.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/config.h"
#include "config/token.h"
#include "keeper/alarm.h"
#include "keeper/keeper.h"

int64_t account_now(void)
{
        return (int64_t)time(NULL);
}

bool account_can_renew(const struct account *account)
{
        return account->token.refresh && *account->token.refresh &&
               *account->tokens->keeper->config->oauth.client_id;
}

/* ---- what people see */
const char *account_name(const struct account *account)
{
        return account->sides[SIDE_MAILBOX].used ? "mailbox" : "smtp";
}

/* What still lets a letter out. */
static bool smtp_works(const struct tokens *tokens)
{
        for (size_t i = 0; i < tokens->count; i++) {
                const struct account *account = &tokens->accounts[i];

                if (account->sides[SIDE_SMTP].used)
                        return token_is_valid(&account->token, account_now()) &&
                               !account->sides[SIDE_SMTP].refused;
        }
        return true; /* with a password */
}

static void tell(const struct tokens *tokens)
{
        const struct account *worst = NULL;
        CLEANUP_FREE char *status = NULL;

        for (size_t i = 0; i < tokens->count && !worst; i++)
                if (tokens->accounts[i].trouble != TROUBLE_NONE)
                        worst = &tokens->accounts[i];
        keeper_state(tokens->keeper, "token", worst ? "error" : "online", worst ? worst->why : "");
        status =
            worst ? xasprintf("STATUS=Logging in: %s", worst->why) : xstrdup("STATUS=Reading the mailbox");
        sd_notify(0, status);
}

/* The best way that works now; at first only noted, later told when a way opens. */
static enum alarm_way way(const struct tokens *tokens)
{
        if (smtp_works(tokens))
                return ALARM_LETTER;
        return tokens->keeper->intake && intake_line_is_online(tokens->keeper->intake) ? ALARM_INBOX
                                                                                       : ALARM_NOTE;
}

void account_alarm_if_due(struct account *account)
{
        bool permanent = account->trouble == TROUBLE_PERMANENT;
        enum alarm_way by = way(account->tokens);

        if (account->alarmed || (account->noted && by == ALARM_NOTE) || account->trouble == TROUBLE_NONE ||
            !token_is_alarming(&account->token, permanent, account->failing_since, account_now()))
                return;
        account->noted = alarm_raise(account->tokens->keeper, account->alarm, account_name(account), by);
        account->alarmed = account->noted && by != ALARM_NOTE;
}

void account_in_trouble(struct account *account, enum trouble trouble, const char *alarm, const char *why)
{
        bool news = account->trouble != trouble || !str_equal(account->why, why);

        if (account->trouble == TROUBLE_NONE)
                account->failing_since = account_now();
        account->trouble = trouble;
        account->alarm = alarm;
        snprintf(account->why, sizeof account->why, "%s", why);
        account->tokens->keeper->trouble = true;
        if (news) {
                log_error("%s: the login token: %s", account_name(account), why);
                tell(account->tokens);
        }
        account_alarm_if_due(account);
}

void account_is_well(struct account *account)
{
        bool news = account->trouble != TROUBLE_NONE;

        account->trouble = TROUBLE_NONE;
        account->why[0] = '\0';
        account->failures = 0;
        account->retry_at = 0;
        account->noted = account->alarmed = false;
        if (news) {
                log_notice("%s: the login token is in order again", account_name(account));
                tell(account->tokens);
        }
}

/* ---- the file */
static bool stamp_of(const char *path, struct stamp *ret_stamp)
{
        struct stat info;

        *ret_stamp = (struct stamp){ 0 };
        if (stat(path, &info) < 0)
                return false;
        *ret_stamp = (struct stamp){ .device = info.st_dev, .inode = info.st_ino, .changed = info.st_ctim };
        return true;
}

static bool is_same_stamp(const struct stamp *a, const struct stamp *b)
{
        return a->device == b->device && a->inode == b->inode && a->changed.tv_sec == b->changed.tv_sec &&
               a->changed.tv_nsec == b->changed.tv_nsec;
}

static void take_file(
    struct account *account, struct token *token_take, const struct stamp *stamp, bool fresh)
{
        token_free(&account->token);
        account->token = *token_take;
        account->stamp = *stamp;
        account->unsaved = false;
        for (int i = 0; fresh && i < SIDES; i++)
                account->sides[i].forced = account->sides[i].refused = false;
        if (fresh || account->unreadable)
                account_is_well(account);
        account->unreadable = false;
}

bool account_read(struct account *account)
{
        bool first = !account->token.access, fresh;
        struct stamp stamp;
        struct token token;
        struct err err;

        if (stamp_of(account->path, &stamp) ? is_same_stamp(&stamp, &account->stamp) : account->unsaved)
                return false;
        if (config_token_read(account->path, &token, &err) < 0) {
                account->unreadable = true;
                account_in_trouble(account, TROUBLE_PERMANENT, "token-file", err.text);
                return false;
        }
        fresh = !str_equal(token.access, account->token.access) ||
                !str_equal(token.refresh, account->token.refresh);
        take_file(account, &token, &stamp, fresh);
        if (first)
                tell(account->tokens);
        return fresh;
}

bool account_write(struct account *account)
{
        struct err err;

        account->unsaved = true;
        if (config_token_write(account->path, &account->token, &err) < 0) {
                account_in_trouble(account, TROUBLE_PERMANENT, "token-file", err.text);
                return false;
        }
        account->unsaved = account->unreadable = false;
        stamp_of(account->path, &account->stamp);
        account_is_well(account);
        return true;
}
