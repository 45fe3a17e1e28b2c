/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A logged-in IMAP connection (RFC 3501, RFC 9051), what is common to all its commands. libetpan speaks from
 * SELECT on; the words before the login, and IDLE, are ours (talk.h, login.h, idle.h): libetpan 1.9.4 crashes
 * on some answers there. */
#pragma once

#include <libetpan/libetpan.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"

struct err;
struct net;
struct uids;

#define IMAP_KEYWORD "$Zapisyd" /* that marks registration mail */

struct imap {
        struct net *net; /* borrowed */
        mailstream *stream;
        mailimap *session;            /* owns the stream when there is one */
        struct str_list capabilities; /* upper case */
        unsigned int tags;            /* given out by talk.c */
        bool marking;                 /* marks are being set */
        uint32_t in_hand;             /* the one message that is asked for by itself; 0 none */
};

/* A mailbox as SELECT or EXAMINE told (RFC 9051 6.3.2). */
struct imap_box {
        uint32_t uidvalidity, uidnext, exists;
        bool keywords;  /* ours can be set: PERMANENTFLAGS names it, or has \*, or is missing */
        bool read_only; /* nothing can be changed here, though it was asked for */
};

struct imap *imap_new(struct net *net); /* not logged in yet: login_open() */
void imap_free(struct imap *imap);      /* without LOGOUT: the server may be silent */
/* LOGOUT, between two commands, without waiting for its answer. */
void imap_say_goodbye(struct imap *imap);
bool imap_has(const struct imap *imap, const char *capability);
/* After login: from here on libetpan reads the stream. */
int imap_start(struct imap *imap, struct err *err);

/* examine: read-only. name: as the server spells it (folder.h). ERR_PERM when the server refuses it. */
int imap_select(struct imap *imap, const char *name, bool examine, struct imap_box *ret_box, struct err *err);
struct mailimap_set *imap_set(const struct uids *uids); /* sorted UIDs for a command; the caller's to free */
int imap_noop(struct imap *imap, struct err *err);
uint32_t imap_uidvalidity(const struct imap *imap); /* as last heard */
/* Whether the server spoke of new messages since imap_forget_news(). */
void imap_forget_news(struct imap *imap);
bool imap_heard_news(const struct imap *imap);

/* Noted by hand, for imap_heard_news(). */
void imap_note_news(struct imap *imap);

/* libetpan's result as an error: the connection's, or the server's refusal of "what" with its own text.
 * Returns -1. */
int imap_failed(const struct imap *imap, int result, const char *what, struct err *err);
static inline bool imap_ok(int result)
{
        return result <= MAILIMAP_NO_ERROR_NON_AUTHENTICATED;
}
/* The server said NO or BAD: the connection is as good as before. */
bool imap_is_refusal(int result);
