/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "send/smtp.h"

#include <curl/curl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/address.h"
#include "send/fate.h"
#include "send/guard.h"
#include "send/seen.h"
#include "send/setup.h"

enum {
        COMMAND_SECONDS = 300, /* RFC 5321 4.5.3.2.2 and 3: five minutes; only the final dot has ten */
        SLOWEST_SECONDS = 600,
        QUIT_SECONDS = 2,
        SYN_TRIES = 3, /* 15 s */
};

struct smtp {
        const struct smtp_settings *settings;
        CURL *curl;
        bool open; /* the last letter went through, so its connection is kept */
        bool cram; /* the server takes no other login */

        /* One attempt, as seen on the connection. */
        struct seen seen;
        bool wants_login, wants_utf8;
        const char *stop; /* why we give up by ourselves, or NULL */
        char why[CURL_ERROR_SIZE];
        const char *bytes;
        size_t size, given;
};

static const char no_login[] = "the mail server does not offer a login";
static const char no_utf8[] =
    "not sent: the address has letters beyond ASCII before the @, and the mail server "
    "does not take such (SMTPUTF8)";
static const char endless[] = "the mail server talks without end";

/* ---- Seeing what goes on */

static void patience(struct smtp *smtp, int seconds)
{
        int most = smtp->settings->answer_seconds;

        curl_easy_setopt(
            smtp->curl, CURLOPT_SERVER_RESPONSE_TIMEOUT, (long)(seconds < most ? seconds : most));
}

static void saw_command(struct smtp *smtp, const char *line, size_t size)
{
        struct seen *seen = &smtp->seen;

        seen_command(seen, line, size);
        /* The library says QUIT after trouble, before it tells us: the letter's fate should not wait for it. */
        if (seen->over)
                patience(smtp, QUIT_SECONDS);
}

/* The library goes on without a login that is not offered, and with addresses that are not taken. */
static const char *lacks(const struct smtp *smtp)
{
        const struct seen *seen = &smtp->seen;

        if (smtp->wants_login && !seen->auth)
                return no_login;
        return smtp->wants_utf8 && !seen->utf8 ? no_utf8 : NULL;
}

/* What is offered counts once the line is as safe as it will be. */
static bool has_offer(const struct smtp *smtp)
{
        const struct seen *seen = &smtp->seen;

        return seen->asked_offer && seen->answered && seen->code / 100 == 2 &&
               (seen->tls || smtp->settings->tls != SMTP_TLS_STARTTLS);
}

static void saw_reply(struct smtp *smtp, const char *line, size_t size)
{
        seen_reply(&smtp->seen, line, size);
        if (smtp->seen.lines > SEEN_LINES)
                smtp->stop = endless;
        else if (has_offer(smtp))
                smtp->stop = lacks(smtp);
        /* Kept only now: on a connection where an answer may still come late, the next letter would hear it. */
        if (seen_sent(&smtp->seen))
                curl_easy_setopt(smtp->curl, CURLOPT_FORBID_REUSE, 0L);
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

/* What the library saw may end what it does. */
static int on_progress(void *context, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
        const struct smtp *smtp = context;

        (void)a, (void)b, (void)c, (void)d;
        return smtp->stop != NULL;
}

/* The library asks for more only after 354, and only when all it had before was written. So when it is told
 * that there is no more, the whole body is out and the final dot is next. */
static size_t on_read(char *room, size_t one, size_t count, void *context)
{
        struct smtp *smtp = context;
        size_t n = smtp->size - smtp->given;

        if (smtp->stop)
                return CURL_READFUNC_ABORT;
        if (n > one * count)
                n = one * count;
        if (n)
                memcpy(room, smtp->bytes + smtp->given, n);
        smtp->given += n;
        seen_body(&smtp->seen, n > 0);
        if (!n)
                patience(smtp, SMTP_ANSWER_SECONDS);
        return n;
}

/* A machine that does not answer at all is given up sooner than one whose greeting takes its time. */
static int on_socket(void *context, curl_socket_t fd, curlsocktype purpose)
{
        const int tries = SYN_TRIES;

        (void)context, (void)purpose;
        (void)setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &tries, sizeof tries);
        return CURL_SOCKOPT_OK;
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
        case CURLE_WEIRD_SERVER_REPLY:
                return FATE_NOT_SMTP;
        default:
                return FATE_OTHER;
        }
}

/* ---- Setting up */

