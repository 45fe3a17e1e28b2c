/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/registrar only: an envelope sender of its own for each letter (VERP), so that a bounce says which
 * letter it returns: "local+b-12-0123456789abcdef@domain". The last part is made of the letter's Message-ID by a
 * one-way function: it cannot be guessed, and who knows it does not know the Message-ID. So it proves a bounce
 * and nothing else. */
#pragma once

#include <stdint.h>

struct err;
struct mail;
struct registrar;
struct store_letter;

/* Owned; NULL when the address would be longer than mail allows. */
char *verp_address(const char *from, int64_t letter, const char *message_id);
/* The letter to whose envelope sender the mail was sent: 1 found, 0 not, -1 error. */
int verp_find(struct registrar *r, const struct mail *mail, struct store_letter *ret_letter, struct err *err);
