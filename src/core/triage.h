/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The decision table of PRODUCT.md 5 and the questions it asks, as pure functions over a mail's facts. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct event;
struct mail;
struct str_list;

enum mail_class { /* as in PRODUCT.md 3, mail --json */
        CLASS_FORM,
        CLASS_COMPLETION,
        CLASS_CHANGE,
        CLASS_CANCEL,
        CLASS_CONFIRM,
        CLASS_COMMAND,
        CLASS_REQUEST,
        CLASS_REPLY,
        CLASS_UNREADABLE,
        CLASS_ROBOT,
        CLASS_BOUNCE,
        CLASS_LIST,
        CLASS_OWN,
        CLASS_OLD,
        CLASS_OTHER,
        CLASS_COUNT,
};

enum outcome {
        OUTCOME_REGISTERED,
        OUTCOME_UPDATED,
        OUTCOME_COMPLETED,
        OUTCOME_CANCELLED,
        OUTCOME_CONFIRMED,
        OUTCOME_DUPLICATE,
        OUTCOME_REVIEW,
        OUTCOME_NOTED,
        OUTCOME_IGNORED,
        OUTCOME_COUNT,
};

const char *class_name(enum mail_class class);
int class_parse(const char *word, enum mail_class *ret_class);
const char *outcome_name(enum outcome outcome);
int outcome_parse(const char *word, enum outcome *ret_outcome);

/* Person or machine, by headers, structure and text (core/robot.c). reason: a static English sentence. */
enum robot_kind {
        ROBOT_NO,
        ROBOT_BOUNCE,
        ROBOT_LOOP,
        ROBOT_AUTOMATIC,
        ROBOT_MARKED, /* Precedence of a machine, which some offices put on everybody's mail, and nothing else */
        ROBOT_LIST,
};
enum robot_kind robot_judge(const struct mail *mail, const char **ret_reason);

/* dmarc=fail in the one Authentication-Results header of our own authserv_id; false when authserv_id is
 * empty, or there is not exactly one such header (RFC 8601 2.2, 5). */
bool robot_dmarc_failed(const struct mail *mail, const char *authserv_id);

/* What else is known when the table is asked. */
struct triage_facts {
        bool old;          /* older than mailbox.since */
        bool own;          /* its Message-ID or X-Zapisy-Ref is that of a letter of ours, as author */
        bool digest_token; /* token of a digest, from the coordinator */
        bool dmarc_failed;
        bool envelope;     /* sent to the envelope sender of a letter of ours, where only machines write to */
        bool proof;        /* having received a letter of ours (PRODUCT.md 1) */
        bool awaited;      /* proof leads to a registration that waits for its sender to confirm it */
        bool cancel_token; /* the Subject carries a cancel word and a registration's valid token */
        bool form;         /* reading found a form */
        bool
            sent_back; /* what was read are our own words: a letter of ours without quote marks, or attached */
        bool quoted_form; /* a form stands in quoted text only (READING_QUOTED) */
        bool partial;     /* no form, but a person's name and something more about them */
        bool fields;      /* reading found at least one value (not enough for a form) */
        bool meant;       /* no form, but proof, plus-address, or subject/file name matches and a document or
                              picture is attached (triage_meant()) */
        bool subject_matches; /* the subject names an event */
        bool registered; /* no proof, but the sender is a registered address, or the subject names a ref */
        bool coordinator_forward; /* the coordinator sends on a mail of somebody else */
        bool broken;              /* could not be read at all (reader failed, beyond a bound) */
};

struct triage {
        enum mail_class class;
        enum outcome outcome; /* CLASS_FORM, COMPLETION, CHANGE, CANCEL and UNREADABLE: what it is unless the
                                 registrar finds otherwise (duplicate, review) */
        bool may_answer;      /* false: never a letter because of this mail */
        bool keep;            /* registration mail: kept whole and marked; else only uid, hashes and class */
        const char *reason;   /* a static English sentence */
};

/* First match wins. mail: NULL when not even its headers could be read. */
void triage(const struct mail *mail, const struct triage_facts *facts, struct triage *ret_triage);

/* ---- the questions */
/* "Meant as a registration, though not readable" (PRODUCT.md 2), for a mail without a form. */
bool triage_meant(const struct mail *mail, const struct event *events, size_t event_count, bool proof);
/* The subject carries the event's title or one of its match.subject phrases. */
bool triage_subject_matches(const struct mail *mail, const struct event *event);
/* The text asks in words to sign up ("proszę o zapisanie mnie", "chciałbym wziąć udział", "please register").
 */
bool triage_asks(const struct mail *mail);
/* Nothing but thanks ("dziękuję", "pozdrawiam"): a reply that asks for nothing. */
bool triage_thanks(const struct mail *mail);
/* The own words begin with a cancel word, or the subject does ("rezygnuję", "rezygnacja", "odwołuję",
 * "cancel"). */
bool triage_cancel_words(const char *text);
/* The first line that is no greeting says that the registration is confirmed ("POTWIERDZAM"), and not that a
 * mail was received ("potwierdzam otrzymanie wiadomości"), as machines write too. */
bool triage_confirm_words(const char *text);

/* ---- which event (PRODUCT.md 2): index into events, or -1 none, -2 a tie.
 * known: index of the event that proof or a ref points to, or -1. mentions[i]: the form or text carries the
 * title. */
int triage_event(const struct mail *mail, const struct event *events, size_t event_count, int known,
    const bool *mentions, const bool *open);
