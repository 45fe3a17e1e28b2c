/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A store of its own for each test, and rows to put into it. Included once, by each test_store*.c. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/zone.h"
#include "store/store.h"

#define MAYBE_UNUSED __attribute__((unused))
#define OK(call) ok((call), #call, __LINE__)

struct world {
        char folder[64], path[96];
        struct store *store;
};

static struct err err;

MAYBE_UNUSED static int ok(int result, const char *what, int line)
{
        if (result < 0)
                fail_msg("line %d: %s: %s (%s)", line, what, err.text, err_class_name(err.class));
        return result;
}

MAYBE_UNUSED static int world_new(void **state)
{
        struct world *w = xcalloc(1, sizeof *w);

        snprintf(w->folder, sizeof w->folder, "/tmp/test-store-XXXXXX");
        if (!mkdtemp(w->folder))
                return -1;
        snprintf(w->path, sizeof w->path, "%s/zapisy.db", w->folder);
        *state = w;
        return store_open(w->path, STORE_KEEPER, &w->store, &err);
}

MAYBE_UNUSED static int world_end(void **state)
{
        static const char *const endings[] = { "", "-wal", "-shm", ".lock" };
        struct world *w = *state;
        char name[128];

        store_close(w->store);
        for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
                snprintf(name, sizeof name, "%s%s", w->path, endings[i]);
                unlink(name);
        }
        for (int version = 2; version < 20; version++) {
                snprintf(name, sizeof name, "%s.before-v%d", w->path, version);
                unlink(name);
        }
        rmdir(w->folder);
        free(w);
        return 0;
}

/* Strings are literals here: such a row is never freed with store_..._free(). */
MAYBE_UNUSED static struct store_message a_message(uint32_t uid)
{
        struct store_message message = {
                .uidvalidity = 7,
                .uid = uid,
                .has_key = true,
                .has_sha = true,
                .class = CLASS_FORM,
                .reason = (char *)(uintptr_t) "",
                .counted_at = 1000 + uid,
                .internaldate = 1000 + uid,
                .date = ZONE_NO_TIME,
                .received_at = ZONE_NO_TIME,
                .fetched_at = 2000,
        };

        memset(message.key, 1, STORE_HASH);
        memset(message.sha256, 2, STORE_HASH);
        memcpy(message.key, &uid, sizeof uid);
        memcpy(message.sha256, &uid, sizeof uid);
        return message;
}

MAYBE_UNUSED static struct store_registration a_registration(
    char *ref, char *name_key, char *sender, enum status status, enum place place, int64_t counted_at)
{
        return (struct store_registration){
                .ref = ref,
                .token = (char *)(uintptr_t) "TOKEN",
                .event = (char *)(uintptr_t) "model",
                .status = status,
                .place = place,
                .channel = CHANNEL_EMAIL,
                .rule = RULE_SEAT_FREE,
                .place_rule = RULE_SEAT_FREE,
                .counted_at = counted_at,
                .first_counted_at = counted_at,
                .created_at = counted_at,
                .on_time = true,
                .sender = sender,
                .name_key = name_key,
                .organisation_key = (char *)(uintptr_t) "fundacja",
                .undeliverable_since = ZONE_NO_TIME,
        };
}

MAYBE_UNUSED static void put_event(struct world *w, const char *id)
{
        OK(store_begin(w->store, &err));
        OK(store_event_put(w->store, id, "{}", 1, &err));
        OK(store_commit(w->store, &err));
}
