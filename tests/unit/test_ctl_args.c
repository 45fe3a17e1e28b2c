/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: ctl base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/str.h"
#include "ctl/args.h"
#include "ctl/hand.h"

enum { WORDS = 16 };

/* words: parted by "|". The storage lives as long as args. */
static int parse(const char *words, char *storage, struct args *args, struct err *err)
{
        char *argv[WORDS + 2] = { (char *)(uintptr_t) "zapisyctl" }, *rest = strcpy(storage, words), *word;
        int argc = 1;

        while (argc < WORDS && (word = strsep(&rest, "|")))
                argv[argc++] = word;
        return args_parse(argc, argv, args, err);
}

static void test_options_stand_anywhere(void **state)
{
        static const char *const lines[] = { "-c|f.conf|-e|mw|--json|show|MW-7K3M|--raw|out",
                "show|MW-7K3M|-c|f.conf|--json|--raw=out|--event=mw",
                "show|--json|--config|f.conf|--raw|out|MW-7K3M|-emw" };
        struct args args;
        char storage[200];

        (void)state;
        setenv("POSIXLY_CORRECT", "1", 1); /* must not change it */
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
                assert_int_equal(parse(lines[i], storage, &args, NULL), 0);
                assert_string_equal(args.config, "f.conf");
                assert_string_equal(args.event, "mw");
                assert_string_equal(args.raw, "out");
                assert_true(args.json && args.used == OPTION_RAW);
                assert_int_equal(args.operand_count, 2);
                assert_string_equal(args.operands[0], "show");
                assert_string_equal(args.operands[1], "MW-7K3M");
                args_free(&args);
        }
        unsetenv("POSIXLY_CORRECT");
}

static void test_after_two_hyphens_all_are_operands(void **state)
{
        struct args args;
        char storage[200];

        (void)state;
        assert_int_equal(parse("read|--|--json|-c", storage, &args, NULL), 0);
        assert_false(args.json);
        assert_int_equal(args.operand_count, 3);
        assert_string_equal(args.operands[2], "-c");
        args_free(&args);
}

static void test_wrong_options(void **state)
{
        static const char *const lines[] = { "list|--nonsens", "list|-x", "list|-c", "--now", "list|--csv=1",
                "list|--status" };
        struct args args = { 0 };
        char storage[200];

        (void)state;
        for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
                struct err err = { 0 };

                assert_int_equal(parse(lines[i], storage, &args, &err), -1);
                assert_int_equal(err.class, ERR_INPUT);
                assert_true(strlen(err.text) > 0);
        }
}

static void test_each_command_takes_its_own(void **state)
{
        struct args args;
        struct err err = { 0 };
        char storage[200];

        (void)state;
        assert_int_equal(parse("list|--csv|--extra-seat", storage, &args, NULL), 0);
        assert_int_equal(args_allow(&args, OPTION_CSV | OPTION_EXTRA_SEAT, "list", &err), 0);
        assert_int_equal(args_allow(&args, OPTION_CSV, "list", &err), -1);
        assert_non_null(strstr(err.text, "--extra-seat"));
        args_free(&args);
}

static void test_fields(void **state)
{
        struct args args;
        struct hand_field *fields;
        struct str_list keys;
        size_t count;
        char storage[200];

        (void)state;
        assert_int_equal(parse("edit|MW-7K3M|name=Jan = Kowalski|diet=", storage, &args, NULL), 0);
        assert_int_equal(hand_fields(&args, 2, &fields, &count, &keys, NULL), 0);
        assert_int_equal(count, 2);
        assert_string_equal(fields[0].key, "name");
        assert_string_equal(fields[0].value, "Jan = Kowalski");
        assert_string_equal(fields[1].key, "diet");
        assert_string_equal(fields[1].value, "");
        free(fields);
        str_list_free(&keys);
        assert_int_equal(hand_check_fields(&args, 1, NULL), -1); /* MW-7K3M is no KEY=VALUE */
        args_free(&args);
        assert_int_equal(parse("edit|=x", storage, &args, NULL), 0);
        assert_int_equal(hand_check_fields(&args, 1, NULL), -1);
        args_free(&args);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_options_stand_anywhere),
                cmocka_unit_test(test_after_two_hyphens_all_are_operands),
                cmocka_unit_test(test_wrong_options),
                cmocka_unit_test(test_each_command_takes_its_own),
                cmocka_unit_test(test_fields),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
