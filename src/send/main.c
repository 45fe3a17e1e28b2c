/* SPDX-License-Identifier: GPL-3.0-or-later */
/* zapisy-send: finished letters in, their fate out (core/record.h). Started by zapisyd with a SOCK_SEQPACKET
 * socket as its descriptor 0. */
#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/confine.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/version.h"
#include "base/wire.h"
#include "core/record.h"
#include "send/fate.h"
#include "send/smtp.h"
#include "send/token.h"
#include "send/watch.h"

enum {
        KEEPER = STDIN_FILENO,
        REST_SECONDS = 30,
        LAST_SECONDS = 5,
        GROUP_MS =
            1000, /* what comes so soon after server trouble was handed over together with that letter */
        MEMORY = 512 * 1024 * 1024,
        DESCRIPTORS = 64,
};

struct sender {
        struct smtp_settings settings;
        struct smtp *smtp;  /* NULL before "open", or when its settings cannot work */
        struct err problem; /* why not */
        bool shut_in;       /* to what it may read now: name servers' file, certificates */
        struct fate last;   /* of the letter before */
        int uncertain;      /* letters in a row without an answer */
        bool group_waits;   /* more letters were handed over together with that one */
        struct watch names, certificates;
        struct token_server *tokens; /* the other job: then there is no mail server */
};

static volatile sig_atomic_t asked_to_end;

static void on_signal(int signal_number)
{
        (void)signal_number;
        asked_to_end = 1;
}

/* ---- Answers */

static int answer(json_int_t id, const struct fate *fate, bool made, struct err *err)
{
        json_t *json = json_pack("{s:s, s:I, s:s, s:i, s:s, s:b, s:b, s:b, s:b}", "op", "fate", "id", id,
            "fate", fate_name(fate->kind), "code", fate->code, "detail", fate->detail, "server",
            (int)fate->server, "login", (int)fate->login, "asked", (int)fate->asked, "made", (int)made);
        int r = wire_send(KEEPER, json, NULL, 0, err);

        json_decref(json);
        return r;
}

static int greet(struct err *err)
{
        json_t *hello = record_hello("zapisy-send");
        int r = wire_send(KEEPER, hello, NULL, 0, err);

        json_decref(hello);
        return r;
}

/* ---- open */

static int tls_from_text(const char *text, enum smtp_tls *ret_tls, struct err *err)
{
        static const char *const names[] = {
                [SMTP_TLS_IMPLICIT] = "implicit",
                [SMTP_TLS_STARTTLS] = "starttls",
                [SMTP_TLS_NONE] = "none",
        };

        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
                if (!str_equal(text, names[i]))
                        continue;
                *ret_tls = (enum smtp_tls)i;
                return 0;
        }
        return err_set(err, ERR_INPUT, "a record without a good \"tls\"");
}

/* The password, from its memfd; what an editor leaves at a file's end is none of it. Owned. */
static int read_password(int fd, char **ret_password, struct err *err)
{
        struct io_map map;
        size_t size;

        if (fd < 0) {
                *ret_password = xstrdup("");
                return 0;
        }
        if (io_map_memfd(fd, LIMIT_SECRET, &map, err) < 0)
                return err_prefix(err, "the password");
        size = map.size;
        while (size && (map.data[size - 1] == '\n' || map.data[size - 1] == '\r'))
                size--;
        *ret_password = xstrndup(map.data, size);
        io_unmap(&map);
        return 0;
}

