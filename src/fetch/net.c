/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/net.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <gnutls/x509.h>
#include <libetpan/mailstream.h>
#include <netdb.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "fetch/words.h"

enum { SLOW_LINE = 10 * 1024, STREAM_BUFFER = 64 * 1024, PUSHED_MAX = 256 * 1024 };

struct net {
        int fd, keeper, seconds;
        bool keeper_gone;
        gnutls_certificate_credentials_t trust;
        gnutls_session_t tls;
        int idle_ms;      /* between two bytes */
        int64_t deadline; /* of the step, io_monotonic_ms() */
        uint64_t budget;  /* bytes that may still be read */
        struct buf pushed;
        size_t pushed_used;
        struct err why;
};

struct net *net_new(int keeper, int seconds)
{
        struct net *net = xcalloc(1, sizeof *net);

        net->fd = -1;
        net->keeper = keeper;
        net->seconds = seconds;
        net->pushed.max = PUSHED_MAX;
        err_set(&net->why, ERR_TEMP, "the connection ended");
        return net;
}

void net_free(struct net *net)
{
        if (!net)
                return;
        if (net->tls)
                gnutls_deinit(net->tls);
        if (net->trust)
                gnutls_certificate_free_credentials(net->trust);
        io_close(&net->fd);
        buf_free(&net->pushed);
        free(net);
}

int net_trust(struct net *net, const char *ca_file, struct err *err)
{
        int n;

        if (gnutls_certificate_allocate_credentials(&net->trust) < 0)
                return err_set(err, ERR_TEMP, "no memory for certificates");
        n = *ca_file ? gnutls_certificate_set_x509_trust_file(net->trust, ca_file, GNUTLS_X509_FMT_PEM)
                     : gnutls_certificate_set_x509_system_trust(net->trust);
        if (n > 0)
                return 0;
        if (*ca_file)
                return err_set(err, ERR_PERM, "no certificate could be read from mailbox.ca_file: %s",
                    n < 0 ? gnutls_strerror(n) : "it holds none");
        return err_set(err, ERR_PERM, "this system trusts no certificates: install ca-certificates");
}

static int seconds_of(const struct net *net, int seconds)
{
        return net->seconds ? net->seconds : seconds;
}

void net_expect(struct net *net, int seconds, uint64_t bytes)
{
        net->idle_ms = seconds_of(net, seconds) * 1000;
        net->deadline = io_monotonic_ms() + net->idle_ms + (int64_t)(bytes / SLOW_LINE) * 1000;
        net->budget = bytes;
}

/* Until the socket is ready, the time is over or the keeper is gone. The keeper's records are for later. */
static int wait_ready(struct net *net, short events)
{
        int64_t now = io_monotonic_ms(), end = now + net->idle_ms;

        if (net->deadline < end)
                end = net->deadline;
        for (;; now = io_monotonic_ms()) {
                struct pollfd p[2] = { { .fd = net->fd, .events = events },
                        { .fd = net->keeper, .events = POLLRDHUP } };

                if (now >= end)
                        return err_set(&net->why, ERR_TEMP, "the server did not answer in time");
                if (poll(p, 2, (int)(end - now)) < 0 && errno != EINTR)
                        return err_errno(&net->why, ERR_TEMP, "poll");
                if (p[1].revents) {
                        net->keeper_gone = true;
                        return err_set(&net->why, ERR_TEMP, "the keeper is gone");
                }
                if (p[0].revents)
                        return 0;
        }
}

/* One try to connect; the socket, or -1. */
static int try_address(struct net *net, const struct addrinfo *a)
{
        int fd = socket(a->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), failed = 0;
        socklen_t size = sizeof failed;

        if (fd < 0)
                return err_errno(&net->why, ERR_TEMP, "socket");
        net->fd = fd;
        if (connect(fd, a->ai_addr, a->ai_addrlen) == 0)
                return 0;
        if (errno == EINPROGRESS) {
                if (wait_ready(net, POLLOUT) == 0) {
                        if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &failed, &size) == 0 && !failed)
                                return 0;
                        errno = failed;
                        err_errno(&net->why, ERR_TEMP, "cannot connect");
                }
        } else {
                err_errno(&net->why, ERR_TEMP, "cannot connect");
        }
        io_close(&net->fd);
        return -1;
}

static bool is_loopback(const struct sockaddr *address)
{
        if (address->sa_family == AF_INET) {
                struct sockaddr_in v4;

                memcpy(&v4, address, sizeof v4);
                return ntohl(v4.sin_addr.s_addr) >> 24 == 127;
        }
        if (address->sa_family == AF_INET6) {
                struct sockaddr_in6 v6;

                memcpy(&v6, address, sizeof v6);
                return IN6_IS_ADDR_LOOPBACK(&v6.sin6_addr);
        }
        return false;
}

