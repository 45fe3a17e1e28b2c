/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The register on disk: SQLite in WAL mode with synchronous=FULL. The only place with SQL; no rule lives
 * here.
 *
 * Shape: one writer at a time. Every function that changes something must stand between store_begin() and
 * store_commit(). Errors: ERR_TEMP for a lock or disk trouble (roll back, try later; an error at COMMIT means
 * the outcome is unknown: read again), ERR_BUG for what cannot be, ERR_PERM for a store of another version.
 * "Not found" is no error: the functions that look for one thing return 1 found, 0 not, -1 error. Structs are
 * filled with owned copies, freed by the *_free() beside them; arrays by the *_list_free(). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/blobs.h"
#include "base/str.h"
#include "core/bounce.h"
#include "core/decide.h"
#include "core/letter.h"
#include "core/triage.h"

struct err;
struct store;

/* ---- the store itself (store.c, schema.c) */
enum store_role {
        STORE_KEEPER, /* takes the exclusive lock beside the store, creates it, migrates it after a backup */
        STORE_CLIENT, /* zapisyctl: an existing store of this version */
        STORE_LOOK,   /* --check: reads only; nothing is created or changed */
};
/* A second keeper: ERR_TEMP "another zapisyd keeps this store". A missing store for a client: ERR_PERM. */
int store_open(const char *path, enum store_role role, struct store **ret_store, struct err *err);
void store_close(struct store *store);                 /* NULL is legal */
int store_begin(struct store *store, struct err *err); /* BEGIN IMMEDIATE; short busy timeout */
/* A transaction for reading only: all that is read until store_rollback() is of one moment. */
int store_snapshot(struct store *store, struct err *err);
int store_commit(struct store *store, struct err *err);
void store_rollback(struct store *store); /* legal when no transaction is open */
/* Nested undo inside the open transaction: one message of a batch that fails does not take the others with
 * it. */
int store_savepoint(struct store *store, struct err *err);
int store_release(struct store *store, struct err *err);
void store_undo(struct store *store);            /* back to the savepoint, and forget it */
int64_t store_data_version(struct store *store); /* changes when another connection committed; -1 on error */

/* Small facts: "since", "paused", "keeper" ... A missing one: ret_value NULL. */
int store_meta_get(struct store *store, const char *key, char **ret_value, struct err *err);
int store_meta_set(
    struct store *store, const char *key, const char *value, struct err *err); /* NULL removes */

/* Events as the keeper last loaded them: the JSON of core/record. */
int store_event_put(
    struct store *store, const char *id, const char *json, int64_t loaded_at, struct err *err);
int store_event_list(
    struct store *store, struct str_list *ret_ids, struct str_list *ret_json, struct err *err);

/* ---- messages (messages.c) */
enum { STORE_HASH = 32 };

struct store_message {
        int64_t id;
        uint32_t uidvalidity, uid;        /* where it was seen last */
        unsigned char key[STORE_HASH];    /* hash of Message-ID, Date, From and INTERNALDATE; has_key false
                                             without a    Message-ID */
        unsigned char sha256[STORE_HASH]; /* of its bytes; has_sha false when only headers were read */
        bool has_key, has_sha;
        char *message_id; /* without <>; NULL for mail that is not ours */
        enum mail_class class;
        bool decided; /* false: in progress, no outcome yet */
        enum outcome outcome;
        char *reason; /* English sentence for a person, "" when none */
        int64_t counted_at, internaldate, date, received_at, fetched_at; /* ZONE_NO_TIME where unknown */
        char *sender;         /* registered address; NULL for mail that is not ours */
        bool kept;            /* its bytes are in the store */
        bool marked;          /* marked in the mailbox, or nothing to mark */
        char *event;          /* NULL when none */
        struct str_list refs; /* registrations it made or changed */
};
void store_message_free(struct store_message *message);
struct store_message_list {
        struct store_message *items;
        size_t count;
};
void store_message_list_free(struct store_message_list *list);

/* By place (uid not 0), then by key, then by sha256 (each only if given). */
int store_message_find(
    struct store *store, const struct store_message *like, int64_t *ret_id, struct err *err);
