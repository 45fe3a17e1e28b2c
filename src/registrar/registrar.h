/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the keeper and zapisyctl do alike: a claim, a cancellation or the coordinator's word becomes rows and
 * letters, checked, decided, recorded and queued inside the caller's one transaction. The rules are core's,
 * the SQL is the store's; this is where they meet.
 *
 * Every function that changes something wants an open store transaction, and leaves commit or rollback to the
 * caller. 0 or -1 with err; after -1 the transaction must be rolled back. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/blobs.h"
#include "base/str.h"
#include "core/decide.h"
#include "core/form.h"

struct config;
struct err;
struct event;
struct mail;
struct store;
struct store_letter;
struct store_letter_list;
struct store_registration;

/* What every function works with. Borrowed; the caller's to keep alive and to set anew after a reload. */
struct registrar {
        struct store *store;
        const struct config *config; /* letters, coordinator, limits */
        const struct event *events;  /* the configuration's, or for zapisyctl those kept in the store */
        size_t event_count;
        int64_t since; /* mail older than this is never answered */
        int64_t now;   /* set by the caller before each use */
};

/* ---- mail (intake.c, admit.c) */
struct intake_reading { /* what one source of the mail says in one event's form */
        size_t event;   /* index into registrar.events */
        struct reading reading;
        bool mentions; /* the source carries the event's title */
};

struct intake { /* one message, as fetched and read */
        uint32_t uidvalidity, uid;
        int64_t internaldate;
        bool whole;      /* false: only headers were fetched (old, or too large) */
        const char *raw; /* borrowed; the bytes that were fetched */
        size_t raw_size;
        struct mail *mail;               /* owned; NULL when the reader failed on it */
        char *failure;                   /* owned; why reading failed, wholly or in an attachment; NULL */
        struct str_list problems;        /* what readers said of its documents, for a person */
        struct intake_reading *readings; /* owned; the body's and each document's, one an event */
        size_t reading_count;
        struct blobs pictures; /* PNG: pages in which text was recognised */
};
/* Owned event index readings grow one by one. */
void intake_add_reading(struct intake *intake, size_t event, struct reading *reading_take, bool mentions);
void intake_free(struct intake *intake); /* empties; the struct is the caller's */

/* Records a message at first sight: what is not ours gets its outcome now, a registration waits for
 * registrar_decide_pending(). A message known before, under whatever UID, only gets its new place. */
int registrar_intake(struct registrar *r, const struct intake *intake, bool *ret_pending, struct err *err);
/* One whose documents are still being read and for which nobody can wait longer: when it is meant as a registration it
 * is recorded as it is, to be given its place unread. ret_claimed: it was. */
int registrar_claim_unread(
    struct registrar *r, const struct intake *intake, bool *ret_claimed, struct err *err);
/* The same message when it has been read after all: who holds its place is judged by that. */
int registrar_read_late(struct registrar *r, const struct intake *intake, struct err *err);
/* A message that cannot be had or recorded: where it is, and a review item that says why. */
int registrar_withheld(
    struct registrar *r, uint32_t uidvalidity, uint32_t uid, const char *reason, struct err *err);
/* Mail that is still being read. What came before it is decided as ever; what came after it only while every open
 * event has more free seats than it could claim, and not when it is of the same sender. */
struct registrar_slow {
        int64_t counted_at; /* of the earliest */
        uint32_t uid;
        int claims;              /* people that may be in it; -1: not even its headers are known */
        struct str_list senders; /* of all of it */
};

/* Decides what waits, in order of (counted_at, uid), at most max messages. slow: NULL when all has been read.
 * ret_stopped: it ended before one that must wait for the slow ones. */
int registrar_decide_pending(struct registrar *r, size_t max, const struct registrar_slow *slow,
    size_t *ret_decided, bool *ret_stopped, struct err *err);

/* ---- the coordinator's word (hand.c); quiet: no letter */
struct hand_field {
        const char *key, *value; /* raw; normalised here; an empty value removes the field */
};
int registrar_add(struct registrar *r, const struct event *event, enum channel channel, int64_t received,
    const struct hand_field *fields, size_t count, bool quiet, char **ret_ref, struct err *err);
int registrar_edit(struct registrar *r, const char *ref, const struct hand_field *fields, size_t count,
    bool quiet, struct err *err);
