/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/pause.h"

#include <jansson.h>

#include "ctl/command.h"
#include "ctl/ctl.h"

static int say(struct ctl *ctl, bool paused)
{
        if (ctl->args->json)
                ctl_json_take(ctl, json_pack("{s:b}", "paused", paused));
        else
                buf_puts(&ctl->out, paused ? "letters wait until \"zapisyctl resume\"\n" : "letters leave\n");
        return 0;
}

int pause_letters(struct ctl *ctl, struct err *err)
{
        return store_meta_set(ctl->store, "paused", "1", err) < 0 ? -1 : say(ctl, true);
}

int pause_resume(struct ctl *ctl, struct err *err)
{
        return store_meta_set(ctl->store, "paused", NULL, err) < 0 ? -1 : say(ctl, false);
}

const struct command command_pause = {
        .name = "pause",
        .operands = "",
        .summary = "holds all letters; forms are registered all the same",
        .need = NEED_WRITE,
        .run = pause_letters,
};

const struct command command_resume = {
        .name = "resume",
        .operands = "",
        .summary = "lets letters leave again",
        .need = NEED_WRITE,
        .run = pause_resume,
};