static void set_up(struct smtp *smtp)
{
        const struct smtp_settings *s = smtp->settings;
        CURL *curl = smtp->curl;

        curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
        curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* none, whatever the environment says */
        curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(curl, CURLOPT_SOCKOPTFUNCTION, on_socket);
        curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT,
            (long)(s->answer_seconds < SMTP_CONNECT_SECONDS ? s->answer_seconds : SMTP_CONNECT_SECONDS));
        /* A server that stops reading in the middle of a body. */
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
        curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)SLOWEST_SECONDS);
        curl_easy_setopt(curl, CURLOPT_VERBOSE, 1L); /* to be told by on_debug() */
        curl_easy_setopt(curl, CURLOPT_DEBUGFUNCTION, on_debug);
        curl_easy_setopt(curl, CURLOPT_DEBUGDATA, smtp);
        curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
        curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, on_progress);
        curl_easy_setopt(curl, CURLOPT_XFERINFODATA, smtp);
        curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, smtp->why);
        curl_easy_setopt(curl, CURLOPT_READFUNCTION, on_read);
        curl_easy_setopt(curl, CURLOPT_READDATA, smtp);
        curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_write);
        setup_server(curl, s);
        if (smtp->cram)
                curl_easy_setopt(curl, CURLOPT_LOGIN_OPTIONS, "AUTH=CRAM-MD5");
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

        if (guard_settings(settings, err) < 0)
                return -1;
        if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
                return err_set(err, ERR_BUG, "libcurl does not start");
        smtp = xcalloc(1, sizeof *smtp);
        smtp->settings = settings;
        smtp->wants_login = *settings->user != '\0';
        *ret_smtp = smtp;
        return 0;
}

/* ---- Doing it */

static enum fate_trouble perform(struct smtp *smtp)
{
        smtp->stop = NULL;
        smtp->why[0] = '\0';
        smtp->given = 0;
        seen_start(&smtp->seen);
        patience(smtp, COMMAND_SECONDS);
        curl_easy_setopt(smtp->curl, CURLOPT_FORBID_REUSE, 1L);
        return trouble_of(curl_easy_perform(smtp->curl));
}

/* CRAM-MD5 only where nothing else is offered: many servers offer it and have no password that it works with. */
static enum fate_trouble attempt(struct smtp *smtp)
{
        enum fate_trouble trouble = perform(smtp);
        const struct seen *seen = &smtp->seen;

        if (trouble != FATE_LOGIN || smtp->settings->token || smtp->cram || seen->login || seen->plain ||
            !seen->cram)
                return trouble;
        smtp->cram = true;
        curl_easy_setopt(smtp->curl, CURLOPT_LOGIN_OPTIONS, "AUTH=CRAM-MD5");
        return perform(smtp);
}

static struct fate judged(
    struct smtp *smtp, enum fate_trouble trouble, const char *const *hide, size_t hide_count)
{
        const struct seen *seen = &smtp->seen;
        struct fate_facts facts = { .stage = seen->stage,
                .trouble = trouble,
                .answered = seen->answered,
                .code = seen->code,
                .reply = seen->reply,
                .why = smtp->why,
                .hide = hide,
                .hide_count = hide_count };

        if (smtp->stop == no_utf8)
                return fate_plain(FATE_FAILED, false, no_utf8);
        if (smtp->stop && seen->stage < FATE_BODY)
                return fate_plain(FATE_AGAIN, true, smtp->stop);
        if (trouble == FATE_LOGIN && smtp->wants_login && !seen->login)
                return fate_plain(
                    FATE_AGAIN, true, "the mail server offers no kind of login that zapisyd knows");
        return fate_judge(&facts);
}

static void set_command(struct smtp *smtp, const char *command)
{
        smtp->wants_utf8 = false;
        curl_easy_setopt(smtp->curl, CURLOPT_UPLOAD, 0L);
        curl_easy_setopt(smtp->curl, CURLOPT_NOBODY, 1L);
        curl_easy_setopt(smtp->curl, CURLOPT_CUSTOMREQUEST, command);
        curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, NULL);
}

/* Left to itself the library waits for two minutes for an answer to QUIT (RFC 5321 4.1.1.10), and opens a
 * connection that has ended again to say it. */
static void say_quit(struct smtp *smtp)
{
        curl_socket_t fd = CURL_SOCKET_BAD;
        struct pollfd line;

        if (curl_easy_getinfo(smtp->curl, CURLINFO_ACTIVESOCKET, &fd) != CURLE_OK || fd == CURL_SOCKET_BAD)
                return;
        line = (struct pollfd){ .fd = fd, .events = POLLIN };
        if (poll(&line, 1, 0) != 0) {
                (void)shutdown(
                    fd, SHUT_RDWR); /* it has said good-bye first: so the library finds nobody there */
                return;
        }
        set_command(smtp, "QUIT");
        (void)perform(smtp);
}

