/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send/smtp.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/address.h"
#include "send/fate.h"

enum { REPLY_TEXT = 1024, SLOWEST_SECONDS = 600, QUIT_SECONDS = 2 };

struct smtp {
        const struct smtp_settings *settings;
        CURL *curl;
        bool open; /* the last letter went through, so its connection is kept */

        /* One attempt, as seen on the connection. */
        enum fate_stage stage;
        bool answered, login_seen, over;
        int code;
        char reply[REPLY_TEXT];
        char why[CURL_ERROR_SIZE];
        const char *bytes;
        size_t size, given;
};

/* ---- Seeing what goes on */

static void saw_command(struct smtp *smtp, const char *line, size_t size)
{
        static const struct {
                const char *verb;
                enum fate_stage stage;
        } verbs[] = { { "MAIL", FATE_MAIL }, { "RCPT", FATE_RCPT }, { "DATA", FATE_DATA } };

        /* The library says QUIT after trouble, before it tells us: what follows is no news of the letter, and
         * its fate should not wait long for it. */
        if (size >= 4 && strncmp(line, "QUIT", 4) == 0) {
                smtp->over = true;
                curl_easy_setopt(smtp->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)QUIT_SECONDS);
                return;
        }
        smtp->answered = false;
        if (size >= 4 && strncmp(line, "AUTH", 4) == 0)
                smtp->login_seen = true;
        for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++)
                if (size >= 4 && strncmp(line, verbs[i].verb, 4) == 0)
                        smtp->stage = verbs[i].stage;
}

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

/* A reply line (RFC 5321 4.2.1): three digits, and a hyphen when more lines follow. The last line counts. */
static void saw_reply(struct smtp *smtp, const char *line, size_t size)
{
        while (size && (line[size - 1] == '\n' || line[size - 1] == '\r'))
                size--;
        if (smtp->over || size < 3 || !is_digit(line[0]) || !is_digit(line[1]) || !is_digit(line[2]) ||
            (size > 3 && line[3] != ' '))
                return;
        smtp->code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + line[2] - '0';
        smtp->answered = true;
        /* Kept only now: on a connection where an answer may still come late, the next letter would hear it.
         */
        if (smtp->stage == FATE_DOT && smtp->code / 100 == 2)
                curl_easy_setopt(smtp->curl, CURLOPT_FORBID_REUSE, 0L);
        size = size > 4 ? size - 4 : 0;
        if (size >= sizeof smtp->reply)
                size = sizeof smtp->reply - 1;
        if (size)
                memcpy(smtp->reply, line + 4, size);
        smtp->reply[size] = '\0';
}

/* The library calls it after a command was written and for each line of a reply. */
static int on_debug(CURL *curl, curl_infotype type, char *data, size_t size, void *context)
{
        (void)curl;
        if (type == CURLINFO_HEADER_OUT)
                saw_command(context, data, size);
        else if (type == CURLINFO_HEADER_IN)
                saw_reply(context, data, size);
        return 0;
}

/* The library asks for more only after 354, and only when all it had before was written. So when it is told
 * that there is no more, the whole body is out and the final dot is next. */
static size_t on_read(char *room, size_t one, size_t count, void *context)
{
        struct smtp *smtp = context;
        size_t n = smtp->size - smtp->given;

        if (n > one * count)
                n = one * count;
        if (n)
                memcpy(room, smtp->bytes + smtp->given, n);
        smtp->given += n;
        smtp->stage = n ? FATE_BODY : FATE_DOT;
        if (!n)
                smtp->answered = false;
        return n;
}

static size_t on_write(char *data, size_t one, size_t count, void *context)
{
        (void)data;
        (void)context;
        return one * count;
}

static enum fate_trouble trouble_of(CURLcode result)
{
        switch (result) {
        case CURLE_OK:
                return FATE_FINE;
        case CURLE_COULDNT_RESOLVE_HOST:
                return FATE_UNRESOLVED;
        case CURLE_COULDNT_CONNECT:
                return FATE_UNCONNECTED;
        case CURLE_USE_SSL_FAILED:
                return FATE_NO_STARTTLS;
        case CURLE_SSL_CONNECT_ERROR:
                return FATE_NO_TLS;
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_ISSUER_ERROR:
                return FATE_CERTIFICATE;
        case CURLE_SSL_CACERT_BADFILE:
                return FATE_NO_CA;
        case CURLE_LOGIN_DENIED:
        case CURLE_AUTH_ERROR:
                return FATE_LOGIN;
        case CURLE_OPERATION_TIMEDOUT:
                return FATE_TIMEOUT;
        case CURLE_SEND_ERROR:
                return FATE_WRITE;
        default:
                return FATE_OTHER;
        }
}

