/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/fold.h"

static void same(char *got, const char *want)
{
        assert_string_equal(got, want);
        free(got);
}

static void test_key(void **state)
{
        (void)state;
        same(fold_key("\u017baneta  \u015aLIWI\u0143SKA-G\u0119\u015b"), "zaneta sliwinska ges");
        same(fold_key("  Imi\u0119 i nazwisko: "), "imie i nazwisko");
        same(fold_key("E-mail"), "e mail");
        same(fold_key("\u0141\u00d3D\u0179 \u0142\u00f3d\u017a"), "lodz lodz");
        same(fold_key("Z\u0307o\u0301\u0142c\u0301"), "zolc"); /* decomposed, as a Mac sends it */
        same(fold_key("\uff21\uff22\uff11"), "ab1");           /* full width */
        same(fold_key("Stra\u00dfe \u00d8 \u0110"), "strasse o d");
        same(fold_key("o\u00adko\u200blica"), "okolica");
        same(fold_key(""), "");
        same(fold_key("\xff\xfe ab"), "ab");
}

static void test_spaces(void **state)
{
        (void)state;
        same(fold_spaces(" a\u00a0\u2009 b \r\n\t c  \n\n\n\nd \n"), "a b\nc\n\nd");
        same(fold_spaces("e\u200b\u0301"), "\u00e9");
        same(fold_spaces("z\u0142y \xc5"), "z\u0142y \ufffd");
        same(fold_nfc("Ge\u0328s\u0301"), "G\u0119\u015b");
        same(fold_nfc("plain"), "plain");
}

static void test_comparing(void **state)
{
        (void)state;
        assert_true(fold_equal("Model wsp\u00f3\u0142pracy", "MODEL  WSPOLPRACY!"));
        assert_false(fold_equal("a", "b"));
        assert_true(fold_contains("Zg\u0142oszenie: Model wsp\u00f3\u0142pracy JST & NGO", "jst ngo"));
        assert_false(fold_contains("modelowanie", "model"));
        assert_true(fold_contains("modelowanie model", "model"));
        assert_false(fold_contains("anything", " - "));
        assert_true(fold_has_word("- \u017b"));
        assert_false(fold_has_word(" -.\u2014 "));
}

static void test_distance(void **state)
{
        (void)state;
        assert_int_equal(fold_distance("nazwisko", "nazwisko", 2), 0);
        assert_int_equal(fold_distance("nazwisko", "nazwsiko", 2), 1);
        assert_int_equal(fold_distance("nazwisko", "nazwsk", 2), 2);
        assert_int_equal(fold_distance("nazwisko", "telefon", 2), 3);
        assert_int_equal(fold_distance("", "ab", 3), 2);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_key),
                cmocka_unit_test(test_spaces),
                cmocka_unit_test(test_comparing),
                cmocka_unit_test(test_distance),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
