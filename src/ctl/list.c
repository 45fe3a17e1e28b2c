/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/err.h"
#include "core/event.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/row.h"

static int check(const struct args *args, struct err *err)
{
        enum status status;

        if (args->status && status_parse(args->status, &status) < 0)
                return err_set(err, ERR_INPUT,
                    "no status is called %.60s; there is: accepted, waitlisted, offered, held, incomplete, "
                    "late, refused, cancelled",
                    args->status);
        if (args->json && args->used & OPTION_CSV)
                return err_set(err, ERR_INPUT, "--json and --csv do not go together");
        return 0;
}

static int run(struct ctl *ctl, struct err *err)
{
        struct store_registration_list list = { 0 };
        const struct event *event;
        enum status status;
        int wanted = -1;

        if (ctl->args->status && status_parse(ctl->args->status, &status) == 0)
                wanted = (int)status;
        if (ctl_chosen_event(ctl, &event, err) < 0 ||
            store_registration_list(ctl->store, event ? event->id : NULL, wanted, &list, err) < 0)
                return -1;
        if (ctl->args->json) {
                json_t *json = json_array();

                for (size_t i = 0; i < list.count; i++)
                        json_array_append_new(json, row_json(ctl, &list.items[i]));
                ctl_json_take(ctl, json);
        } else if (ctl->args->used & OPTION_CSV) {
                row_csv(ctl, &list);
        } else if (list.count) {
                row_table(ctl, &list);
        } else {
                buf_puts(&ctl->out, "no registrations\n");
        }
        store_registration_list_free(&list);
        return 0;
}

const struct command command_list = {
        .name = "list",
        .operands = "[--status STATUS] [--csv]",
        .summary = "the registrations, by training and by the time that counts",
        .help = "  --status STATUS      only accepted, waitlisted, offered, held, incomplete, late, refused\n"
                "                       or cancelled ones\n"
                "  --csv                comma-separated values with all fields, for a spreadsheet\n",
        .options = OPTION_STATUS | OPTION_CSV,
        .need = NEED_READ,
        .check = check,
        .run = run,
};
