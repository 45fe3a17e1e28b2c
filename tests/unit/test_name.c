/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/name.h"

static void test_same(void **state)
{
        (void)state;
        assert_true(name_equal("Kowalski Jan", "Jan KOWALSKI"));
        assert_true(name_equal("Jan Maria Rokita", "Rokita Jan Maria"));
        assert_true(name_equal("Rokita Jan Maria", "Jan Maria Rokita"));
        assert_true(name_equal("Żaneta Gęślą-Jaźń", "GĘŚLĄ JAŹŃ Żaneta"));
        assert_true(name_equal("Jan", "Jan"));
        assert_false(name_equal("Jan Kowalski", "Jan Kowalska"));
        assert_false(name_equal("Jan Kowalski", "Jan"));
        assert_false(name_equal("", "Jan"));
        assert_true(name_equal("", ""));
}

static void test_turned(void **state)
{
        CLEANUP_FREE char *left = name_turned("kowalski jan maria", NAME_FIRST_TO_END);
        CLEANUP_FREE char *right = name_turned("jan maria kowalski", NAME_LAST_TO_FRONT);

        (void)state;
        assert_string_equal(left, "jan maria kowalski");
        assert_string_equal(right, "kowalski jan maria");
        assert_null(name_turned("jan kowalski", NAME_LAST_TO_FRONT));
        assert_null(name_turned("jan", NAME_FIRST_TO_END));
        assert_null(name_turned("", NAME_FIRST_TO_END));
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(test_same), cmocka_unit_test(test_turned) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