/* Longer than a NAT forgets, shorter than a person waits. */
static void keep_alive(int fd)
{
        int on = 1, idle = 60, interval = 20, probes = 4, unanswered_ms = 120 * 1000;

        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        (void)setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
        (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
        (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &interval, sizeof interval);
        (void)setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
        (void)setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unanswered_ms, sizeof unanswered_ms);
}

int net_connect(struct net *net, const char *host, int port, bool loopback, struct err *err)
{
        struct addrinfo hints = { .ai_socktype = SOCK_STREAM }, *list = NULL;
        char service[16];
        int r;

        snprintf(service, sizeof service, "%d", port);
        r = getaddrinfo(host, service, &hints, &list);
        if (r)
                return err_set(err, r == EAI_NONAME ? ERR_PERM : ERR_TEMP, "the name %s is not found: %s%s",
                    host, gai_strerror(r), r == EAI_NONAME ? "; check mailbox.host" : "");
        net_expect(net, NET_CONNECT, 0);
        r = -1;
        for (const struct addrinfo *a = list; a && r < 0; a = a->ai_next) {
                if (loopback && !is_loopback(a->ai_addr))
                        err_set(&net->why, ERR_PERM,
                            "mailbox.tls = \"none\" is only for a server on this machine");
                else
                        r = try_address(net, a);
        }
        freeaddrinfo(list);
        if (r < 0) {
                net_why(net, err);
                return err_prefix(err, "%s port %d", host, port);
        }
        keep_alive(net->fd);
        return 0;
}

static int certificate_error(gnutls_session_t tls, const char *host, struct err *err)
{
        gnutls_datum_t text = { 0 };
        CLEANUP_FREE char *shown = NULL;

        if (gnutls_certificate_verification_status_print(
                gnutls_session_get_verify_cert_status(tls), GNUTLS_CRT_X509, &text, 0) == 0) {
                shown = words_clean((const char *)text.data, 2 * WORDS_SERVER_MAX);
                gnutls_free(text.data);
        }
        return err_set(err, ERR_PERM,
            "the server's certificate is not good for %s: %scheck mailbox.host and mailbox.ca_file", host,
            shown ? shown : "");
}

static int handshake(struct net *net, gnutls_session_t tls, const char *host, struct err *err)
{
        int r;

        net_expect(net, NET_TLS, 0);
        while ((r = gnutls_handshake(tls)) < 0) {
                if (r == GNUTLS_E_AGAIN || r == GNUTLS_E_INTERRUPTED) {
                        if (wait_ready(net, gnutls_record_get_direction(tls) ? POLLOUT : POLLIN) == 0)
                                continue;
                        net_why(net, err);
                        return err_prefix(err, "TLS");
                }
                if (r == GNUTLS_E_CERTIFICATE_VERIFICATION_ERROR)
                        return certificate_error(tls, host, err);
                if (gnutls_error_is_fatal(r))
                        return err_set(
                            err, ERR_TEMP, "TLS: %s; check mailbox.port and mailbox.tls", gnutls_strerror(r));
        }
        return 0;
}

static int tls_options(struct net *net, gnutls_session_t tls, const char *host)
{
        unsigned char address[sizeof(struct in6_addr)];
        int r = gnutls_priority_set_direct(
            tls, "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:%PROFILE_MEDIUM", NULL);

        if (r == 0 && inet_pton(AF_INET, host, address) != 1 && inet_pton(AF_INET6, host, address) != 1)
                r = gnutls_server_name_set(tls, GNUTLS_NAME_DNS, host, strlen(host));
        if (r == 0)
                r = gnutls_credentials_set(tls, GNUTLS_CRD_CERTIFICATE, net->trust);
        if (r == 0) {
                gnutls_session_set_verify_cert(tls, host, 0);
                gnutls_transport_set_int(tls, net->fd);
        }
        return r;
}

int net_tls(struct net *net, const char *host, struct err *err)
{
        gnutls_session_t tls;

        if (gnutls_init(&tls, GNUTLS_CLIENT | GNUTLS_NONBLOCK | GNUTLS_NO_SIGNAL) < 0)
                return err_set(err, ERR_TEMP, "TLS cannot start");
        if (tls_options(net, tls, host) < 0)
                err_set(err, ERR_BUG, "TLS does not take its options");
        else if (handshake(net, tls, host, err) == 0)
                net->tls = tls;
        if (!net->tls)
                gnutls_deinit(tls);
        return net->tls ? 0 : -1;
}

