/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <stdlib.h>

#include "base/err.h"
#include "base/mem.h"
#include "ctl/command.h"
#include "ctl/ctl.h"
#include "ctl/hand.h"

static int parse_id(const struct args *args, int64_t *ret_id, struct err *err)
{
        if (str_to_int(args->operands[1], 1, INT64_MAX, ret_id) < 0)
                return err_set(err, ERR_INPUT, "\"%.60s\" is no number of a review item", args->operands[1]);
        return 0;
}

static int check(const struct args *args, struct err *err)
{
        const bool dismiss = args->used & OPTION_DISMISS;
        int64_t id;

        if (parse_id(args, &id, err) < 0)
                return -1;
        if (dismiss && args->operand_count > 2)
                return err_set(err, ERR_INPUT, "either --dismiss, or fields");
        if (!dismiss && args->operand_count == 2)
                return err_set(err, ERR_INPUT, "resolve wants KEY=VALUE..., or --dismiss");
        return hand_check_fields(args, 2, err);
}

static int run(struct ctl *ctl, struct err *err)
{
        CLEANUP_FREE char *said = NULL;
        struct hand_field *fields;
        struct str_list keys;
        size_t count;
        int64_t id;
        int result;

        if (parse_id(ctl->args, &id, err) < 0 || hand_fields(ctl->args, 2, &fields, &count, &keys, err) < 0)
                return -1;
        result = registrar_resolve(&ctl->registrar, id, fields, count, hand_quiet(ctl->args), &said, err);
        if (result == 0 && ctl->args->json)
                ctl_json_take(ctl, json_pack("{s:I, s:s}", "id", (json_int_t)id, "said", said));
        else if (result == 0)
                buf_printf(&ctl->out, "%lld: %s\n", (long long)id, said);
        free(fields);
        str_list_free(&keys);
        return result;
}

const struct command command_resolve = {
        .name = "resolve",
        .operands = "ID KEY=VALUE... | --dismiss",
        .summary = "settles an item of the review",
        .help = "With fields its registration is completed and judged again, by the time it has.\n\n"
                "  --dismiss            nothing is to be done about it\n" HAND_QUIET_HELP,
        .options = OPTION_DISMISS | OPTION_QUIET,
        .least = 1,
        .most = COMMAND_ANY,
        .need = NEED_WRITE,
        .check = check,
        .run = run,
};
