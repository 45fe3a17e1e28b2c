/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A helper program that zapisyctl runs for a moment, and the talk with it: one record, one answer (core/record.h).
 * It does not outlive us. */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <sys/types.h>

struct err;
struct wire_record;

struct partner {
        const char *program; /* borrowed: "zapisy-read" */
        pid_t pid;
        int sock;
        int patience_ms; /* for each answer */
};

/* Starts the program that stands beside this one, or in ../libexec/zapisyd, and hears its greeting. After an error
 * partner_close() is still due. */
int partner_open(struct partner *ret_partner, const char *program, int patience_ms, struct err *err);
void partner_close(struct partner *partner);
int partner_tell(
    const struct partner *partner, json_t *json_take, const int *fds, size_t count, struct err *err);
/* ERR_TEMP: it does not answer, or has ended. */
int partner_hear(const struct partner *partner, struct wire_record *ret_record, struct err *err);