int store_message_get(struct store *store, int64_t id, struct store_message *ret_message, struct err *err);
/* Inserts with its place; raw and pending may be NULL. pending: JSON that the deciding pass needs. Sets
 * message->id. */
int store_message_add(struct store *store, struct store_message *message, const void *raw, size_t raw_size,
    const char *pending, struct err *err);
/* Another place of a known message (renumbered, moved, copied). A place that belongs to another message:
 * ERR_BUG. */
int store_message_moved(struct store *store, int64_t id, uint32_t uidvalidity, uint32_t uid, struct err *err);
/* Class, outcome, reason, event, sender, message_id, date, kept, marked, refs as in the struct (which comes
 * whole from store_message_pending() or _get()); the pending JSON goes away; bytes too unless kept. */
int store_message_decide(struct store *store, const struct store_message *message, struct err *err);
/* In order of (counted_at, uid): the messages without an outcome and their pending JSON, at most max. */
int store_message_pending(struct store *store, size_t max, struct store_message_list *ret_list,
    struct str_list *ret_json, struct err *err);
int store_message_raw(struct store *store, int64_t id, char **ret_bytes, size_t *ret_size, struct err *err);
/* Pages of its documents as they were looked at (PNG), where text was recognised in them; number: from 0. They go when
 * its bytes go. */
int store_picture_add(
    struct store *store, int64_t message, size_t number, const struct blob *picture, struct err *err);
int store_picture_list(struct store *store, int64_t message, struct blobs *ret_pictures, struct err *err);
/* In order of first sight. */
int store_message_all(struct store *store, struct store_message_list *ret_list, struct err *err);
/* Decided, to be marked, not yet marked: UIDs of that UIDVALIDITY. */
int store_message_unmarked(
    struct store *store, uint32_t uidvalidity, uint32_t **ret_uids, size_t *ret_count, struct err *err);
/* Of which nothing but the place is known (withheld by the server): UIDs above "after" of that UIDVALIDITY. */
int store_message_bare(struct store *store, uint32_t uidvalidity, uint32_t after, uint32_t **ret_uids,
    size_t *ret_count, struct err *err);
int store_message_set_marked(
    struct store *store, uint32_t uidvalidity, const uint32_t *uids, size_t count, struct err *err);
/* High-water mark of the scan: everything at or below that UID is recorded. 0 for an unknown UIDVALIDITY. */
int store_scan_get(struct store *store, uint32_t uidvalidity, uint32_t *ret_uid, struct err *err);
int store_scan_set(struct store *store, uint32_t uidvalidity, uint32_t uid, struct err *err);
struct store_balance {
        int64_t fetched, in_progress, outcomes[OUTCOME_COUNT];
};
int store_balance(struct store *store, struct store_balance *ret_balance, struct err *err);

/* ---- registrations (registrations.c) */
struct store_value {
        char *key, *value, *where;
        double confidence;
};

struct store_registration {
        int64_t id;
        char *ref, *token, *event;
        enum status status;
        enum place place;
        enum channel channel;
        enum decide_rule rule, place_rule;
        int64_t counted_at, first_counted_at, created_at;
        bool on_time;
        char *sender;                      /* registered address; NULL for paper without an e-mail */
        char *name_key, *organisation_key; /* folded, for comparing; "" when none */
        int64_t message;                   /* that made it; 0 for paper */
        char *message_id;                  /* that message's (filled by reading, not written) */
        struct str_list flags;             /* "possible-duplicate", "undeliverable", "unsure:diet" ... */
        int64_t undeliverable_since;       /* ZONE_NO_TIME */
        bool told;                         /* a letter went to that person: the privacy notice was given */
        struct store_value *values;
        size_t value_count;
        int position; /* on the waiting list by (counted_at, id), 0 when not waiting (filled by reading) */
};
void store_registration_free(struct store_registration *registration);
struct store_registration_list {
        struct store_registration *items;
        size_t count;
};
void store_registration_list_free(struct store_registration_list *list);