/* ERR_INPUT with what to do when no seat is free and extra_seat is not given. */
int registrar_accept(struct registrar *r, const char *ref, bool extra_seat, bool quiet, struct err *err);
int registrar_waitlist(struct registrar *r, const char *ref, bool quiet, struct err *err);
int registrar_cancel(struct registrar *r, const char *ref, bool quiet, struct err *err);
/* Settles a review item: with fields its registration is corrected, and judged again where it has no place or
 * is held; without, the item is dismissed. */
int registrar_resolve(struct registrar *r, int64_t review, const struct hand_field *fields, size_t count,
    bool quiet, char **ret_said, struct err *err);

/* ---- seats (seats.c) */
/* Free seats go to those who wait, first come first served, with a letter each. */
int registrar_promote(struct registrar *r, const struct event *event, struct err *err);
/* The same, passing over one whom the coordinator has just put on the waiting list herself. */
int registrar_promote_others(struct registrar *r, const struct event *event, int64_t but, struct err *err);
/* Why the first on the waiting list has not moved up. Static text; "" when nobody waits. */
const char *registrar_why_waiting(struct registrar *r, const struct store_registration *registration);

/* ---- the outbox's rules (letters.c) */
/* On-hold letters whose window allows it now are queued. ret_next: when to look again, ZONE_NO_TIME for
 * never. */
int registrar_release(struct registrar *r, int64_t *ret_next, struct err *err);

/* ---- what becomes of a letter (settle.c) */
/* What became of an attempt at a letter, as zapisy-send said. */
enum fate { FATE_SENT, FATE_AGAIN, FATE_FAILED, FATE_UNCERTAIN };
int fate_parse(const char *word, enum fate *ret_fate);

struct delivery {
        enum fate fate;
        const char *detail; /* borrowed; one line for the coordinator */
        bool server;        /* the connection or login was the trouble, not this letter */
        bool asked;         /* the server was asked about this very letter (MAIL was said) */
        bool made;          /* false: its turn did not come, the trouble was another letter's */
};

struct settled {   /* for the log */
        char *ref; /* owned; NULL where none */
        enum fate fate;
        bool over;       /* it does not leave by itself any more */
        int64_t next_at; /* of the next attempt, unless over */
};
void settled_free(struct settled *settled); /* empties */

/* Settles the letter's state and next attempt; tells the coordinator (alarm, digest, review) where that was the
 * last one. */
int registrar_settle(struct registrar *r, int64_t letter, const struct delivery *delivery,
    struct settled *ret_settled, struct err *err);
/* Takes what is due for sending, at most max letters, with their bytes. What has no point any more (a promotion
 * after the event's start) fails instead: ret_late counts those. */
int registrar_claim(struct registrar *r, size_t max, struct store_letter_list *ret_claimed, size_t *ret_late,
    struct err *err);
/* At start: letters that were being sent when the keeper died may have arrived. */
int registrar_recover(struct registrar *r, size_t *ret_count, struct err *err);
/* The coordinator took its fate into her hands (outbox retry, drop): nothing is open about it. */
int registrar_letter_taken(
    struct registrar *r, const struct store_letter *letter, const char *what, struct err *err);

/* Who stands as sender in the envelope of the letter: smtp.from, or with smtp.verp an address of the letter's
 * own. Owned. */
char *registrar_envelope_sender(const struct registrar *r, const struct store_letter *letter);

/* ---- digest (digest.c) */
/* Queues today's digest when it is due. Also recounts the seats; a difference or a gap in the balance is an
 * alarm. */
int registrar_digest_if_due(struct registrar *r, bool *ret_queued, struct err *err);
int registrar_digest_send(struct registrar *r, struct err *err); /* now, whatever the date */
/* The text as it would be now; owned. Changes nothing. */
int registrar_digest_text(struct registrar *r, char **ret_subject, char **ret_body, struct err *err);

/* ---- alarms that cannot wait (alarm.c) */
/* For the next digest, and with ret_letter (else NULL) in a letter of its own, queued; alarm: core/notice.h. */
int registrar_alarm(struct registrar *r, const char *alarm, int64_t *ret_letter, struct err *err);

/* ---- events */
/* Writes the events into the store as loaded, promotes where there are more seats now. */
int registrar_load_events(struct registrar *r, struct err *err);
const struct event *registrar_event(const struct registrar *r, const char *id); /* or NULL */

/* ---- small things that zapisyctl shows too */
/* The values of a registration in the order of the event's form; free with person_free(). */
void registrar_person(
    const struct event *event, const struct store_registration *registration, struct person *ret_person);
