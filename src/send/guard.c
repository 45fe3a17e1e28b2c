/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send/guard.h"

#include <arpa/inet.h>
#include <string.h>

#include "base/err.h"
#include "base/str.h"
#include "send/smtp.h"

enum { LINE = 998 /* RFC 5321 4.5.3.1.6, without CRLF */ };

bool guard_is_name(const char *name)
{
        size_t size = strlen(name);

        return size && size <= 253 &&
               strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") == size;
}

bool guard_is_ip6(const char *host)
{
        struct in6_addr address;

        return inet_pton(AF_INET6, host, &address) == 1;
}

static bool is_loopback(const char *host)
{
        struct in_addr address;

        return str_equal_nocase(host, "localhost") || str_equal(host, "::1") ||
               (inet_pton(AF_INET, host, &address) == 1 && ntohl(address.s_addr) >> 24 == 127);
}

static bool has_control(const char *text)
{
        for (const unsigned char *p = (const unsigned char *)text; *p; p++)
                if (*p < 0x20 || *p == 0x7f)
                        return true;
        return false;
}

int guard_settings(const struct smtp_settings *settings, struct err *err)
{
        if (!guard_is_name(settings->host) && !guard_is_ip6(settings->host))
                return err_set(err, ERR_PERM, "smtp.host is not a host name");
        if (settings->tls == SMTP_TLS_NONE && !is_loopback(settings->host))
                return err_set(err, ERR_PERM, "smtp.tls = \"none\" is for a server on this machine only");
        if (has_control(settings->user) || has_control(settings->password))
                return err_set(err, ERR_PERM, "control characters in smtp.user or the password");
        return 0;
}

/* CRLF only: a lone LF, a dot and a lone LF are the end of the letter for some servers, and what follows
 * would be commands (SMTP smuggling). Eight bits only to a server that takes them: our letters have none but in
 * such an address. */
bool guard_bytes(const char *bytes, size_t size, bool utf8)
{
        size_t line = 0;

        for (size_t i = 0; i < size; i++) {
                bool end = bytes[i] == '\r' && i + 1 < size && bytes[i + 1] == '\n';

                line = end ? 0 : line + 1;
                i += end;
                if (!end && (bytes[i] == '\r' || bytes[i] == '\n' || bytes[i] == '\0' || line > LINE ||
                                ((unsigned char)bytes[i] >= 0x80 && !utf8)))
                        return false;
        }
        return size > 0;
}

bool guard_is_ascii(const char *text)
{
        for (const char *p = text; *p; p++)
                if ((unsigned char)*p >= 0x80)
                        return false;
        return true;
}