static int read_settings(struct wire_record *record, struct smtp_settings *settings, struct err *err)
{
        const char *host, *tls, *ca_file, *user;
        json_int_t port, seconds = SMTP_ANSWER_SECONDS;
        enum smtp_tls tls_value = SMTP_TLS_IMPLICIT;

        if (wire_string(record->json, "host", 253, &host, err) < 0 ||
            wire_integer(record->json, "port", 1, 65535, &port, err) < 0 ||
            wire_string(record->json, "tls", 16, &tls, err) < 0 || tls_from_text(tls, &tls_value, err) < 0 ||
            wire_string(record->json, "ca_file", 4095, &ca_file, err) < 0 ||
            wire_string(record->json, "user", 1024, &user, err) < 0)
                return -1;
        if (json_object_get(record->json, "answer_seconds") &&
            wire_integer(record->json, "answer_seconds", 1, SMTP_ANSWER_SECONDS, &seconds, err) < 0)
                return -1;
        if (read_password(record->fds[0], &settings->password, err) < 0)
                return -1;
        settings->host = xstrdup(host);
        settings->port = (int)port;
        settings->tls = tls_value;
        settings->ca_file = xstrdup(ca_file);
        settings->user = xstrdup(user);
        settings->answer_seconds = (int)seconds;
        return 0;
}

/* Settings that cannot work are no reason to end: each letter is told why. */
static int start_smtp(struct sender *sender, const json_t *json, struct err *err)
{
        const char *auth;

        if (wire_string(json, "auth", 16, &auth, err) < 0)
                return -1;
        sender->settings.token = str_equal(auth, "xoauth2");
        if (!sender->settings.token && !str_equal(auth, "password"))
                err_set(&sender->problem, ERR_PERM, "smtp.auth is not known");
        else
                (void)smtp_new(&sender->settings, &sender->smtp, &sender->problem);
        return 0;
}

/* The next login is with this one. */
static int do_token(struct sender *sender, struct wire_record *record, struct err *err)
{
        char *token;

        if (!sender->settings.token)
                return err_set(err, ERR_INPUT, "a \"token\" where none is used");
        if (read_password(record->fds[0], &token, err) < 0)
                return -1;
        explicit_bzero(sender->settings.password, strlen(sender->settings.password));
        free(sender->settings.password);
        sender->settings.password = token;
        if (sender->smtp)
                smtp_rest(sender->smtp);
        return 0;
}

/* Before the first connection. */
static int shut_in(struct sender *sender, struct err *err)
{
        const struct smtp_settings *settings = &sender->settings;
        const char *const paths[] = { *settings->ca_file ? settings->ca_file : NULL, NULL };
        const uint16_t ports[] = { (uint16_t)settings->port, 0 };
        const struct confine_reach reach = {
                .names = true, .certificates = true, .paths = paths, .ports = ports
        };
        int r;

        sender->names = watch_file("/etc/resolv.conf");
        sender->certificates = watch_file(settings->ca_file);
        r = confine_to(&reach, err);
        if (r < 0)
                return -1;
        if (r == 0)
                log_notice("this kernel has no Landlock: files stay readable for zapisy-send");
        sender->shut_in = r > 0;
        return 0;
}

/* The kernel keeps new files from us: another process should take over. */
static bool is_outdated(const struct sender *sender)
{
        return sender->shut_in &&
               (watch_is_outdated(&sender->names) || watch_is_outdated(&sender->certificates));
}

/* Once: what this process may read was fixed by then, so other settings are for another process. */
static int do_open(struct sender *sender, struct wire_record *record, struct err *err)
{
        if (sender->settings.host || sender->tokens)
                return err_set(err, ERR_INPUT, "a second \"open\"");
        if (read_settings(record, &sender->settings, err) < 0 || shut_in(sender, err) < 0)
                return -1;
        sender->last = (struct fate){ 0 };
        return start_smtp(sender, record->json, err);
}

/* ---- check, letter */

static struct fate cannot(const struct sender *sender)
{
        return fate_plain(
            FATE_AGAIN, true, *sender->problem.text ? sender->problem.text : "no mail server was named");
}

static int do_check(struct sender *sender, struct err *err)
{
        struct fate fate = sender->smtp ? smtp_check(sender->smtp) : cannot(sender);

        return answer(0, &fate, true, err);
}