/* ---- Setting up */

static bool is_name(const char *name)
{
        size_t size = strlen(name);

        return size && size <= 253 &&
               strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_") == size;
}

static bool is_ip6(const char *host)
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

static int check_settings(const struct smtp_settings *settings, struct err *err)
{
        if (!is_name(settings->host) && !is_ip6(settings->host))
                return err_set(err, ERR_PERM, "smtp.host is not a host name");
        if (settings->tls == SMTP_TLS_NONE && !is_loopback(settings->host))
                return err_set(err, ERR_PERM, "smtp.tls = \"none\" is for a server on this machine only");
        if (has_control(settings->user) || has_control(settings->password))
                return err_set(err, ERR_PERM, "control characters in smtp.user or the password");
        return 0;
}

/* What we call ourselves (RFC 5321 4.1.4): the machine's full name, or the sender's domain when it has none.
 */
static char *own_name(const char *from)
{
        char host[256] = "";
        const char *domain = from ? address_domain(from) : "";

        if (gethostname(host, sizeof host - 1) < 0 || !is_name(host))
                host[0] = '\0';
        if (strchr(host, '.') || !is_name(domain))
                return xstrdup(*host ? host : "localhost");
        return xstrdup(domain);
}

static void set_url(struct smtp *smtp, const char *from)
{
        const struct smtp_settings *s = smtp->settings;
        CLEANUP_FREE char *name = own_name(from);
        bool ip6 = is_ip6(s->host);
        CLEANUP_FREE char *url =
            xasprintf("%s://%s%s%s:%d/%s", s->tls == SMTP_TLS_IMPLICIT ? "smtps" : "smtp", ip6 ? "[" : "",
                s->host, ip6 ? "]" : "", s->port, name);

        curl_easy_setopt(smtp->curl, CURLOPT_URL, url);
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

static void set_up(struct smtp *smtp)
{
        CURL *curl = smtp->curl;

        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* none, whatever the environment says */
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)SMTP_CONNECT_SECONDS);
        /* A server that stops reading in the middle of a body. */
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SLOWEST_SECONDS);
        curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); /* to be told by on_debug() */
        curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, on_debug);
        curl_easy_setopt(curl, CURLOPT_DEBUGDATA, smtp);
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, smtp->why);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
        curl_easy_setopt(curl, CURLOPT_READDATA, smtp);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_write);
        set_tls(curl, smtp->settings);
        set_login(curl, smtp->settings);
}

static void wake(struct smtp *smtp)
{
        if (smtp->curl)
                return;
        smtp->curl = curl_easy_init();
        if (!smtp->curl)
                mem_die("out of memory");
        set_up(smtp);
}

int smtp_new(const struct smtp_settings *settings, struct smtp **ret_smtp, struct err *err)
{
        struct smtp *smtp;

        if (check_settings(settings, err) < 0)
                return -1;
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
                return err_set(err, ERR_BUG, "libcurl does not start");
        smtp = xcalloc(1, sizeof *smtp);
        smtp->settings = settings;
        *ret_smtp = smtp;
        return 0;
}

void smtp_rest(struct smtp *smtp)
{
        curl_easy_cleanup(smtp->curl);
        smtp->curl = NULL;
        smtp->open = false;
}

void smtp_free(struct smtp *smtp)
{
        if (!smtp)
                return;
        smtp_rest(smtp);
        free(smtp);
        curl_global_cleanup();
}

void smtp_settings_free(struct smtp_settings *settings)
{
        if (settings->password)
                explicit_bzero(settings->password, strlen(settings->password));
        free(settings->host);
        free(settings->ca_file);
        free(settings->user);
        free(settings->password);
        *settings = (struct smtp_settings){ 0 };
}

/* ---- Doing it */

static enum fate_trouble attempt(struct smtp *smtp)
{
        CURLcode result;

        smtp->stage = FATE_CONNECT;
        smtp->answered = smtp->login_seen = smtp->over = false;
        smtp->code = 0;
        smtp->reply[0] = smtp->why[0] = '\0';
        smtp->given = 0;
        curl_easy_setopt(smtp->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)smtp->settings->answer_seconds);
        curl_easy_setopt(smtp->curl, CURLOPT_FORBID_REUSE, 1L);
        result = curl_easy_perform(smtp->curl);
        return trouble_of(result);
}

