/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/grant.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"
#include "core/token.h"

enum { CODE_MAX = 64, ADDRESS_MAX = 1000, LONGEST_INTERVAL = 600 };

static const char *const names[GRANT_FATE_COUNT] = {
        [GRANT_GIVEN] = "given",
        [GRANT_PENDING] = "pending",
        [GRANT_SLOWER] = "slower",
        [GRANT_DENIED] = "denied",
        [GRANT_EXPIRED] = "expired",
        [GRANT_AGAIN] = "again",
        [GRANT_REFUSED] = "refused",
        [GRANT_WRONG] = "wrong",
};

const char *grant_fate_name(enum grant_fate fate)
{
        return names[fate];
}

static void wipe(char **text)
{
        if (*text)
                explicit_bzero(*text, strlen(*text));
        free(*text);
        *text = NULL;
}

void grant_free(struct grant *grant)
{
        wipe(&grant->access);
        wipe(&grant->refresh);
        wipe(&grant->device_code);
        free(grant->user_code);
        free(grant->address);
        *grant = (struct grant){ 0 };
}

/* ---- writing */
json_t *grant_record(const struct grant *grant, char **ret_secrets)
{
        json_t *json =
            json_pack("{s:s, s:s, s:s}", "op", "grant", "fate", names[grant->fate], "detail", grant->detail);
        json_t *secrets = json_object();

        *ret_secrets = NULL;
        if (grant->fate == GRANT_GIVEN)
                json_object_set_new(json, "expires_in", json_integer(grant->expires_in));
        if (grant->device_code) {
                json_object_set_new(json, "interval", json_integer(grant->interval));
                json_object_set_new(json, "user_code", json_string(grant->user_code));
                json_object_set_new(json, "address", json_string(grant->address));
                json_object_set_new(secrets, "device_code", json_string(grant->device_code));
        }
        if (grant->access) {
                json_object_set_new(secrets, "access_token", json_string(grant->access));
                json_object_set_new(secrets, "refresh_token", json_string(grant->refresh));
        }
        if (json_object_size(secrets))
                *ret_secrets = json_dumps(secrets, JSON_COMPACT);
        json_decref(secrets);
        return json;
}

/* ---- reading */
static int fate_of(const json_t *json, enum grant_fate *ret_fate, struct err *err)
{
        const char *word;

        if (wire_string(json, "fate", 16, &word, err) < 0)
                return -1;
        for (int i = 0; i < GRANT_FATE_COUNT; i++) {
                if (!str_equal(word, names[i]))
                        continue;
                *ret_fate = (enum grant_fate)i;
                return 0;
        }
        return err_set(err, ERR_INPUT, "a record without a good \"fate\"");
}

/* What a person reads on a terminal, or types: no controls, nothing that could be another line. */
static bool is_shown(const char *text)
{
        for (const char *p = text; *p; p++)
                if (*p < 0x20 || *p > 0x7e)
                        return false;
        return *text != '\0';
}

static int take_secret(
    const json_t *secrets, const char *key, bool may_be_empty, char **ret_text, struct err *err)
{
        const char *text;

        if (wire_string(secrets, key, TOKEN_MAX, &text, err) < 0)
                return -1;
        if (!token_is_clean(text) && !(may_be_empty && !*text))
                return err_set(err, ERR_INPUT, "a record without a good \"%s\"", key);
        *ret_text = xstrdup(text);
        return 0;
}

static int take_device(const json_t *json, const json_t *secrets, struct grant *grant, struct err *err)
{
        const char *user_code, *address;
        json_int_t interval;

        if (wire_string(json, "user_code", CODE_MAX, &user_code, err) < 0 ||
            wire_string(json, "address", ADDRESS_MAX, &address, err) < 0 ||
            wire_integer(json, "interval", 1, LONGEST_INTERVAL, &interval, err) < 0 ||
            take_secret(secrets, "device_code", false, &grant->device_code, err) < 0)
                return -1;
        if (!is_shown(user_code) || !is_shown(address))
                return err_set(err, ERR_INPUT, "a code or address that cannot be shown");
        grant->interval = interval;
        grant->user_code = xstrdup(user_code);
        grant->address = xstrdup(address);
        return 0;
}

static int take_given(const json_t *json, const json_t *secrets, struct grant *grant, struct err *err)
{
        json_int_t seconds;

        if (wire_integer(json, "expires_in", 1, GRANT_LONGEST, &seconds, err) < 0)
                return -1;
        grant->expires_in = seconds;
        if (json_object_get(json, "user_code"))
                return take_device(json, secrets, grant, err);
        if (take_secret(secrets, "access_token", false, &grant->access, err) < 0)
                return -1;
        return take_secret(secrets, "refresh_token", true, &grant->refresh, err);
}

static int take(const json_t *json, const json_t *secrets, struct grant *grant, struct err *err)
{
        const char *detail;

        if (fate_of(json, &grant->fate, err) < 0 ||
            wire_string(json, "detail", GRANT_DETAIL, &detail, err) < 0)
                return -1;
        snprintf(grant->detail, sizeof grant->detail, "%s", detail);
        return grant->fate == GRANT_GIVEN ? take_given(json, secrets, grant, err) : 0;
}

int grant_from_record(
    const json_t *json, const char *secrets, size_t secrets_size, struct grant *ret_grant, struct err *err)
{
        json_t *hidden =
            secrets_size ? json_loadb(secrets, secrets_size, JSON_REJECT_DUPLICATES, NULL) : NULL;
        struct grant grant = { 0 };
        int r = take(json, hidden, &grant, err);

        json_decref(hidden);
        if (r < 0)
                grant_free(&grant);
        else
                *ret_grant = grant;
        return r;
}

void grant_take(struct grant *grant, int64_t now, struct token *token)
{
        wipe(&token->access);
        token->access = grant->access;
        grant->access = NULL;
        if (*grant->refresh || !token->refresh) {
                wipe(&token->refresh);
                token->refresh = grant->refresh;
                grant->refresh = NULL;
        }
        token->obtained_at = now;
        token->expires_at = now + grant->expires_in;
}
