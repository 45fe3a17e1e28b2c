/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/keeper only: the parts of zapisyd and what they share. One sd-event loop, no threads. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <systemd/sd-event.h>

#include "base/err.h"
#include "registrar/registrar.h"

struct config;
struct config_server;
struct clock;
struct intake_line;
struct outbox;
struct sent;
struct store;
struct store_letter;
struct tokens;

enum { EXIT_DONE = 0, EXIT_USAGE_ERROR = 64, EXIT_TRY_AGAIN = 75, EXIT_CONFIGURATION = 78 };

/* The longest wait, in seconds, before a helper that ended is started again: a server that is away is left
 * alone, a reader that broke down on one mail is wanted for the next. */
enum { SERVER_PATIENCE = 300, READER_PATIENCE = 4 };

/* ---- clock.c: --now pretends another instant; it goes on from there */
struct clock {
        int64_t offset; /* seconds to add to the real time */
};
int64_t clock_now(const struct clock *clock);

/* ---- keeper.c */
struct keeper {
        const char *config_file;
        struct config *config;
        struct store *store;
        struct registrar registrar;
        struct clock clock;
        bool once, stopping, trouble; /* trouble: --once must be tried again */
        bool digest_missed;           /* it was due and could not be written */
        int failures;                 /* of transactions, in a row */
        int exit_code;
        sd_event *loop;
        sd_event_source *work, *work_later, *look, *digest_timer, *poke;
        struct intake_line *intake;
        struct outbox *outbox;
        struct sent *sent;
        int64_t alarm_told; /* the newest alarm that stands in the log */
        struct tokens *tokens;
        int64_t alarm_letter; /* being put into the mailbox; 0: none */
        int64_t data_version; /* of the store when it was last looked at */
        bool announced;       /* READY=1 was said */
};

/* Reads the configuration, opens the store, runs until it is told to stop or, with once, all is done. The
 * exit code. */
int keeper_run(struct keeper *keeper);
/* There is something to do: the work step runs when no socket has news. Cheap to call often. */
void keeper_kick(struct keeper *keeper);
/* Tries the work step again after a while (the store was locked, a disk is full), longer each time. */
void keeper_kick_later(struct keeper *keeper);
/* What a transaction did not manage: TEMP is tried again, anything else is logged loudly. Rolls back. */
void keeper_failed(struct keeper *keeper, const char *what, const struct err *err);
/* Begins with the registrar's clock set. */
int keeper_begin(struct keeper *keeper, struct err *err);
/* Writes what zapisyctl status shows: key "mailbox" or "smtp". */
void keeper_state(struct keeper *keeper, const char *key, const char *state, const char *detail);
/* A helper of another version: nothing can go on but a restart. */
void keeper_unfit(void *keeper);
/* A memfd with the server's password, or -1 (logged). */
int keeper_secret(struct keeper *keeper, const struct config_server *server);
/* What to log in with: the password, or the access token. 1: a memfd, the caller's to close; 0: a token is being
 * renewed, *_token_news() follows; -1: none, *ret_why (borrowed) says why and it is logged. */
int keeper_login(
    struct keeper *keeper, const struct config_server *server, int *ret_fd, const char **ret_why);
/* When all helpers have greeted, the service manager is told. */
void keeper_greeted(struct keeper *keeper);

/* ---- intake_line.c: mailbox -> reader -> store */
struct intake_line *intake_line_new(struct keeper *keeper);
int intake_line_start(struct intake_line *line, struct err *err);
void intake_line_free(struct intake_line *line);
bool intake_line_is_ready(const struct intake_line *line); /* both helpers have greeted once */
/* One step: records what has been read, decides what waits. Returns whether there is more to do right now. */
bool intake_line_work(struct intake_line *line);
/* There is another token, or none for now: a login that waits for one is tried. */
void intake_line_token_news(struct intake_line *line);
/* zapisy-fetch is logged in. */
bool intake_line_is_online(const struct intake_line *line);
/* Puts a letter to the coordinator into her mailbox, unread; alarm_put() hears what became of it. */
void intake_line_put(struct intake_line *line, const struct store_letter *letter);
/* --once: everything of the mailbox is decided and marked, or the mailbox cannot be reached. */
bool intake_line_is_done(const struct intake_line *line);

/* ---- outbox.c: store -> sender */
struct outbox *outbox_new(struct keeper *keeper);
int outbox_start(struct outbox *outbox, struct err *err);
void outbox_free(struct outbox *outbox);
/* After a reload: the sender is started anew with the new settings as soon as no letter is in its hands. */
void outbox_reopen(struct outbox *outbox);
void outbox_token_news(struct outbox *outbox); /* likewise */
bool outbox_is_ready(const struct outbox *outbox);
/* One step: settles what came back, claims and sends what is due. */
void outbox_work(struct outbox *outbox);
/* Nothing is with the sender, and nothing is due (or, with once, it could not be sent). */
bool outbox_is_done(const struct outbox *outbox);
bool outbox_in_flight(const struct outbox *outbox);

/* ---- alarms.c: what the digest will say stands in the log at once */
void alarms_skip(struct keeper *keeper); /* at start: those of earlier days were told */
void alarms_tell(struct keeper *keeper);

/* ---- check.c: zapisyd --check */
int check_run(const char *config_file, int64_t now);
