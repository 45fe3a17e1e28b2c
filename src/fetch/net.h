/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One connection to the mail server: TCP, TLS with the certificate and host name verified by GnuTLS (libetpan
 * verifies nothing), and a stream of it for libetpan. Nothing waits for ever and nothing grows without end:
 * every step has a time and a number of bytes. While it waits it also watches the keeper; when the keeper
 * closes its end, the step in hand fails and net_keeper_gone() is true. */
#pragma once

#include <libetpan/mailstream_types.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct err;
struct net;

enum { NET_CONNECT = 20, NET_TLS = 20, NET_GREETING = 20, NET_COMMAND = 60 }; /* seconds */
enum { NET_SMALL = 64 * 1024 }; /* bytes: more than any answer without messages needs */

/* keeper: borrowed. seconds: instead of all of the times above, 0 for these. */
struct net *net_new(int keeper, int seconds);
void net_free(struct net *net); /* closes at once, without ceremony */

/* Reads the certificates to trust: a PEM file, or those of the system when ca_file is "". ERR_PERM. */
int net_trust(struct net *net, const char *ca_file, struct err *err);
/* Resolves and connects; sets TCP keepalive, and a limit for what stays unacknowledged. ERR_TEMP, but ERR_PERM for a name that does not exist, and with
 * "loopback" for any other address. */
int net_connect(struct net *net, const char *host, int port, bool loopback, struct err *err);
/* The handshake. ERR_PERM when the certificate is not good for that host. */
int net_tls(struct net *net, const char *host, struct err *err);

/* What the next step may take: seconds without a byte (one of NET_..., or as many) and bytes to read. All of
 * the step together may take that time and a slow line's time for the bytes. */
void net_expect(struct net *net, int seconds, uint64_t bytes);
int net_send(struct net *net, const void *bytes, size_t size, struct err *err);
/* A libetpan stream on this connection, new, to be closed with mailstream_close(). The connection stays the
 * caller's. */
mailstream *net_stream(struct net *net);
/* These bytes are read first, before what comes from the server. Copied. */
void net_push_back(struct net *net, const void *bytes, size_t size);
/* Whether something can be read without waiting, the bytes that GnuTLS holds included. */
bool net_pending(const struct net *net);
bool net_arrived(const struct net *net); /* bytes wait in the socket, as they came, encrypted or not */
int net_fd(const struct net *net);
/* Why the last reading or writing through the stream failed. Returns -1. */
int net_why(const struct net *net, struct err *err);
bool net_keeper_gone(const struct net *net);
