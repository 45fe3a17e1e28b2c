/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send/verdict.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/grant.h"
#include "core/token.h"

enum { DEFAULT_LIFE = 3600, DEFAULT_DEVICE_LIFE = 900, DEFAULT_INTERVAL = 5, LONGEST_INTERVAL = 600 };

struct error_row {
        const char *code;
        enum grant_fate fate;
        const char *words;
};

/* RFC 6749 4.1.2.1 and 5.2, RFC 8628 3.5, OpenID Connect Core 3.1.2.6; "authorization_declined" and
 * "bad_verification_code" are Microsoft's. */
static const struct error_row errors[] = {
        { "authorization_pending", GRANT_PENDING, "nobody has answered yet" },
        { "slow_down", GRANT_SLOWER, "asked too often" },
        { "access_denied", GRANT_DENIED, "access was denied" },
        { "authorization_declined", GRANT_DENIED, "access was denied" },
        { "expired_token", GRANT_EXPIRED, "the code has expired" },
        { "bad_verification_code", GRANT_EXPIRED, "the code is not known any more" },
        { "invalid_grant", GRANT_REFUSED, "the token server takes the old login no longer" },
        { "interaction_required", GRANT_REFUSED, "the token server wants a new login" },
        { "consent_required", GRANT_REFUSED, "the token server wants a new login" },
        { "login_required", GRANT_REFUSED, "the token server wants a new login" },
        { "invalid_client", GRANT_WRONG, "the token server does not know oauth.client_id or its secret" },
        { "unauthorized_client", GRANT_WRONG, "the token server does not let this client do that" },
        { "unsupported_grant_type", GRANT_WRONG, "the token server does not let this client do that" },
        { "invalid_scope", GRANT_WRONG, "the token server does not give oauth.scope in this way" },
        { "invalid_request", GRANT_WRONG, "the token server does not understand us" },
        { "temporarily_unavailable", GRANT_AGAIN, "the token server cannot do it now" },
        { "server_error", GRANT_AGAIN, "the token server cannot do it now" },
};

static struct grant plain(enum grant_fate fate, const char *words)
{
        struct grant grant = { .fate = fate };

        snprintf(grant.detail, sizeof grant.detail, "%s", words);
        return grant;
}

static const char *text_of(const json_t *json, const char *key)
{
        json_t *member = json_object_get(json, key);
        const char *text = json_string_value(member);

        return text && strlen(text) == json_string_length(member) ? text : NULL;
}

/* A number, which some servers write as text. */
static int64_t seconds_of(const json_t *json, const char *key, int64_t absent, int64_t most)
{
        json_t *member = json_object_get(json, key);
        int64_t seconds = absent;

        if (json_is_number(member) && json_number_value(member) < 1e12)
                seconds = (int64_t)json_number_value(member);
        else if (json_is_string(member) && str_to_int(json_string_value(member), 0, INT64_MAX, &seconds) < 0)
                seconds = absent;
        return seconds < 1 ? absent : seconds > most ? most : seconds;
}

/* Microsoft's number of what is wrong, which its support asks for: "AADSTS70008". */
static void add_number(struct grant *grant, const char *description)
{
        const char *found = description ? strstr(description, "AADSTS") : NULL;
        size_t digits = found ? strspn(found + strlen("AADSTS"), "0123456789") : 0,
               size = strlen(grant->detail);

        if (digits && digits <= 9 && size && grant->detail[size - 1] == ')')
                snprintf(grant->detail + size - 1, sizeof grant->detail - size + 1, ", %.*s)",
                    (int)(strlen("AADSTS") + digits), found);
}

static struct grant error_of(const json_t *json, int status)
{
        const char *code = text_of(json, "error");

        for (size_t i = 0; code && i < sizeof errors / sizeof *errors; i++) {
                struct grant grant;

                if (!str_equal(errors[i].code, code))
                        continue;
                grant = plain(errors[i].fate, "");
                snprintf(grant.detail, sizeof grant.detail, "%s (%s)", errors[i].words, errors[i].code);
                add_number(&grant, text_of(json, "error_description"));
                return grant;
        }
        {
                struct grant grant = plain(GRANT_AGAIN, "");

                snprintf(grant.detail, sizeof grant.detail, "the token server answers with status %d%s",
                    status, status / 100 == 3 ? ", a redirection, which is not followed" : "");
                return grant;
        }
}

static struct grant tokens_of(const json_t *json)
{
        const char *access = text_of(json, "access_token"), *type = text_of(json, "token_type");
        const char *refresh = text_of(json, "refresh_token");
        struct grant grant = { .fate = GRANT_GIVEN };

        if (!access || !token_is_clean(access) || (refresh && *refresh && !token_is_clean(refresh)))
                return plain(GRANT_AGAIN, "the token server's answer cannot be understood");
        if (type && !str_equal_nocase(type, "Bearer"))
                return plain(GRANT_WRONG, "the token server gives tokens of another kind than Bearer");
        grant.expires_in = seconds_of(json, "expires_in", DEFAULT_LIFE, GRANT_LONGEST);
        grant.access = xstrdup(access);
        grant.refresh = xstrdup(refresh ? refresh : "");
        return grant;
}

/* Google still says "verification_url". */
static struct grant codes_of(const json_t *json)
{
        const char *device = text_of(json, "device_code"), *user = text_of(json, "user_code");
        const char *address = text_of(json, "verification_uri");
        struct grant grant = { .fate = GRANT_GIVEN };

        if (!address)
                address = text_of(json, "verification_url");
        if (!device || !token_is_clean(device) || str_is_empty(user) || str_is_empty(address))
                return plain(GRANT_AGAIN, "the token server's answer cannot be understood");
        grant.expires_in = seconds_of(json, "expires_in", DEFAULT_DEVICE_LIFE, GRANT_LONGEST);
        grant.interval = seconds_of(json, "interval", DEFAULT_INTERVAL, LONGEST_INTERVAL);
        grant.device_code = xstrdup(device);
        grant.user_code = xstrdup(user);
        grant.address = xstrdup(address);
        return grant;
}

static struct grant judge(int status, const char *body, size_t size, struct grant (*good)(const json_t *json))
{
        json_t *json = json_loadb(body, size, JSON_REJECT_DUPLICATES, NULL);
        struct grant grant;

        if (status == 200 && json_is_object(json) && !json_object_get(json, "error"))
                grant = good(json);
        else if (status == 200 && !json_is_object(json))
                grant = plain(GRANT_AGAIN, "the token server's answer cannot be understood");
        else
                grant = error_of(json, status);
        json_decref(json);
        return grant;
}

struct grant verdict_on_tokens(int status, const char *body, size_t size)
{
        return judge(status, body, size, tokens_of);
}

struct grant verdict_on_device(int status, const char *body, size_t size)
{
        return judge(status, body, size, codes_of);
}