static struct fate judged(
    struct smtp *smtp, enum fate_trouble trouble, const char *const *hide, size_t hide_count)
{
        struct fate_facts facts = { .stage = smtp->stage,
                .trouble = trouble,
                .answered = smtp->answered,
                .code = smtp->code,
                .reply = smtp->reply,
                .why = smtp->why,
                .hide = hide,
                .hide_count = hide_count };

        return fate_judge(&facts);
}

struct fate smtp_check(struct smtp *smtp)
{
        enum fate_trouble trouble;
        struct fate fate;

        smtp_rest(smtp);
        wake(smtp);
        set_url(smtp, NULL);
        curl_easy_setopt(smtp->curl, CURLOPT_NOBODY, 1L);
        curl_easy_setopt(smtp->curl, CURLOPT_CUSTOMREQUEST, "NOOP");
        trouble = attempt(smtp);
        if (trouble == FATE_FINE && *smtp->settings->user && !smtp->login_seen)
                fate = fate_plain(FATE_AGAIN, true, "the mail server does not offer a login");
        else
                fate = judged(smtp, trouble, NULL, 0);
        smtp_rest(smtp);
        return fate;
}

/* CRLF only: a lone LF, a dot and a lone LF are the end of the letter for some servers, and what follows
 * would be commands (SMTP smuggling). */
static bool is_clean(const char *bytes, size_t size)
{
        for (size_t i = 0; i < size; i++) {
                if (bytes[i] == '\r' && i + 1 < size && bytes[i + 1] == '\n')
                        i++;
                else if (bytes[i] == '\r' || bytes[i] == '\n' || bytes[i] == '\0')
                        return false;
        }
        return size > 0;
}

static const char *refuse(
    const char *from, const char *const *to, size_t to_count, const char *bytes, size_t size)
{
        if (!address_is_valid(from))
                return "not sent: the sender's address is not valid";
        if (!to_count || to_count > SMTP_RECIPIENTS)
                return "not sent: no recipient, or too many";
        for (size_t i = 0; i < to_count; i++)
                if (!address_is_valid(to[i]))
                        return "not sent: a recipient's address is not valid";
        return is_clean(bytes, size) ? NULL : "not sent: the letter has bad line ends";
}

/* The server may close a connection that rests; one that it closed before the text was asked for sent
 * nothing. */
static bool is_stale(const struct smtp *smtp, enum fate_trouble trouble, bool was_open)
{
        long connects = 0;

        if (trouble == FATE_FINE || !was_open || smtp->stage >= FATE_BODY ||
            curl_easy_getinfo(smtp->curl, CURLINFO_NUM_CONNECTS, &connects) != CURLE_OK || connects)
                return false;
        return !smtp->answered || smtp->code == 421 || smtp->code / 100 <= 3;
}

static struct curl_slist *list_of(const char *const *to, size_t to_count)
{
        struct curl_slist *list = NULL;

        for (size_t i = 0; i < to_count; i++) {
                CLEANUP_FREE char *path = xasprintf("<%s>", to[i]);
                struct curl_slist *longer = curl_slist_append(list, path);

                if (!longer)
                        mem_die("out of memory");
                list = longer;
        }
        return list;
}

struct fate smtp_letter(struct smtp *smtp, const char *from, const char *const *to, size_t to_count,
    const char *bytes, size_t size)
{
        const char *problem = refuse(from, to, to_count, bytes, size);
        CLEANUP_FREE char *path = xasprintf("<%s>", from);
        bool was_open = smtp->open;
        struct curl_slist *list;
        enum fate_trouble trouble;

        if (problem)
                return fate_plain(FATE_FAILED, false, problem);
        wake(smtp);
        list = list_of(to, to_count);
        set_url(smtp, from);
        smtp->bytes = bytes;
        smtp->size = size;
        curl_easy_setopt(smtp->curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(smtp->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)size);
        curl_easy_setopt(smtp->curl, CURLOPT_MAIL_FROM, path);
        curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, list);
        trouble = attempt(smtp);
        if (is_stale(smtp, trouble, was_open))
                trouble = attempt(smtp);
        smtp->open = trouble == FATE_FINE;
        curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, NULL);
        curl_slist_free_all(list);
        return judged(smtp, trouble, to, to_count);
}
