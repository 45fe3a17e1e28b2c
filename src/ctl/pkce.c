/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/pkce.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/config.h"
#include "core/token.h"
#include "registrar/hash.h"

const char pkce_redirect[] = "http://127.0.0.1:8025/";

/* RFC 4648 5, without padding: 32 bytes make 43 characters. */
static void base64url(const unsigned char bytes[32], char ret_text[44])
{
        static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        uint32_t held = 0;
        int bits = 0, n = 0;

        for (int i = 0; i < 32; i++) {
                held = (held << 8) | bytes[i];
                for (bits += 8; bits >= 6; bits -= 6)
                        ret_text[n++] = digits[(held >> (bits - 6)) & 63];
        }
        ret_text[n++] = digits[(held << (6 - bits)) & 63];
        ret_text[n] = '\0';
}

void pkce_challenge(const char *verifier, char ret_challenge[44])
{
        unsigned char hash[HASH_SIZE];

        hash_bytes(verifier, strlen(verifier), hash);
        base64url(hash, ret_challenge);
}

/* RFC 3986 2.1 */
static void add_parameter(struct buf *out, const char *name, const char *value)
{
        buf_printf(out, "%c%s=", strchr(buf_text(out), '?') ? '&' : '?', name);
        for (const unsigned char *p = (const unsigned char *)value; *p; p++)
                if ((*p >= '0' && *p <= '9') || (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') ||
                    strchr("-._~", *p))
                        buf_putc(out, (char)*p);
                else
                        buf_printf(out, "%%%02X", *p);
}

void pkce_begin(const struct config_oauth *oauth, const char *user, struct pkce *ret_pkce)
{
        struct buf address = BUF_INIT(LIMIT_SECRET);
        unsigned char random[32];

        *ret_pkce = (struct pkce){ .address = NULL };
        io_random(random, sizeof random);
        base64url(random, ret_pkce->verifier);
        io_random(random, sizeof random);
        str_to_hex(random, 16, ret_pkce->state);
        pkce_challenge(ret_pkce->verifier, ret_pkce->challenge);
        buf_puts(&address, oauth->auth_url);
        add_parameter(&address, "response_type", "code");
        add_parameter(&address, "client_id", oauth->client_id);
        add_parameter(&address, "redirect_uri", pkce_redirect);
        add_parameter(&address, "scope", oauth->scope);
        add_parameter(&address, "state", ret_pkce->state);
        add_parameter(&address, "code_challenge", ret_pkce->challenge);
        add_parameter(&address, "code_challenge_method", "S256");
        /* Google gives a refresh token only for these. */
        add_parameter(&address, "access_type", "offline");
        add_parameter(&address, "prompt", "consent");
        add_parameter(&address, "login_hint", user);
        ret_pkce->address = buf_detach(&address, NULL);
}

static int digit(char c)
{
        const char *digits = "0123456789abcdef", *found = c ? strchr(digits, c | 0x20) : NULL;

        return found ? (int)(found - digits) : -1;
}

/* In place: as a browser writes a parameter's value. */
static void decode(char *text)
{
        char *to = text;

        for (const char *p = text; *p; p++) {
                if (*p == '%' && digit(p[1]) >= 0 && digit(p[2]) >= 0) {
                        *to++ = (char)(digit(p[1]) * 16 + digit(p[2]));
                        p += 2;
                } else {
                        *to++ = *p;
                }
        }
        *to = '\0';
}

/* The value of a parameter of an address, decoded; owned, or NULL. */
static char *parameter(const char *address, const char *name)
{
        const char *p = strchr(address, '?');

        for (; p; p = strpbrk(p + 1, "&#")) {
                size_t size = strlen(name);

                if (strncmp(p + 1, name, size) == 0 && p[1 + size] == '=') {
                        const char *value = p + 2 + size;
                        char *text = xstrndup(value, strcspn(value, "&#"));

                        decode(text);
                        return text;
                }
                if (*p == '#')
                        break;
        }
        return NULL;
}

static void wipe_free(char *text)
{
        if (text)
                explicit_bzero(text, strlen(text));
        free(text);
}

static int code_of_address(const struct pkce *pkce, const char *address, char **ret_code, struct err *err)
{
        CLEANUP_FREE char *refused = parameter(address, "error"), *state = parameter(address, "state");
        char *code;

        if (refused)
                return err_set(err, ERR_INPUT, "access was not given (%.40s)", refused);
        if (!str_equal(state, pkce->state))
                return err_set(
                    err, ERR_INPUT, "that address belongs to another login: use the one shown above");
        code = parameter(address, "code");
        if (!code || !token_is_clean(code)) {
                wipe_free(code);
                return err_set(err, ERR_INPUT, "there is no code in that address");
        }
        *ret_code = code;
        return 0;
}

int pkce_code(const struct pkce *pkce, const char *pasted, char **ret_code, struct err *err)
{
        CLEANUP_FREE char *copy = xstrdup(pasted);
        const char *text = str_trim(copy);
        int r = 0;

        if (strchr(text, '?'))
                r = code_of_address(pkce, text, ret_code, err);
        else if (!token_is_clean(text))
                r = err_set(err, ERR_INPUT, "that is no address with a code in it");
        else
                *ret_code = xstrdup(text);
        explicit_bzero(copy, strlen(copy));
        return r;
}

void pkce_end(struct pkce *pkce)
{
        free(pkce->address);
        explicit_bzero(pkce, sizeof *pkce);
}