/* What a result of read or write means: 0 wait or try again, -1 the end. */
static int after(struct net *net, ssize_t r, short events)
{
        if (net->tls) {
                if (r == GNUTLS_E_AGAIN || r == GNUTLS_E_INTERRUPTED)
                        return wait_ready(net, gnutls_record_get_direction(net->tls) ? POLLOUT : POLLIN);
                if (r == 0 || r == GNUTLS_E_PREMATURE_TERMINATION)
                        return err_set(&net->why, ERR_TEMP, "the server closed the connection");
                if (!gnutls_error_is_fatal((int)r) && r != GNUTLS_E_REHANDSHAKE)
                        return 0;
                return err_set(&net->why, ERR_TEMP, "TLS: %s", gnutls_strerror((int)r));
        }
        if (r == 0)
                return err_set(&net->why, ERR_TEMP, "the server closed the connection");
        if (errno == EAGAIN || errno == EINTR)
                return wait_ready(net, events);
        return err_errno(&net->why, ERR_TEMP, "the connection broke");
}

static ssize_t read_pushed(struct net *net, void *bytes, size_t size)
{
        size_t left = net->pushed.size - net->pushed_used;

        size = size < left ? size : left;
        memcpy(bytes, net->pushed.data + net->pushed_used, size);
        net->pushed_used += size;
        return (ssize_t)size;
}

/* Never 0: libetpan would ask again for ever. */
static ssize_t read_some(mailstream_low *low, void *bytes, size_t size)
{
        struct net *net = low->data;
        ssize_t r;

        if (net->pushed_used < net->pushed.size)
                return read_pushed(net, bytes, size);
        for (;;) {
                if (!net->budget)
                        return err_set(
                            &net->why, ERR_TEMP, "the server sends more than the question can need");
                if (io_monotonic_ms() >= net->deadline)
                        return err_set(&net->why, ERR_TEMP, "the server took too long");
                r = net->tls ? gnutls_record_recv(net->tls, bytes, size) : recv(net->fd, bytes, size, 0);
                if (r > 0) {
                        net->budget -= (uint64_t)r < net->budget ? (uint64_t)r : net->budget;
                        return r;
                }
                if (after(net, r, POLLIN) < 0)
                        return -1;
        }
}

static int send_all(struct net *net, const char *bytes, size_t size)
{
        while (size) {
                ssize_t r = net->tls ? gnutls_record_send(net->tls, bytes, size)
                                     : send(net->fd, bytes, size, MSG_NOSIGNAL);

                if (r > 0) {
                        bytes += r;
                        size -= (size_t)r;
                } else if (after(net, r, POLLOUT) < 0) {
                        return -1;
                }
        }
        return 0;
}

int net_send(struct net *net, const void *bytes, size_t size, struct err *err)
{
        return send_all(net, bytes, size) < 0 ? net_why(net, err) : 0;
}

static ssize_t write_some(mailstream_low *low, const void *bytes, size_t size)
{
        return send_all(low->data, bytes, size) < 0 ? -1 : (ssize_t)size;
}

static int close_nothing(mailstream_low *low)
{
        (void)low;
        return 0;
}

static int low_fd(mailstream_low *low)
{
        return net_fd(low->data);
}

static void low_free(mailstream_low *low)
{
        free(low);
}

mailstream *net_stream(struct net *net)
{
        static mailstream_low_driver driver = { .mailstream_read = read_some,
                .mailstream_write = write_some,
                .mailstream_close = close_nothing,
                .mailstream_get_fd = low_fd,
                .mailstream_free = low_free };
        mailstream_low *low = mailstream_low_new(net, &driver);
        mailstream *stream = low ? mailstream_new(low, STREAM_BUFFER) : NULL;

        if (!stream)
                mem_die("out of memory");
        return stream;
}

void net_push_back(struct net *net, const void *bytes, size_t size)
{
        if (net->pushed_used == net->pushed.size) {
                buf_reset(&net->pushed);
                net->pushed_used = 0;
        }
        if (buf_add(&net->pushed, bytes, size) < 0)
                mem_die("more pushed back than was read");
}

bool net_pending(const struct net *net)
{
        return net->pushed_used < net->pushed.size || (net->tls && gnutls_record_check_pending(net->tls));
}

bool net_arrived(const struct net *net)
{
        char byte;

        return recv(net->fd, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

int net_fd(const struct net *net)
{
        return net->fd;
}

int net_why(const struct net *net, struct err *err)
{
        return err_set(err, net->why.class, "%s", net->why.text);
}

bool net_keeper_gone(const struct net *net)
{
        return net->keeper_gone;
}
