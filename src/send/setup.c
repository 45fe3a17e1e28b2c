/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send/setup.h"

#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "core/address.h"
#include "send/guard.h"
#include "send/smtp.h"

/* What we call ourselves (RFC 5321 4.1.4): the machine's full name, or the sender's domain when it has none.
 */
static char *own_name(const char *from)
{
        char host[256] = "";
        const char *domain = from ? address_domain(from) : "";

        if (gethostname(host, sizeof host - 1) < 0 || !guard_is_name(host))
                host[0] = '\0';
        if (strchr(host, '.') || !guard_is_name(domain))
                return xstrdup(*host ? host : "localhost");
        return xstrdup(domain);
}

void setup_url(CURL *curl, const struct smtp_settings *s, const char *from)
{
        CLEANUP_FREE char *name = own_name(from);
        bool ip6 = guard_is_ip6(s->host);
        CLEANUP_FREE char *url =
            xasprintf("%s://%s%s%s:%d/%s", s->tls == SMTP_TLS_IMPLICIT ? "smtps" : "smtp", ip6 ? "[" : "",
                s->host, ip6 ? "]" : "", s->port, name);

        curl_easy_setopt(curl, CURLOPT_URL, url);
}

static void set_tls(CURL *curl, const struct smtp_settings *s)
{
        curl_easy_setopt(
            curl, CURLOPT_USE_SSL, (long)(s->tls == SMTP_TLS_NONE ? CURLUSESSL_NONE : CURLUSESSL_ALL));
        curl_easy_setopt(curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
        curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
        if (*s->ca_file) {
                curl_easy_setopt(curl, CURLOPT_CAINFO, s->ca_file);
                curl_easy_setopt(curl, CURLOPT_CAPATH, NULL);
        }
}

/* These only: left alone, the library tries Kerberos first for every user with an @. */
static void set_login(CURL *curl, const struct smtp_settings *s)
{
        if (!*s->user)
                return;
        curl_easy_setopt(curl, CURLOPT_USERNAME, s->user);
        curl_easy_setopt(curl, s->token ? CURLOPT_XOAUTH2_BEARER : CURLOPT_PASSWORD, s->password);
        curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS,
            s->token ? "AUTH=XOAUTH2;AUTH=OAUTHBEARER" : "AUTH=PLAIN;AUTH=LOGIN");
        curl_easy_setopt(curl, CURLOPT_SASL_IR, 1L);
}

void setup_server(CURL *curl, const struct smtp_settings *settings)
{
        set_tls(curl, settings);
        set_login(curl, settings);
}
