/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Inside src/keeper only: copies of the letters that went out, in mailbox.sent_folder, so that the coordinator
 * sees the conversation in her mail program. Best effort, and after the letter: it neither waits for its copy nor
 * is it sent again for it. What could not be copied is tried again a few times; a folder that refuses is left
 * alone meanwhile. A copy that zapisy-fetch may have made already is looked for before it is made again. */
#pragma once

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

struct err;
struct helper;
struct keeper;
struct sent;

/* -1: the store cannot be read. */
int sent_new(struct keeper *keeper, struct sent **ret_sent, struct err *err);
void sent_free(struct sent *sent);
/* In the transaction that settles that letter as sent. */
int sent_note(struct sent *sent, int64_t letter, struct err *err);

/* zapisy-fetch is logged in; borrowed until sent_offline(). */
void sent_online(struct sent *sent, struct helper *fetch);
/* It ended; by_itself: perhaps for the copy that it had in hand. NULL is legal. */
void sent_offline(struct sent *sent, bool by_itself);
/* Its answer. */
void sent_answered(struct sent *sent, const json_t *json, bool done);

/* One step: writes down what came back, hands over what is due. */
void sent_work(struct sent *sent);
/* --once, when everything else is done: no copy is due, or none can be made now. */
bool sent_is_done(struct sent *sent);
