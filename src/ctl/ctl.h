/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What every command works with: the configuration, the register and the events as the keeper last loaded
 * them. A command writes what it has to say into out; it is printed when its transaction has ended well. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "ctl/args.h"
#include "registrar/registrar.h"
#include "store/store.h"

struct command;
struct config;
struct err;
struct event;
struct table;

enum ctl_exit { CTL_DONE = 0, CTL_REFUSED = 1, CTL_USAGE = 64, CTL_AGAIN = 75, CTL_CONFIG = 78 };

struct ctl {
        const struct args *args;
        struct config *config;
        struct store *store;
        /* Those that are still configured first, then those of the past. */
        struct event *events;
        size_t event_count, current;
        struct registrar registrar;
        int64_t now;
        bool terminal;
        size_t width; /* of the terminal; 0: nothing is cut */
        struct buf out;
};

/* Runs the command from start to end and returns the program's exit code. */
int ctl_run(const struct args *args, const struct command *command);

/* The event that -e names, or NULL when none is named. ERR_INPUT when it does not exist. */
int ctl_chosen_event(const struct ctl *ctl, const struct event **ret_event, struct err *err);
/* A running keeper looks at the register, and at the token files, at once. */
void ctl_poke(const struct ctl *ctl);
bool ctl_shows(const struct ctl *ctl, const char *event); /* whether -e lets a row of that event through */
const char *ctl_zone(const struct ctl *ctl, const char *event); /* its time zone, or the coordinator's */
char *ctl_ref(const char *typed);                               /* upper case; owned */

/* ---- saying things */
void ctl_flush(struct ctl *ctl); /* prints out now and empties it */
void ctl_json_take(struct ctl *ctl, json_t *json);
void ctl_table(struct ctl *ctl, struct table *table);     /* writes and frees */
char *ctl_time(int64_t instant, const char *zone);        /* "2012-01-23 16:00:00", "" for no time; owned */
json_t *ctl_json_time(int64_t instant, const char *zone); /* RFC 3339, or null */
json_t *ctl_json_text(const char *text);                  /* null for NULL */
json_t *ctl_json_id(const char *message_id);              /* "<...>", or null */
