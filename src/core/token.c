/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/token.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"

enum { SPARE_SECONDS = 30, ALARM_AFTER = 600, ALARM_AFTER_END = 60, LONGEST_LIFE = 400 * 24 * 3600 };

bool token_is_clean(const char *text)
{
        const unsigned char *p = (const unsigned char *)text;

        while (*p > 0x20 && *p < 0x7f)
                p++;
        return p != (const unsigned char *)text && *p == '\0' && strlen(text) <= TOKEN_MAX;
}

static int take_token(const json_t *json, const char *key, char **ret_text, struct err *err)
{
        json_t *member = json_object_get(json, key);
        const char *text = member && !json_is_null(member) ? json_string_value(member) : "";

        if (!text || (member && strlen(text) != json_string_length(member)) ||
            (*text && !token_is_clean(text)))
                return err_set(err, ERR_INPUT, "its \"%s\" is no token", key);
        *ret_text = xstrdup(text);
        return 0;
}

static int take_instant(const json_t *json, const char *key, int64_t *ret_instant, struct err *err)
{
        json_t *member = json_object_get(json, key);

        *ret_instant = 0;
        if (!member)
                return 0;
        if (!json_is_number(member) || json_number_value(member) < 0 || json_number_value(member) > 1e12)
                return err_set(err, ERR_INPUT, "its \"%s\" is no time in seconds", key);
        *ret_instant = (int64_t)json_number_value(member);
        return 0;
}

static int take(const json_t *json, struct token *token, struct err *err)
{
        if (!json_is_object(json))
                return err_set(err, ERR_INPUT, "it is not a JSON object");
        if (take_token(json, "access_token", &token->access, err) < 0 ||
            take_token(json, "refresh_token", &token->refresh, err) < 0 ||
            take_instant(json, "obtained_at", &token->obtained_at, err) < 0 ||
            take_instant(json, "expires_at", &token->expires_at, err) < 0)
                return -1;
        if (!*token->access && !*token->refresh)
                return err_set(err, ERR_INPUT, "there is no token in it");
        return 0;
}

int token_parse(const char *text, size_t size, struct token *ret_token, struct err *err)
{
        json_t *json = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
        struct token token = { 0 };
        int r = take(json, &token, err);

        json_decref(json);
        if (r < 0)
                token_free(&token);
        else
                *ret_token = token;
        return r;
}

char *token_text(const struct token *token)
{
        json_t *json =
            json_pack("{s:s, s:s, s:I, s:I}", "access_token", token->access, "refresh_token", token->refresh,
                "obtained_at", (json_int_t)token->obtained_at, "expires_at", (json_int_t)token->expires_at);
        char *text = json_dumps(json, JSON_INDENT(1));

        json_decref(json);
        if (!text)
                mem_die("out of memory");
        return text;
}

static void wipe(char **text)
{
        if (*text)
                explicit_bzero(*text, strlen(*text));
        free(*text);
        *text = NULL;
}

void token_free(struct token *token)
{
        wipe(&token->access);
        wipe(&token->refresh);
        *token = (struct token){ 0 };
}

bool token_is_valid(const struct token *token, int64_t now)
{
        int64_t life = token->expires_at - token->obtained_at, spare;

        if (!token->access || !*token->access)
                return false;
        if (!token->expires_at)
                return !*token->refresh; /* who cannot renew it can only try it */
        spare = life > 0 && life / 4 < SPARE_SECONDS ? life / 4 : SPARE_SECONDS;
        return now < token->expires_at - spare;
}

int64_t token_renew_at(const struct token *token)
{
        int64_t life = token->expires_at - token->obtained_at;

        if (!token->refresh || !*token->refresh)
                return INT64_MAX;
        if (!*token->access || !token->expires_at)
                return INT64_MIN;
        /* Of a file that somebody else wrote the beginning may not be known. */
        if (life <= 0 || life > LONGEST_LIFE || !token->obtained_at)
                life = 3600;
        return token->expires_at - life / 4;
}

bool token_is_alarming(const struct token *token, bool permanent, int64_t failing_since, int64_t now)
{
        if (permanent)
                return true;
        return now - failing_since >= (token_is_valid(token, now) ? ALARM_AFTER : ALARM_AFTER_END);
}
