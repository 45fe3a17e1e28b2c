/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/event.h"
#include "core/zone.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/hand.h"
#include "ctl/row.h"

static int check(const struct args *args, struct err *err)
{
        enum channel channel;
        int64_t instant;

        if (!args->channel || !args->received)
                return err_set(err, ERR_INPUT, "add wants --channel and --received");
        if (channel_parse(args->channel, &channel) < 0 || channel == CHANNEL_EMAIL)
                return err_set(
                    err, ERR_INPUT, "no channel is called %.60s; there is: fax, in-person", args->channel);
        if (zone_parse(args->received, "UTC", &instant, err) < 0)
                return err_prefix(err, "--received");
        return hand_check_fields(args, 1, err);
}

/* The one that -e names, or the only one there is. */
static int choose(const struct ctl *ctl, const struct event **ret_event, struct err *err)
{
        if (ctl_chosen_event(ctl, ret_event, err) < 0)
                return -1;
        if (*ret_event)
                return 0;
        if (ctl->current == 1) {
                *ret_event = &ctl->events[0];
                return 0;
        }
        return err_set(err, ERR_INPUT, "%s",
            ctl->current ? "there are several trainings: say which with -e" : "no training is loaded");
}

static int run(struct ctl *ctl, struct err *err)
{
        const struct args *args = ctl->args;
        enum channel channel = CHANNEL_FAX;
        const struct event *event;
        struct hand_field *fields;
        struct str_list keys;
        CLEANUP_FREE char *ref = NULL;
        int64_t received;
        size_t count;
        int result;

        if (channel_parse(args->channel, &channel) < 0 || choose(ctl, &event, err) < 0 ||
            zone_parse(args->received, event->timezone, &received, err) < 0 ||
            hand_fields(args, 1, &fields, &count, &keys, err) < 0)
                return -1;
        result = registrar_add(
            &ctl->registrar, event, channel, received, fields, count, hand_quiet(args), &ref, err);
        if (result == 0)
                result = row_say(ctl, ref, err);
        free(fields);
        str_list_free(&keys);
        return result;
}

const struct command command_add = {
        .name = "add",
        .operands = "--channel fax|in-person --received TIME KEY=VALUE...",
        .summary = "a form from paper, on the same seats",
        .help =
            "  --channel CHANNEL    fax or in-person\n"
            "  --received TIME      when it arrived, in the training's zone: \"2012-01-20 11:05\", or RFC\n"
            "                       3339; this time counts against the deadline\n" HAND_QUIET_HELP
            "\nKEY is a field of the training's form, as in its configuration: name=\"Jan Kowalski\".\n"
            "The letter goes to the form's own e-mail, where there is one.\n",
        .options = OPTION_CHANNEL | OPTION_RECEIVED | OPTION_QUIET,
        .least = 1,
        .most = COMMAND_ANY,
        .need = NEED_WRITE,
        .check = check,
        .run = run,
};
