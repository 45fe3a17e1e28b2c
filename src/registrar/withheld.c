/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A message of which nothing is known but where it is. */
#include <stdint.h>
#include <stdlib.h>

#include "base/err.h"
#include "core/zone.h"
#include "registrar/desk.h"

int registrar_withheld(
    struct registrar *r, uint32_t uidvalidity, uint32_t uid, const char *reason, struct err *err)
{
        struct store_message message = { .uidvalidity = uidvalidity,
                .uid = uid,
                .class = CLASS_UNREADABLE,
                .outcome = OUTCOME_REVIEW,
                .decided = true,
                .marked = true,
                .counted_at = r->now, /* decides nothing: there is no registration */
                .internaldate = ZONE_NO_TIME,
                .date = ZONE_NO_TIME,
                .received_at = ZONE_NO_TIME,
                .fetched_at = r->now,
                .reason = (char *)(uintptr_t)reason };
        struct store_review item = { .created_at = r->now,
                .kind = (char *)(uintptr_t)class_name(CLASS_UNREADABLE),
                .reason = (char *)(uintptr_t)reason };
        int64_t known;
        int found = store_message_find(r->store, &message, &known, err);

        if (found)
                return found < 0 ? -1 : 0; /* it has its outcome from before */
        if (store_message_add(r->store, &message, NULL, 0, NULL, err) < 0)
                return -1;
        item.message = message.id;
        return store_review_add(r->store, &item, NULL, err);
}