void smtp_rest(struct smtp *smtp)
{
        if (smtp->open)
                say_quit(smtp);
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

struct fate smtp_check(struct smtp *smtp)
{
        enum fate_trouble trouble;
        struct fate fate;

        smtp_rest(smtp);
        wake(smtp);
        setup_url(smtp->curl, smtp->settings, NULL);
        set_command(smtp, "NOOP");
        trouble = attempt(smtp);
        fate = judged(smtp, trouble, NULL, 0);
        smtp_rest(smtp);
        return fate;
}

/* Names of domains beyond ASCII go as A-labels, which every server takes (RFC 5890 2.3.2.1). */
static struct curl_slist *list_of(const char *const *to, size_t to_count)
{
        struct curl_slist *list = NULL;

        for (size_t i = 0; i < to_count; i++) {
                CLEANUP_FREE char *address = address_for_wire(to[i]);
                CLEANUP_FREE char *path = xasprintf("<%s>", address ? address : "");
                struct curl_slist *longer = address ? curl_slist_append(list, path) : NULL;

                if (address && !longer)
                        mem_die("out of memory");
                if (!address) {
                        curl_slist_free_all(list);
                        return NULL;
                }
                list = longer;
        }
        return list;
}

/* The server may close a connection that rests; one that it closed before the text was asked for sent
 * nothing. */
static bool is_stale(const struct smtp *smtp, enum fate_trouble trouble, bool was_open)
{
        long connects = 0;

        if (trouble == FATE_FINE || trouble == FATE_TIMEOUT || smtp->stop || !was_open ||
            smtp->seen.stage >= FATE_BODY ||
            curl_easy_getinfo(smtp->curl, CURLINFO_NUM_CONNECTS, &connects) != CURLE_OK || connects)
                return false;
        return !smtp->seen.answered || smtp->seen.code == 421 || smtp->seen.code / 100 <= 3;
}

static const char *refuse(const struct smtp *smtp, const char *from, const struct curl_slist *to,
    size_t to_count, const char *bytes, size_t size)
{
        if (!from)
                return "not sent: the sender's address is not valid";
        if (!to_count || to_count > SMTP_RECIPIENTS)
                return "not sent: no recipient, or too many";
        if (!to)
                return "not sent: a recipient's address is not valid";
        return guard_bytes(bytes, size, smtp->wants_utf8)
                   ? NULL
                   : "not sent: the letter has bad line ends, too long a line, or bytes beyond ASCII";
}

static bool wants_utf8(const char *from, const struct curl_slist *to)
{
        bool wants = from && !guard_is_ascii(from);

        for (; to; to = to->next)
                wants |= !guard_is_ascii(to->data);
        return wants;
}

static enum fate_trouble send_to(struct smtp *smtp, const char *from, struct curl_slist *to)
{
        CLEANUP_FREE char *path = xasprintf("<%s>", from);
        bool was_open = smtp->open;
        enum fate_trouble trouble;

        curl_easy_setopt(smtp->curl, CURLOPT_UPLOAD, 1L);
        curl_easy_setopt(smtp->curl, CURLOPT_INFILESIZE_LARGE, (curl_off_t)smtp->size);
        curl_easy_setopt(smtp->curl, CURLOPT_MAIL_FROM, path);
        curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, to);
        trouble = attempt(smtp);
        if (is_stale(smtp, trouble, was_open))
                trouble = attempt(smtp);
        smtp->open = trouble == FATE_FINE;
        curl_easy_setopt(smtp->curl, CURLOPT_MAIL_RCPT, NULL);
        return trouble;
}

struct fate smtp_letter(struct smtp *smtp, const char *from, const char *const *to, size_t to_count,
    const char *bytes, size_t size)
{
        CLEANUP_FREE char *sender = address_for_wire(from);
        struct curl_slist *list = list_of(to, to_count);
        const char *problem;
        struct fate fate;

        smtp->wants_utf8 = wants_utf8(sender, list);
        problem = refuse(smtp, sender, list, to_count, bytes, size);
        if (!problem && smtp->open && smtp->wants_utf8 && !smtp->seen.utf8)
                problem = no_utf8;
        if (problem) {
                curl_slist_free_all(list);
                return fate_plain(FATE_FAILED, false, problem);
        }
        wake(smtp);
        setup_url(smtp->curl, smtp->settings, sender);
        smtp->bytes = bytes;
        smtp->size = size;
        fate = judged(smtp, send_to(smtp, sender, list), to, to_count);
        curl_slist_free_all(list);
        return fate;
}
