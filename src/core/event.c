/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/event.h"

#include <stdlib.h>

void event_free(struct event *event)
{
        if (!event)
                return;
        free(event->id);
        free(event->ref_prefix);
        free(event->title);
        free(event->language);
        free(event->timezone);
        free(event->place);
        str_list_free(&event->provides);
        for (size_t i = 0; i < event->quota_count; i++) {
                free(event->quotas[i].field);
                free(event->quotas[i].value);
        }
        free(event->quotas);
        free(event->quota_release);
        free(event->promotion);
        str_list_free(&event->reminders);
        str_list_free(&event->match_subject);
        free(event->match_address);
        free(event->blank_form);
        free(event->privacy_notice);
        form_free(&event->form);
        *event = (struct event){ 0 };
}
