/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the coordinator must know at once. */
#include <stdlib.h>

#include "base/mem.h"
#include "config/config.h"
#include "core/event.h"
#include "core/notice.h"
#include "core/zone.h"
#include "registrar/desk.h"

int registrar_alarm(struct registrar *r, const char *alarm, int64_t *ret_letter, struct err *err)
{
        const char *language = r->event_count ? r->events[0].language : "pl";
        CLEANUP_FREE char *at = NULL, *subject = NULL, *body = NULL;

        if (store_alarm_add(r->store, r->now, alarm, err) < 0)
                return -1;
        if (!ret_letter)
                return 0;
        at = zone_long_time(r->now, r->config->timezone, language, false);
        notice_alarm_letter(alarm, at, language, &subject, &body);
        return letters_queue_digest(r, subject, body, ret_letter, err);
}
