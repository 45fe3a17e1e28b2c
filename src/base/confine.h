/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A program shuts itself in, as far as its work allows: whoever takes it over through what it reads can do no
 * more than what is left here (prctl(2), setrlimit(2), landlock(7)). Nothing of it can be undone, and a later
 * call only ever takes more. Both calls also give up new privileges, and make this process one that others of
 * the same user can neither trace nor read in /proc. Errors are ERR_TEMP.
 *
 * The address sanitizer maps terabytes, and at the end starts a process that traces this one and reads /proc.
 * Built with it, memory and processes are not bounded, and tracing and /proc are left. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#if defined(__SANITIZE_ADDRESS__)
#define CONFINE_SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define CONFINE_SANITIZED 1
#endif
#endif
#ifndef CONFINE_SANITIZED
#define CONFINE_SANITIZED 0
#endif

struct err;

#define CONFINE_AS_IS (-1)

/* Each a number, 0 included, or CONFINE_AS_IS. Never a core. */
struct confine_limits {
        int64_t memory;      /* bytes of address space */
        int64_t descriptors; /* RLIMIT_NOFILE: one more than the highest */
        int64_t processes;   /* all of this user's, threads too; nothing for root */
        int64_t file_size;   /* bytes; of stderr too, when that is a file */
        int64_t cpu_seconds; /* then the kernel kills it */
};

/* What can still be reached. Nothing can be written, made or run in any case; what is open stays open. */
struct confine_reach {
        bool names;               /* what getaddrinfo(3) reads, and TCP to name servers */
        bool certificates;        /* the certificates that this system trusts, and its settings for TLS */
        const char *const *paths; /* more to be read, folders with all in them; NULL at the end, or NULL */
        const uint16_t *ports;    /* for TCP to any address; 0 at the end, or NULL */
};

int confine_process(const struct confine_limits *limits, struct err *err);
/* 1, or 0 when the kernel has no Landlock. What else it keeps from us depends on its version: TCP since 6.7,
 * abstract sockets of and signals to processes outside since 6.12. Paths that are not there are passed over.
 * A path means the file that is there now, not one that takes its place. */
int confine_to(const struct confine_reach *reach, struct err *err);
