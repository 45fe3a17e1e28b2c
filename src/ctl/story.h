/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the register holds about one registration besides its row: its mails, letters, history and open review
 * items. */
#pragma once

#include "store/store.h"

struct ctl;
struct err;

struct story {
        struct store_registration registration;
        struct store_message_list mails;  /* that made or changed it, in order of first sight */
        struct store_letter_list letters; /* about it, a group's too; without bytes */
        struct store_history_list history;
        struct store_review_list reviews;
};

int story_read(struct ctl *ctl, const char *typed_ref, struct story *ret_story, struct err *err);
void story_free(struct story *story); /* empties; the struct is the caller's */
