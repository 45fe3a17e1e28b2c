/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/hand.h"
#include "ctl/row.h"

static int check(const struct args *args, struct err *err)
{
        return hand_check_fields(args, 2, err);
}

static int run(struct ctl *ctl, struct err *err)
{
        CLEANUP_FREE char *ref = ctl_ref(ctl->args->operands[1]);
        struct hand_field *fields;
        struct str_list keys;
        size_t count;
        int result;

        if (hand_fields(ctl->args, 2, &fields, &count, &keys, err) < 0)
                return -1;
        result = registrar_edit(&ctl->registrar, ref, fields, count, hand_quiet(ctl->args), err);
        if (result == 0)
                result = row_say(ctl, ref, err);
        free(fields);
        str_list_free(&keys);
        return result;
}

const struct command command_edit = {
        .name = "edit",
        .operands = "REF KEY=VALUE...",
        .summary = "corrects what the form says",
        .help = HAND_QUIET_HELP
        "\nAn empty value (diet=) removes the field. A form that was incomplete is judged "
        "again\nby its first time. The letter shows what was and what is.\n",
        .options = OPTION_QUIET,
        .least = 2,
        .most = COMMAND_ANY,
        .need = NEED_WRITE,
        .check = check,
        .run = run,
};