/* The recipients, borrowed from the record. -1 when there is something else among them, or too many. */
static int recipients(const json_t *json, const char *ret_to[SMTP_RECIPIENTS], size_t *ret_count)
{
        json_t *array = json_object_get(json, "to"), *item;
        size_t i;

        if (!json_is_array(array) || json_array_size(array) > SMTP_RECIPIENTS)
                return -1;
        json_array_foreach(array, i, item)
        {
                ret_to[i] = json_string_value(item);
                if (!ret_to[i] || strlen(ret_to[i]) != json_string_length(item))
                        return -1;
        }
        *ret_count = json_array_size(array);
        return 0;
}

static struct fate send_letter(struct sender *sender, struct wire_record *record)
{
        const char *from, *to[SMTP_RECIPIENTS];
        struct io_map map;
        struct err why;
        struct fate fate;
        size_t count;

        if (!sender->smtp)
                return cannot(sender);
        if (wire_string(record->json, "from", LIMIT_ADDRESS, &from, &why) < 0)
                return fate_plain(FATE_FAILED, false, "not sent: the sender's address is not valid");
        if (recipients(record->json, to, &count) < 0)
                return fate_plain(FATE_FAILED, false, "not sent: the recipients are not a list of addresses");
        if (record->fds[0] < 0 || io_map_memfd(record->fds[0], LIMIT_LETTER, &map, &why) < 0)
                return fate_plain(FATE_FAILED, false, "not sent: the letter's bytes are missing or too many");
        fate = smtp_letter(sender->smtp, from, to, count, map.data, map.size);
        io_unmap(&map);
        return fate;
}

static bool record_waits(void)
{
        struct pollfd keeper = { .fd = KEEPER, .events = POLLIN };

        return poll(&keeper, 1, 0) > 0;
}

/* The rest of a group need not wait for a server that does not answer, one timeout after another, nor become
 * uncertain letter by letter. */
static bool gives_no_answer(const struct sender *sender)
{
        return sender->last.server || sender->uncertain > 1;
}

static int do_letter(struct sender *sender, struct wire_record *record, struct err *err)
{
        bool made = !(sender->group_waits && gives_no_answer(sender));
        json_int_t id;
        struct fate fate;

        if (wire_integer(record->json, "id", 1, INT64_MAX, &id, err) < 0)
                return -1;
        fate = made ? send_letter(sender, record)
                    : fate_plain(FATE_AGAIN, true,
                          sender->last.server ? sender->last.detail
                                              : "the mail server gives no answer to letters");
        sender->uncertain = fate.kind == FATE_UNCERTAIN ? sender->uncertain + 1 : 0;
        sender->last = fate;
        sender->group_waits = record_waits();
        return answer(id, &fate, made, err);
}

static int dispatch(struct sender *sender, struct wire_record *record, struct err *err)
{
        const char *op = wire_op(record->json);

        if (str_equal(op, "open"))
                return do_open(sender, record, err);
        if (str_equal(op, "check"))
                return do_check(sender, err);
        if (str_equal(op, "letter"))
                return do_letter(sender, record, err);
        if (str_equal(op, "token"))
                return do_token(sender, record, err);
        if (token_is_record(op) && !sender->settings.host)
                return token_record(KEEPER, &sender->tokens, record, err);
        return err_set(err, ERR_INPUT, "a record with an op that is not known");
}

/* ---- The loop */

enum wait { WAIT_RECORD, WAIT_END, WAIT_OUTDATED };

/* Signals come through only here, so that the letter in hand is finished. A connection that nobody uses is
 * closed. */
static enum wait wait_for_record(struct sender *sender)
{
        struct pollfd keeper = { .fd = KEEPER, .events = POLLIN };
        struct timespec rest = { .tv_sec = REST_SECONDS };
        sigset_t none;