int store_registration_add(
    struct store *store, struct store_registration *registration, struct err *err); /* sets id */
int store_registration_update(struct store *store, const struct store_registration *registration,
    struct err *err); /* all but id, ref */
int store_registration_get(struct store *store, int64_t id, struct store_registration *ret, struct err *err);
int store_registration_by_ref(
    struct store *store, const char *ref, struct store_registration *ret, struct err *err);
/* Same event, folded name and registered address: newest first. */
int store_registration_same(struct store *store, const char *event, const char *name_key, const char *sender,
    struct store_registration_list *ret_list, struct err *err);
/* Same event and folded name, whatever the address. */
int store_registration_named(struct store *store, const char *event, const char *name_key,
    struct store_registration_list *ret_list, struct err *err);
/* With that registered address, in any event, oldest first. */
int store_registration_at(
    struct store *store, const char *sender, struct store_registration_list *ret_list, struct err *err);
int store_registration_of_message(
    struct store *store, int64_t message, struct store_registration_list *ret_list, struct err *err);
/* event NULL: all; status -1: all. By event, then (counted_at, id). */
int store_registration_list(struct store *store, const char *event, int status,
    struct store_registration_list *ret_list, struct err *err);
/* Those with place "waiting", by (counted_at, id). */
int store_registration_waiting(
    struct store *store, const char *event, struct store_registration_list *ret_list, struct err *err);

/* The counters of an event, kept in the transaction by add and update. quota_field/value and organisation_key
 * and sender may be NULL: those figures are 0 then. quota_seats is -1, for the caller to set. */
int store_standing(struct store *store, const char *event, const char *sender, const char *organisation_key,
    const char *quota_field, const char *quota_value, struct standing *ret_standing, struct err *err);
int store_counts(struct store *store, const char *event, int ret_counts[STATUS_COUNT], struct err *err);
/* Recounts from the rows and puts the counters right; ret_different: they were not. In a transaction. */
int store_recount(struct store *store, bool *ret_different, struct err *err);

/* History: what happened to a registration or message, for "why". */
struct store_history {
        int64_t id, at, registration, message; /* 0 where none */
        char *actor;                           /* "mail", "coordinator", "keeper" */
        char *what;                            /* "registered", "letter queued" ... */
        char *detail;                          /* one line, "" when none */
};
struct store_history_list {
        struct store_history *items;
        size_t count;
};
int store_history_add(struct store *store, const struct store_history *history, struct err *err);
int store_history_of(
    struct store *store, int64_t registration, struct store_history_list *ret_list, struct err *err);
void store_history_list_free(struct store_history_list *list);

/* Review: what needs a person. */
struct store_review {
        int64_t id, created_at, registration, message; /* 0 where none */
        char *event;                                   /* NULL: not known */
        char *kind;   /* "held", "tie", "change", "request", "reply", "robot", "bounce", "cancel", "duplicate"
                         ... */
        char *reason; /* English sentence */
        char *ref, *sender; /* of its registration or message (filled by reading); NULL */
};
struct store_review_list {
        struct store_review *items;
        size_t count;
};
int store_review_add(
    struct store *store, const struct store_review *review, int64_t *ret_id, struct err *err);
int store_review_open(
    struct store *store, struct store_review_list *ret_list, struct err *err); /* unresolved, oldest first */
int store_review_get(
    struct store *store, int64_t id, struct store_review *ret_review, bool *ret_open, struct err *err);
int store_review_resolve(
    struct store *store, int64_t id, int64_t at, const char *resolution, struct err *err);
/* All open ones of a registration but those of one kind (NULL: all). */
int store_review_resolve_of(struct store *store, int64_t registration, const char *but_kind, int64_t at,
    const char *resolution, struct err *err);
/* The open ones of this kind with this very reason. */
int store_review_resolve_reason(struct store *store, const char *kind, const char *reason, int64_t at,
    const char *resolution, struct err *err);
void store_review_free(struct store_review *review);
void store_review_list_free(struct store_review_list *list);

