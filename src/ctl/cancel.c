/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/hand.h"
#include "ctl/row.h"

static int run(struct ctl *ctl, struct err *err)
{
        CLEANUP_FREE char *ref = ctl_ref(ctl->args->operands[1]);

        if (registrar_cancel(&ctl->registrar, ref, hand_quiet(ctl->args), err) < 0)
                return -1;
        return row_say(ctl, ref, err);
}

const struct command command_cancel = {
        .name = "cancel",
        .operands = "REF",
        .summary = "withdraws a registration; its seat goes to the first who waits",
        .help = HAND_QUIET_HELP "\nWho moves up gets a letter in any case.\n",
        .options = OPTION_QUIET,
        .least = 1,
        .most = 1,
        .need = NEED_WRITE,
        .run = run,
};
