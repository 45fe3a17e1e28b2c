/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/hand.h"

#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "base/str.h"
#include "ctl/args.h"

int hand_fields(const struct args *args, size_t from, struct hand_field **ret_fields, size_t *ret_count,
    struct str_list *ret_keys, struct err *err)
{
        struct str_list keys = { 0 };
        struct hand_field *fields = xcalloc(args->operand_count + 1, sizeof *fields);
        size_t count = 0;

        for (size_t i = from; i < args->operand_count; i++) {
                const char *word = args->operands[i], *equal = strchr(word, '=');

                if (!equal || equal == word) {
                        free(fields);
                        str_list_free(&keys);
                        return err_set(err, ERR_INPUT, "\"%.100s\" is not KEY=VALUE", word);
                }
                str_list_add_take(&keys, xstrndup(word, (size_t)(equal - word)));
                fields[count++].value = equal + 1;
        }
        for (size_t i = 0; i < count; i++)
                fields[i].key = keys.items[i];
        *ret_fields = fields;
        *ret_count = count;
        *ret_keys = keys;
        return 0;
}

int hand_check_fields(const struct args *args, size_t from, struct err *err)
{
        struct hand_field *fields;
        struct str_list keys;
        size_t count;

        if (hand_fields(args, from, &fields, &count, &keys, err) < 0)
                return -1;
        free(fields);
        str_list_free(&keys);
        return 0;
}

bool hand_quiet(const struct args *args)
{
        return args->used & OPTION_QUIET;
}