/* ---- the outbox (outbox.c) */
enum letter_state {
        LETTER_QUEUED,
        LETTER_SENDING,
        LETTER_SENT,
        LETTER_FAILED,
        LETTER_UNCERTAIN,
        LETTER_ON_HOLD,
        LETTER_DROPPED, /* by the coordinator; shown as failed with last_error "dropped by the coordinator" */
        LETTER_STATE_COUNT,
};
const char *store_letter_state_name(enum letter_state state); /* "queued" ... "on-hold" */

struct store_letter {
        int64_t id;
        enum letter_kind kind;
        char *to, *message_id;         /* message_id without <> */
        int64_t registration, message; /* 0 where none */
        char *ref, *event;             /* NULL where none */
        enum letter_state state;
        bool counted;   /* counts against the caps of answers */
        bool first_new; /* the first answer to a new registration: counts against new_per_hour */
        int attempts;
        int refusals; /* of these, how often it was its own turn to be refused for now */
        bool again;   /* it was uncertain and went out once more by itself */
        int64_t queued_at, next_at, sent_at; /* sent_at ZONE_NO_TIME before */
        int64_t tried_at;                    /* first; ZONE_NO_TIME before */
        char *last_error;                    /* "" when none */
        char *bytes;                         /* only from store_letter_get() and _due(); else NULL */
        size_t size;
};
void store_letter_free(struct store_letter *letter);
struct store_letter_list {
        struct store_letter *items;
        size_t count;
};
void store_letter_list_free(struct store_letter_list *list);

int store_letter_add(struct store *store, struct store_letter *letter, struct err *err); /* sets id */
int store_letter_get(struct store *store, int64_t id, struct store_letter *ret_letter, struct err *err);
int store_letter_list(
    struct store *store, struct store_letter_list *ret_list, struct err *err); /* all, by id, without bytes */
/* Queued or uncertain-and-due letters, those due longest first, with bytes: at most max. */
int store_letter_due(
    struct store *store, int64_t now, size_t max, struct store_letter_list *ret_list, struct err *err);
int store_letter_next_at(struct store *store, int64_t *ret_at,
    struct err *err); /* earliest next_at of due-able ones; 0 found none */
/* state, attempts, again, queued_at, next_at, sent_at, last_error as in the struct. */
int store_letter_settle(struct store *store, const struct store_letter *letter, struct err *err);
/* With the sender now, or (at start) when the keeper died. By id, without bytes. */
int store_letter_sending(struct store *store, struct store_letter_list *ret_list, struct err *err);
/* The letter with one of these message ids. */
int store_letter_by_message_id(
    struct store *store, const struct str_list *ids, struct store_letter *ret_letter, struct err *err);
/* The newest letter that was sent to that address at or after since. */
int store_letter_sent_to(
    struct store *store, const char *to, int64_t since, struct store_letter *ret_letter, struct err *err);
/* The newest letter that a message caused. */
int store_letter_of_message(
    struct store *store, int64_t message, struct store_letter *ret_letter, struct err *err);
/* Caps: letters queued at or after since that are not dropped and not on hold. to NULL: all addresses. */
int store_letter_counted(struct store *store, const char *to, int64_t since, int *ret_count, struct err *err);
int store_letter_first_new(struct store *store, int64_t since, int *ret_count, struct err *err);
int store_letter_kind_since(struct store *store, const char *to, enum letter_kind kind, int64_t since,
    int *ret_count, struct err *err);
/* The newest letter about one registration, dropped ones aside. */
int store_letter_newest_about(
    struct store *store, int64_t registration, struct store_letter *ret_letter, struct err *err);
/* Letters about one registration that answer its mails, like store_letter_counted(). */
int store_letter_answers_about(
    struct store *store, int64_t registration, int64_t since, int *ret_count, struct err *err);
/* Letters of that kind about one registration, dropped ones aside. */
int store_letter_kind_about(
    struct store *store, int64_t registration, enum letter_kind kind, int *ret_count, struct err *err);
