/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/mem.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/hand.h"
#include "ctl/row.h"

static int run(struct ctl *ctl, struct err *err)
{
        CLEANUP_FREE char *ref = ctl_ref(ctl->args->operands[1]);

        if (registrar_waitlist(&ctl->registrar, ref, hand_quiet(ctl->args), err) < 0)
                return -1;
        return row_say(ctl, ref, err);
}

const struct command command_waitlist = {
        .name = "waitlist",
        .operands = "REF",
        .summary = "puts on the waiting list, by the time that counts",
        .help = HAND_QUIET_HELP "\nA seat that frees by this goes to the first who fits.\n",
        .options = OPTION_QUIET,
        .least = 1,
        .most = 1,
        .need = NEED_WRITE,
        .run = run,
};
