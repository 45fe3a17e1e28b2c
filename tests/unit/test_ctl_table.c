/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: ctl form core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "ctl/table.h"
#include "ctl/text.h"

static void test_width(void **state)
{
        (void)state;
        assert_int_equal(text_width(""), 0);
        assert_int_equal(text_width("Zażółć"), 6);
        assert_int_equal(text_width("Za\xcc\x87z"), 3); /* a combining dot takes no column */
        assert_int_equal(text_width("日本"), 4);
        assert_int_equal(text_width("\xff"), 1); /* shown as one replacement */
}

static void test_cut(void **state)
{
        static const struct {
                const char *text, *want;
                size_t width;
        } rows[] = {
                { "Wałbrzych", "Wałbrzych", 9 },
                { "Wałbrzych", "Wałbrzy…", 8 },
                { "Wałbrzych", "…", 1 },
                { "日本語", "日…", 4 },
                { "", "", 0 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                CLEANUP_FREE char *cut = text_cut(rows[i].text, rows[i].width);

                assert_string_equal(cut, rows[i].want);
                assert_true(text_width(cut) <= rows[i].width);
        }
}

static void test_nothing_moves_the_cursor(void **state)
{
        CLEANUP_FREE char *line = text_line("a\033[2Jb\nc\r\td\x7f\xff\xe2\x80\xae"
                                            "e");
        CLEANUP_FREE char *lines = text_lines("a\r\nb\rc\n\033");

        (void)state;
        assert_string_equal(line, "a [2Jb c  d   e"); /* U+202E turns the direction of writing */
        assert_string_equal(lines, "a\nb c\n ");
}

static struct table people(void)
{
        struct table table = { 0 };

        table_column(&table, "REF");
        table_column_right(&table, "POS");
        table_column_elastic(&table, "NAME");
        table_cell(&table, "MW-7K3M");
        table_number(&table, 3);
        table_cell(&table, "Żaneta Gęś");
        table_cell(&table, "MW-2222");
        table_cell(&table, NULL);
        table_cell_take(&table, xstrdup("Jan\nKowalski"));
        return table;
}

static char *written(struct table table, size_t width, bool bold)
{
        struct buf out = BUF_INIT(4096);

        table_write(&table, width, bold, &out);
        table_free(&table);
        return buf_detach(&out, NULL);
}

static void test_columns_are_aligned(void **state)
{
        CLEANUP_FREE char *text = written(people(), 0, false);

        (void)state;
        assert_string_equal(text, "REF      POS  NAME\n"
                                  "MW-7K3M    3  Żaneta Gęś\n"
                                  "MW-2222       Jan Kowalski\n");
}

static void test_the_header_is_bold_on_a_terminal(void **state)
{
        CLEANUP_FREE char *text = written(people(), 0, true);

        (void)state;
        assert_ptr_equal(strstr(text, "\033[1mREF      POS  NAME\033[0m\n"), text);
        assert_null(strchr(text + 28, '\033'));
}

static void test_a_table_fits_its_terminal(void **state)
{
        CLEANUP_FREE char *text = written(people(), 22, false);
        CLEANUP_FREE char *narrow = written(people(), 3, false);

        (void)state;
        assert_string_equal(text, "REF      POS  NAME\n"
                                  "MW-7K3M    3  Żaneta …\n"
                                  "MW-2222       Jan Kow…\n");
        assert_non_null(strstr(narrow, "MW-7K3M    3  Żanet…\n")); /* what must not be cut is whole */
}

static struct table spare_people(void)
{
        struct table table = { 0 };

        table_column(&table, "REF");
        table_column_elastic(&table, "NAME");
        table_column_spare(&table, "FLAGS");
        table_column_spare(&table, "SENDER");
        table_cell(&table, "MW-7K3M");
        table_cell(&table, "Żaneta Gęślą-Jaźń-Kowalska");
        table_cell(&table, "possible-duplicate");
        table_cell(&table, "zaneta@example.org");
        return table;
}

static void test_spare_columns_make_room(void **state)
{
        CLEANUP_FREE char *wide = written(spare_people(), 77, false);
        CLEANUP_FREE char *cut = written(spare_people(), 58, false);
        CLEANUP_FREE char *without_sender = written(spare_people(), 57, false);
        CLEANUP_FREE char *narrow = written(spare_people(), 40, false);

        (void)state;
        assert_string_equal(wide,
            "REF      NAME                        FLAGS               SENDER\n"
            "MW-7K3M  Żaneta Gęślą-Jaźń-Kowalska  possible-duplicate  zaneta@example.org\n");
        assert_non_null(strstr(cut, "SENDER\n"));
        assert_string_equal(without_sender, "REF      NAME                        FLAGS\n"
                                            "MW-7K3M  Żaneta Gęślą-Jaźń-Kowalska  possible-duplicate\n");
        assert_string_equal(narrow, "REF      NAME\n"
                                    "MW-7K3M  Żaneta Gęślą-Jaźń-Kowalska\n");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_width),
                cmocka_unit_test(test_cut),
                cmocka_unit_test(test_nothing_moves_the_cursor),
                cmocka_unit_test(test_columns_are_aligned),
                cmocka_unit_test(test_the_header_is_bold_on_a_terminal),
                cmocka_unit_test(test_a_table_fits_its_terminal),
                cmocka_unit_test(test_spare_columns_make_room),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
