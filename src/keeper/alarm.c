/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeper/alarm.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/zone.h"
#include "keeper/keeper.h"
#include "store/store.h"

enum { ONCE_IN = 20 * 3600 };

static const char put_words[] = "put into the mailbox, since letters cannot leave";

/* 1: within the last hours; 0: not; -1. */
static int was_raised(struct keeper *keeper, const char *key, struct err *err)
{
        CLEANUP_FREE char *text = NULL;
        int64_t last, now = keeper->registrar.now;

        if (store_meta_get(keeper->store, key, &text, err) < 0)
                return -1;
        return text && str_to_int(text, INT64_MIN + 1, INT64_MAX, &last) == 0 && last <= now &&
               now - last < ONCE_IN;
}

static int settle(
    struct keeper *keeper, int64_t id, enum letter_state state, const char *said, struct err *err)
{
        struct store_letter letter;
        int r = store_letter_get(keeper->store, id, &letter, err);

        if (r <= 0)
                return -1;
        letter.state = state;
        letter.attempts++;
        letter.sent_at = state == LETTER_FAILED ? ZONE_NO_TIME : keeper->registrar.now;
        free(letter.last_error);
        letter.last_error = xstrdup(said);
        r = store_letter_settle(keeper->store, &letter, err);
        store_letter_free(&letter);
        return r;
}

static int raise_now(
    struct keeper *keeper, const char *key, const char *alarm, enum alarm_way way, struct err *err)
{
        CLEANUP_FREE char *now = NULL;
        int64_t letter = 0;
        bool by_letter;
        int before;

        if (keeper_begin(keeper, err) < 0 || (before = was_raised(keeper, key, err)) < 0)
                return -1;
        by_letter = way != ALARM_NOTE && !before;
        now = xasprintf("%lld", (long long)keeper->registrar.now);
        if (registrar_alarm(&keeper->registrar, alarm, by_letter ? &letter : NULL, err) < 0 ||
            (by_letter && store_meta_set(keeper->store, key, now, err) < 0))
                return -1;
        /* It leaves in another way, and not once more when letters leave again. */
        if (letter && way == ALARM_INBOX && settle(keeper, letter, LETTER_SENT, put_words, err) < 0)
                return -1;
        if (store_commit(keeper->store, err) < 0)
                return -1;
        if (way == ALARM_INBOX)
                keeper->alarm_letter = letter;
        return 0;
}

static void put_into_mailbox(struct keeper *keeper)
{
        struct store_letter letter;
        struct err err;

        if (store_letter_get(keeper->store, keeper->alarm_letter, &letter, &err) <= 0)
                return;
        intake_line_put(keeper->intake, &letter);
        store_letter_free(&letter);
}

bool alarm_raise(struct keeper *keeper, const char *word, const char *about, enum alarm_way way)
{
        CLEANUP_FREE char *alarm = xasprintf("%s %s", word, about), *key = xasprintf("alarm %s", alarm);
        struct err err;

        if (way == ALARM_INBOX && keeper->alarm_letter)
                return false; /* one after the other */
        if (raise_now(keeper, key, alarm, way, &err) < 0) {
                store_rollback(keeper->store);
                log_warning("an alarm for the coordinator could not be kept: %s; trying again", err.text);
                return false;
        }
        if (way == ALARM_INBOX && keeper->alarm_letter)
                put_into_mailbox(keeper);
        if (way == ALARM_NOTE)
                log_error("the coordinator cannot be told by mail: letters cannot leave either");
        keeper_kick(keeper);
        return true;
}

void alarm_put(struct keeper *keeper, const char *trouble)
{
        int64_t letter = keeper->alarm_letter;
        struct err err;

        if (!letter)
                return;
        keeper->alarm_letter = 0;
        if (!trouble) {
                log_info("letter %lld: %s", (long long)letter, put_words);
                return;
        }
        log_error("letter %lld: it could not be put into the mailbox: %s", (long long)letter, trouble);
        if (keeper_begin(keeper, &err) < 0 || settle(keeper, letter, LETTER_FAILED, trouble, &err) < 0 ||
            store_commit(keeper->store, &err) < 0)
                store_rollback(keeper->store);
}
