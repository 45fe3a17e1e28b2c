/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A child that may compute and write to one pipe, and nothing else: no files, no network, no other processes,
 * bounded memory and CPU. What it parses may take it over; what it writes is not to be believed.
 *
 * Built with the address sanitizer the address space is not bounded (its shadow needs terabytes), and calls
 * that the sanitizer needs for its reports are allowed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct err;
struct sandbox;

struct sandbox_limits {
        int cpu_seconds;
        int memory_mb; /* of address space, beyond what the parent has then */
};

/* Builds the filters, so that a fork needs no more than to load one. To be called before any lock. */
int sandbox_new(struct sandbox **ret_sandbox, struct err *err);
void sandbox_free(struct sandbox *sandbox);

/* Locks the calling process as far as a parent of such children allows: it may fork, wait, kill and use the
 * descriptors it has, but open nothing and execute nothing. As root it becomes nobody. Not to be undone. */
int sandbox_lock_parent(const struct sandbox *sandbox, struct err *err);

struct sandbox_job {
        /* Runs in the child before it is locked: to map what was sent as descriptors, and nothing that
         * depends on their content. All descriptors are closed behind it. May be NULL. */
        void (*prepare)(void *arg);
        /* Runs locked; out is the only descriptor. Its result is the child's exit status. */
        int (*run)(int out, void *arg);
        void *arg;
};

/* Forks. ret_pipe is the reading end (close-on-exec, non-blocking), the caller's. Returns the child's pid, to
 * be waited for, or -1. */
pid_t sandbox_start(const struct sandbox *sandbox, const struct sandbox_limits *limits,
    const struct sandbox_job *job, int *ret_pipe, struct err *err);
/* Waits for the child, and returns its wait status. at_once: kills it now; else it has a moment to end by
 * itself, so that its own reason is seen. */
int sandbox_end(pid_t pid, bool at_once);
/* What a wait status means, for a person: "it took too long" ...; NULL when the child ended by itself with 0.
 */
const char *sandbox_reason(int status);
