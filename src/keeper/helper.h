/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A helper program and the keeper's end of its socket: started, greeted, watched, started again with backoff.
 * Records that the socket cannot take now wait here, in order. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <systemd/sd-event.h>

struct err;
struct helper;
struct wire_record;

struct helper_calls {
        void (*ready)(void *owner);                              /* it greeted, with our version */
        void (*record)(void *owner, struct wire_record *record); /* borrowed; descriptors may be taken */
        void (*gone)(void *owner);  /* it ended; it will be started again unless stopped */
        void (*unfit)(void *owner); /* it is of another version: the keeper must be restarted */
};

/* patience: the longest wait before it is started again, in seconds. */
struct helper *helper_new(
    sd_event *loop, const char *program, int patience, const struct helper_calls *calls, void *owner);
void helper_free(struct helper *helper); /* ends the program; NULL is legal */
/* Starts now, or after the backoff that its failures earned. */
int helper_start(struct helper *helper, struct err *err);
/* Ends the program without starting it again; it gets a moment to end by itself. */
void helper_stop(struct helper *helper);
/* Ends it as if it had died: gone() is called and it is started again with backoff. */
void helper_restart(struct helper *helper, const char *why);
bool helper_is_ready(const struct helper *helper);
/* It greeted once, though it may be away now. */
bool helper_has_greeted(const struct helper *helper);
/* It ended several times in a row without a greeting: it does not work here at all. */
bool helper_is_mute(const struct helper *helper);
/* fd (or -1) stays the caller's: it is duplicated when the record must wait. Never fails for a full socket; a
 * helper that is not running drops it (its owner asks again when it is ready). */
void helper_send(struct helper *helper, json_t *json_take, int fd);
void helper_succeeded(struct helper *helper);       /* it did real work: the backoff begins anew */
size_t helper_waiting(const struct helper *helper); /* records not yet sent */
