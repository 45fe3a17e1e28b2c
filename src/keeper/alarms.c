/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Alarms stand in the digest. The log has them at once, and also when the digest itself cannot arrive. They
 * are words and references only (core/notice). */
#include "base/log.h"
#include "keeper/keeper.h"
#include "store/store.h"

static int new_alarms(struct keeper *keeper, struct store_alarm_list *ret_list)
{
        struct err err;

        if (store_alarm_after(keeper->store, keeper->alarm_told, ret_list, &err) < 0)
                return -1; /* looked at again at the next step */
        if (ret_list->count)
                keeper->alarm_told = ret_list->items[ret_list->count - 1].id;
        return 0;
}

void alarms_skip(struct keeper *keeper)
{
        struct store_alarm_list list;

        if (new_alarms(keeper, &list) == 0)
                store_alarm_list_free(&list);
}

void alarms_tell(struct keeper *keeper)
{
        struct store_alarm_list list;

        if (new_alarms(keeper, &list) < 0)
                return;
        for (size_t i = 0; i < list.count; i++)
                log_warning("alarm: %s", list.items[i].text);
        store_alarm_list_free(&list);
}
