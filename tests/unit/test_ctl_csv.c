/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: ctl base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/buf.h"
#include "ctl/csv.h"

static void check(const char *value, const char *want)
{
        struct buf out = BUF_INIT(1024);

        csv_value(&out, value, true);
        assert_string_equal(buf_text(&out), want);
        buf_free(&out);
}

static void test_values(void **state)
{
        (void)state;
        check(NULL, "");
        check("", "");
        check("Urząd Gminy", "Urząd Gminy");
        check("a,b", "\"a,b\"");
        check("Fundacja \"Razem\"", "\"Fundacja \"\"Razem\"\"\"");
        check("a\nb", "\"a\nb\"");
        check("a\r", "\"a\r\"");
}

/* A spreadsheet must never calculate what an applicant wrote. */
static void test_formulas(void **state)
{
        (void)state;
        check("=1+1", "'=1+1");
        check("+48601602603", "'+48601602603");
        check("-1", "'-1");
        check("@SUM(A1)", "'@SUM(A1)");
        check("\t=1", "'\t=1");
        check("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\"");
        check("a=1", "a=1");
}

static void test_lines(void **state)
{
        struct buf out = BUF_INIT(1024);

        (void)state;
        csv_value(&out, "ref", true);
        csv_value(&out, "name", false);
        csv_end(&out);
        csv_value(&out, NULL, true);
        csv_value(&out, "x", false);
        csv_end(&out);
        assert_string_equal(buf_text(&out), "ref,name\r\n,x\r\n");
        buf_free(&out);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_values),
                cmocka_unit_test(test_formulas),
                cmocka_unit_test(test_lines),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
