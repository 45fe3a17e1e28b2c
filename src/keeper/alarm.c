/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "keeper/alarm.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "base/log.h"
#include "base/mem.h"
#include "base/str.h"
#include "keeper/keeper.h"
#include "store/store.h"

enum { ONCE_IN = 20 * 3600 };

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

static int raise_now(
    struct keeper *keeper, const char *key, const char *alarm, bool by_letter, struct err *err)
{
        CLEANUP_FREE char *now = NULL;
        int before;

        if (keeper_begin(keeper, err) < 0)
                return -1;
        before = was_raised(keeper, key, err);
        if (before < 0)
                return -1;
        now = xasprintf("%lld", (long long)keeper->registrar.now);
        if (registrar_alarm(&keeper->registrar, alarm, by_letter && !before, err) < 0 ||
            (by_letter && !before && store_meta_set(keeper->store, key, now, err) < 0))
                return -1;
        return store_commit(keeper->store, err);
}

bool alarm_raise(struct keeper *keeper, const char *word, const char *about, bool by_letter)
{
        CLEANUP_FREE char *alarm = xasprintf("%s %s", word, about), *key = xasprintf("alarm %s", alarm);
        struct err err;

        if (raise_now(keeper, key, alarm, by_letter, &err) < 0) {
                store_rollback(keeper->store);
                log_warning("an alarm for the coordinator could not be kept: %s; trying again", err.text);
                return false;
        }
        if (!by_letter)
                log_error("the coordinator cannot be told by mail: letters cannot leave either");
        keeper_kick(keeper);
        return true;
}
