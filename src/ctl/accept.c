/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/hand.h"
#include "ctl/row.h"

static int run(struct ctl *ctl, struct err *err)
{
        CLEANUP_FREE char *ref = ctl_ref(ctl->args->operands[1]);
        const bool extra = ctl->args->used & OPTION_EXTRA_SEAT;

        if (registrar_accept(&ctl->registrar, ref, extra, hand_quiet(ctl->args), err) < 0)
                return -1;
        return row_say(ctl, ref, err);
}

const struct command command_accept = {
        .name = "accept",
        .operands = "REF [--extra-seat]",
        .summary = "gives a seat, whatever the rules say",
        .help = "  --extra-seat         also when all seats are taken\n" HAND_QUIET_HELP,
        .options = OPTION_EXTRA_SEAT | OPTION_QUIET,
        .least = 1,
        .most = 1,
        .need = NEED_WRITE,
        .run = run,
};
