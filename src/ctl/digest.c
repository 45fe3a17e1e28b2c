/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/mem.h"
#include "config/config.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/text.h"

static bool writes(const struct args *args)
{
        return args->used & OPTION_SEND;
}

static int run(struct ctl *ctl, struct err *err)
{
        CLEANUP_FREE char *subject = NULL;
        CLEANUP_FREE char *body = NULL;
        CLEANUP_FREE char *clean = NULL;

        /* As the keeper would: without trainings of the past. */
        ctl->registrar.event_count = ctl->current;
        if (registrar_digest_text(&ctl->registrar, &subject, &body, err) < 0)
                return -1;
        if (writes(ctl->args) && registrar_digest_send(&ctl->registrar, err) < 0)
                return -1;
        if (ctl->args->json) {
                ctl_json_take(ctl, json_pack("{s:s, s:s}", "subject", subject, "body", body));
                return 0;
        }
        clean = text_lines(body);
        if (writes(ctl->args))
                buf_printf(&ctl->out, "queued for %s: %s\n", ctl->config->coordinator_email, subject);
        else
                buf_printf(&ctl->out, "Subject: %s\n\n%s", subject, clean);
        return 0;
}

const struct command command_digest = {
        .name = "digest",
        .operands = "[--send]",
        .summary = "the daily letter as it would be now",
        .help =
            "  --send               queue it for the coordinator; the one of the day comes all the same\n",
        .options = OPTION_SEND,
        .need = NEED_READ,
        .writes = writes,
        .run = run,
};