        sigemptyset(&none);
        for (;;) {
                int n = ppoll(&keeper, 1, &rest, &none);

                if (asked_to_end)
                        return WAIT_END;
                if (n > 0)
                        return WAIT_RECORD;
                if (n < 0 && errno != EINTR)
                        return WAIT_END;
                if (n == 0 && sender->smtp)
                        smtp_rest(sender->smtp);
                if (n == 0 && sender->smtp && is_outdated(sender))
                        return WAIT_OUTDATED;
        }
}

static int serve(struct sender *sender, struct err *err)
{
        for (;;) {
                enum wait wait = wait_for_record(sender);
                struct wire_record record;
                int r;

                if (wait != WAIT_RECORD)
                        return wait == WAIT_OUTDATED ? EX_TEMPFAIL : EX_OK;
                r = wire_receive(KEEPER, &record, err);
                if (r < 0 && (errno == EAGAIN || errno == EWOULDBLOCK))
                        continue;
                if (r <= 0)
                        return r < 0 ? EX_PROTOCOL : EX_OK;
                r = dispatch(sender, &record, err);
                wire_free(&record);
                if (r < 0)
                        return EX_PROTOCOL;
        }
}

static void set_up_signals(void)
{
        struct sigaction action = { .sa_handler = on_signal };
        sigset_t held;

        sigemptyset(&held);
        sigaddset(&held, SIGTERM);
        sigaddset(&held, SIGINT);
        sigprocmask(SIG_BLOCK, &held, NULL);
        sigaction(SIGTERM, &action, NULL);
        sigaction(SIGINT, &action, NULL);
        signal(SIGPIPE, SIG_IGN);
}

static int run(void)
{
        /* libcurl resolves names in a thread, which counts as a process. */
        const struct confine_limits limits = {
                .memory = MEMORY,
                .descriptors = DESCRIPTORS,
                .processes = CONFINE_AS_IS,
                .file_size = CONFINE_AS_IS,
                .cpu_seconds = CONFINE_AS_IS,
        };
        struct sender sender = { .smtp = NULL };
        struct err err = { 0 };
        int code = EX_OSERR;

        set_up_signals();
        if (confine_process(&limits, &err) == 0 && greet(&err) == 0)
                code = serve(&sender, &err);
        if (code != EX_OK && code != EX_TEMPFAIL && !wire_is_closed(KEEPER))
                log_error("zapisy-send: %s", err.text);
        alarm(LAST_SECONDS); /* a server that does not answer our QUIT */
        smtp_free(sender.smtp);
        smtp_settings_free(&sender.settings);
        token_server_free(sender.tokens);
        return code;
}

/* ---- Starting */

static bool is_record_socket(int fd)
{
        int type = 0;
        socklen_t size = sizeof type;

        return getsockopt(fd, SOL_SOCKET, SO_TYPE, &type, &size) == 0 && type == SOCK_SEQPACKET;
}

static void help(void)
{
        puts(
            "Usage: zapisy-send [--version] [--help]\n"
            "Delivers finished letters over SMTP; another one asks a token server for login tokens. Started\n"
            "by zapisyd, which talks to it in records over a SOCK_SEQPACKET socket on descriptor 0; it is\n"
            "not meant to be run by hand.");
}

int main(int argc, char **argv)
{
        static const struct option options[] = {
                { "version", no_argument, NULL, 'V' },
                { "help", no_argument, NULL, 'h' },
                { NULL, 0, NULL, 0 },
        };
        int option;

        while ((option = getopt_long(argc, argv, "Vh", options, NULL)) != -1) {
                if (option == 'V') {
                        puts("zapisy-send " ZAPISY_VERSION);
                        return EX_OK;
                }
                if (option != 'h')
                        return EX_USAGE;
                help();
                return EX_OK;
        }
        if (optind < argc || !is_record_socket(KEEPER)) {
                log_error("zapisy-send is started by zapisyd, with a socket for records as descriptor 0 (see "
                          "--help)");
                return EX_USAGE;
        }
        return run();
}