/* On-hold letters, oldest first, without bytes. */
int store_letter_on_hold(struct store *store, struct store_letter_list *ret_list, struct err *err);
int store_letter_states(struct store *store, int ret_counts[LETTER_STATE_COUNT], struct err *err);

/* ---- copies of letters in the mailbox's folder of sent mail (copies.c) */
enum copy_state { COPY_DUE, COPY_DONE, COPY_FAILED, COPY_STATE_COUNT };
const char *store_copy_state_name(enum copy_state state); /* "due", "done", "failed" */

struct store_copy {
        int64_t id, letter; /* id: grows in the order of sending */
        enum copy_state state;
        int tries;           /* that failed */
        int64_t at, next_at; /* when the letter was sent; when to try (again) */
};
/* A letter was sent: a copy is due at once. The second time for the same letter: nothing. */
int store_copy_add(struct store *store, int64_t letter, int64_t at, struct err *err);
/* Due ones, those with fewer tries first, then as they were sent; at most max. */
int store_copy_due(struct store *store, int64_t now, size_t max, struct store_copy *ret_copies,
    size_t *ret_count, struct err *err);
int store_copy_next_at(struct store *store, int64_t *ret_at, struct err *err); /* 0 found none due */
int store_copy_last(struct store *store, int64_t *ret_id, struct err *err);    /* highest id, 0 for none */
/* state, tries, next_at of the letter's copy. */
int store_copy_settle(struct store *store, const struct store_copy *copy, struct err *err);
/* Due ones of letters sent before that instant have failed. */
int store_copy_give_up(struct store *store, int64_t before, int *ret_count, struct err *err);
int store_copy_get(struct store *store, int64_t letter, struct store_copy *ret_copy, struct err *err);

/* ---- what came back (bounces.c) */
enum store_evidence {       /* how it is known which letter came back */
        EVIDENCE_VERP,      /* it was sent to that letter's own envelope sender */
        EVIDENCE_RETURNED,  /* the letter's Message-ID stands in the returned part */
        EVIDENCE_REFERENCE, /* it answers the letter's Message-ID */
        EVIDENCE_SERVER,    /* our own server would not take it */
        EVIDENCE_RECIPIENT, /* only the address fits: anybody could have written that */
        EVIDENCE_COUNT,
};
const char *store_evidence_name(enum store_evidence evidence); /* "verp", "message-id" ... */

struct store_bounce {
        int64_t id, letter, message, at; /* message 0 where none */
        enum bounce_kind kind;
        char status[12]; /* "5.1.1" or "" */
        enum store_evidence evidence;
};
int store_bounce_add(struct store *store, const struct store_bounce *bounce, struct err *err);
int store_bounce_forget(struct store *store, int64_t letter, struct err *err); /* all about that letter */
/* The newest that tells most about that letter: a permanent one before any other. */
int store_bounce_of(struct store *store, int64_t letter, struct store_bounce *ret_bounce, struct err *err);
struct store_bounce_list {
        struct store_bounce *items;
        size_t count;
};
/* Noted at or after since, oldest first. */
int store_bounce_list(
    struct store *store, int64_t since, struct store_bounce_list *ret_list, struct err *err);
void store_bounce_list_free(struct store_bounce_list *list);

/* ---- digest and alarms (digests.c) */
int store_digest_last(
    struct store *store, char **ret_date, int64_t *ret_at, struct err *err); /* 0: none yet */
int store_digest_add(struct store *store, const char *date, int64_t at, int64_t letter,
    struct err *err); /* a second for a date: ERR_BUG */
struct store_alarm {
        int64_t id, at;
        char *text;
};
struct store_alarm_list {
        struct store_alarm *items;
        size_t count;
};
/* The same text twice since the last digest is kept once. */
int store_alarm_add(struct store *store, int64_t at, const char *text, struct err *err);
int store_alarm_list(struct store *store, int64_t since, struct store_alarm_list *ret_list, struct err *err);
/* With a higher id; ids grow. */
int store_alarm_after(struct store *store, int64_t id, struct store_alarm_list *ret_list, struct err *err);
void store_alarm_list_free(struct store_alarm_list *list);
