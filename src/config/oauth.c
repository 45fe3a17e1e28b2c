/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The group "oauth" of zapisyd.conf. */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "config/config.h"
#include "config/option.h"
#include "config/parts.h"

/* Endpoints and scopes as the providers document them for IMAP and SMTP. Google gives no mail to devices (RFC 8628):
 * there a person pastes the code. */
struct provider {
        const char *name, *token_url, *device_url, *auth_url, *scope; /* {}: the tenant */
};

static const struct provider providers[] = {
        { "google", "https://oauth2.googleapis.com/token", "", "https://accounts.google.com/o/oauth2/v2/auth",
            "https://mail.google.com/" },
        { "microsoft", "https://login.microsoftonline.com/{}/oauth2/v2.0/token",
            "https://login.microsoftonline.com/{}/oauth2/v2.0/devicecode",
            "https://login.microsoftonline.com/{}/oauth2/v2.0/authorize",
            "https://outlook.office.com/IMAP.AccessAsUser.All https://outlook.office.com/SMTP.Send"
            " offline_access" },
};

static const struct provider *find_provider(const char *name)
{
        for (size_t i = 0; i < sizeof providers / sizeof *providers; i++)
                if (str_equal(providers[i].name, name))
                        return &providers[i];
        return NULL;
}

/* Not "127.0.0.1.example.org". */
static bool is_ip4_loopback(const char *host)
{
        return str_starts(host, "127.") && strspn(host, "0123456789.") == strlen(host);
}

bool host_is_loopback(const char *host)
{
        return str_equal_nocase(host, "localhost") || is_ip4_loopback(host) || str_equal(host, "::1");
}

/* ---- single settings */
void oauth_check_provider(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        if (*text && !find_provider(text))
                option_error(reader, setting,
                    "provider must be \"google\" or \"microsoft\", or empty where token_url says it");
}

/* Secrets go there: TLS, but for this computer itself. */
void oauth_check_url(struct option_reader *reader, const config_setting_t *setting, const char *text)
{
        CLEANUP_FREE char *host = NULL;

        if (*text == '\0')
                return;
        for (const char *p = text; *p; p++)
                if (*p <= 0x20 || *p > 0x7e) {
                        option_error(reader, setting, "\"%s\" is no address of a token server", text);
                        return;
                }
        if (str_starts(text, "http://"))
                host = xstrndup(text + strlen("http://"), strcspn(text + strlen("http://"), ":/?#"));
        if (!str_starts(text, "https://") && !(host && host_is_loopback(host)))
                option_error(reader, setting, "\"%s\" must begin with https://", text);
}

/* ---- what needs more than one */
static char *with_tenant(const char *pattern, const char *tenant)
{
        const char *place = strstr(pattern, "{}");

        return place ? xasprintf("%.*s%s%s", (int)(place - pattern), pattern, tenant, place + 2)
                     : xstrdup(pattern);
}

static void fill(char **setting, const char *pattern, const char *tenant)
{
        if (**setting)
                return;
        free(*setting);
        *setting = with_tenant(pattern, tenant);
}

static void check_server(struct option_reader *reader, config_setting_t *root, const char *group,
    const struct config_server *server)
{
        CLEANUP_FREE char *file = xasprintf("%s.token_file", group), *user = xasprintf("%s.user", group),
                          *auth = xasprintf("%s.auth", group);
        const config_setting_t *setting = config_setting_lookup(root, auth);

        if (!config_uses_token(server))
                return;
        if (*server->token_file == '\0')
                option_error(reader, setting,
                    "auth = \"xoauth2\" needs %s, in a folder that the service may write to, for example"
                    " \"/var/lib/zapisyd/token\"",
                    file);
        if (*server->user == '\0')
                option_error(reader, setting, "auth = \"xoauth2\" needs %s", user);
}

static bool is_tenant(const char *text)
{
        return *text && strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") ==
                            strlen(text);
}

void oauth_understand(struct option_reader *reader, config_setting_t *root, struct config *config)
{
        struct config_oauth *oauth = &config->oauth;
        const struct provider *provider = find_provider(oauth->provider);

        check_server(reader, root, "mailbox", &config->mailbox.server);
        check_server(reader, root, "smtp", &config->smtp.server);
        if (!is_tenant(oauth->tenant))
                option_error(reader, config_setting_lookup(root, "oauth.tenant"),
                    "tenant must be the name or number of a directory, like \"rcwip.onmicrosoft.com\"");
        if (provider) {
                fill(&oauth->token_url, provider->token_url, oauth->tenant);
                fill(&oauth->device_url, provider->device_url, oauth->tenant);
                fill(&oauth->auth_url, provider->auth_url, oauth->tenant);
                fill(&oauth->scope, provider->scope, oauth->tenant);
        }
        if (*oauth->client_id && !*oauth->token_url)
                option_error(reader, config_setting_lookup(root, "oauth.client_id"),
                    "oauth.provider or oauth.token_url must say where tokens come from");
}

void oauth_free(struct config_oauth *oauth)
{
        free(oauth->provider);
        free(oauth->tenant);
        free(oauth->client_id);
        free(oauth->client_secret_file);
        free(oauth->token_url);
        free(oauth->device_url);
        free(oauth->auth_url);
        free(oauth->scope);
        free(oauth->ca_file);
}
