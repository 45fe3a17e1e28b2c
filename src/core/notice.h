/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the coordinator must know, kept in the store as a word and said in her language in the digest. */
#pragma once

#include "core/bounce.h"

/* Alarms: "counters", "balance", "clock", "flood", "digest", "loop REF", "undeliverable REF",
 * "login NAME", "token-server NAME", "token-file NAME". An owned sentence; a word that is not known is said as it
 * is. */
char *notice_alarm(const char *alarm, const char *language);
/* A bounce that does not settle whether the address is good. Static. */
const char *notice_doubt(enum bounce_kind kind, const char *language);
/* A letter that says one alarm at once; at: when, for a person. Owned. */
void notice_alarm_letter(
    const char *alarm, const char *at, const char *language, char **ret_subject, char **ret_body);
/* A review item by its kind ("held", "change", "tie" ...): a borrowed sentence; for an unknown kind, and in
 * English, the reason itself. */
const char *notice_review(const char *kind, const char *reason, const char *language);
