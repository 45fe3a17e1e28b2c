/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/registrar only: what came back, and whether people can still be reached. A bounce never cancels a
 * seat and never makes a letter leave. Only what proves that a letter came back (its Message-ID, 128 random
 * bits, or its own envelope sender) says that an address is no good; where only the address fits, anybody may
 * have written it: that is noted and shown as a maybe. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

struct err;
struct mail;
struct registrar;
struct store_bounce;
struct store_letter;
struct store_message;
struct store_registration_list;

/* A bounce that is in the store already: sets its refs and reason. */
int bounce_note(struct registrar *r, const struct mail *mail, struct store_message *message, struct err *err);
/* Our own server would not take the letter (the caller tells the coordinator), or has taken it after all. */
int bounce_failed(struct registrar *r, const struct store_letter *letter, struct err *err);
int bounce_sent(struct registrar *r, const struct store_letter *letter, struct err *err);
/* Somebody who proved to have received a letter of ours wrote from that address at that instant. */
int bounce_heard_from(struct registrar *r, const char *address, int64_t at, int64_t message, struct err *err);
/* The coordinator's word: it is given up as undeliverable no longer. */
struct store_registration;
int bounce_lift(
    struct registrar *r, struct store_registration *registration, const char *why, struct err *err);
/* Whom a letter is about; with by_address also others whom letters to its address should reach. */
int bounce_concerned(struct registrar *r, const struct store_letter *letter, bool by_address,
    struct store_registration_list *ret_list, struct err *err);
/* It tells that nothing arrived, but not for sure or not for ever. */
bool bounce_is_doubtful(const struct store_bounce *bounce);
