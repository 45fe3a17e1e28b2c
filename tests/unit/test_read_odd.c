/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: read form core base */
/* Text that carries more than text: uuencoded files, OpenPGP frames, text/enriched. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "read/armour.h"
#include "read/enriched.h"
#include "read/uu.h"

static struct uu_files files;

static void assert_cut(const char *text, const char *left, size_t count)
{
        CLEANUP_FREE char *copy = xstrdup(text);

        uu_free(&files);
        uu_cut(copy, 1000, &files);
        assert_string_equal(copy, left);
        assert_int_equal(files.count, count);
}

static void files_are_cut_out_of_a_text(void **state)
{
        (void)state;
        assert_cut("a\r\nbegin 644 a b.txt \r\n#0V%T\r\n`\r\nend\r\nz\r\n", "a\r\nz\r\n", 1);
        assert_string_equal(files.items[0].name, "a b.txt");
        assert_int_equal(files.items[0].bytes.size, 3);
        assert_memory_equal(files.items[0].bytes.data, "Cat", 3);
        assert_cut("begin 0644 x\n#0V%T\n \nend\nbegin 755 y\n!0P\nend", "", 2);
        assert_memory_equal(files.items[1].bytes.data, "C", 1);
        assert_cut("begin 644 x\n#0V%T\nno data any more, a sentence\n", "no data any more, a sentence\n", 1);
        uu_free(&files);
}

static void what_is_no_file_stays(void **state)
{
        static const char *const texts[] = { "begin 644 x\n", "begin 644 x\nwords that are no data\n",
                "begin 64 x\n#0V%T\nend\n", "begin 999 x\n#0V%T\nend\n", "begin 644 \n#0V%T\nend\n",
                "beginning\n#0V%T\n", "" };

        (void)state;
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                assert_cut(texts[i], texts[i], 0);
        uu_free(&files);
}

static void files_have_bounds(void **state)
{
        struct buf text = BUF_INIT(1 << 20);

        (void)state;
        for (int i = 0; i < 30; i++)
                buf_puts(&text, "begin 644 x\n#0V%T\nend\n");
        uu_cut(text.data, 2, &files);
        assert_int_equal(files.count, UU_FILES);
        assert_true(buf_failed(&files.items[0].bytes));
        assert_int_equal(strlen(text.data), 10 * strlen("begin 644 x\n#0V%T\nend\n"));
        uu_free(&files);
        buf_free(&text);
}

static void assert_clear(const char *text, const char *left)
{
        CLEANUP_FREE char *copy = xstrdup(text);

        armour_clear(copy);
        assert_string_equal(copy, left);
}

static void frames_of_signatures_go(void **state)
{
        (void)state;
        assert_clear(
            "a\n-----BEGIN PGP SIGNED MESSAGE-----\nHash: X\n\n- -- \n- x\nb\n-----BEGIN PGP SIGNATURE-----\n"
            "c\n-----END PGP SIGNATURE-----\nz\n",
            "a\n-- \nx\nb\nz\n");
        assert_clear(
            "-----BEGIN PGP SIGNED MESSAGE-----\r\n\r\nb\r\n-----BEGIN PGP SIGNATURE-----\r\nc", "b\r\n");
        assert_clear(
            "> -----BEGIN PGP SIGNED MESSAGE-----\n- x\n", "> -----BEGIN PGP SIGNED MESSAGE-----\n- x\n");
        assert_true(armour_is_encrypted("x\n-----BEGIN PGP MESSAGE-----\n"));
        assert_false(armour_is_encrypted("x -----BEGIN PGP MESSAGE-----\n"));
}

static void assert_plain(const char *text, bool richtext, const char *left)
{
        CLEANUP_FREE char *copy = xstrdup(text);

        enriched_to_plain(copy, richtext);
        assert_string_equal(copy, left);
}

static void commands_of_enriched_text_go(void **state)
{
        (void)state;
        assert_plain("<bold>a</bold>\nb\r\n\r\nc\n\n\nd<<e", false, "a b\nc\n\nd<e");
        assert_plain("<color><param>red</param>a</color>b <", false, "ab <");
        assert_plain("<param>x", false, "x");
        assert_plain("a<nl>b\nc<lt>d", true, "a\nb c<d");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(files_are_cut_out_of_a_text),
                cmocka_unit_test(what_is_no_file_stays),
                cmocka_unit_test(files_have_bounds),
                cmocka_unit_test(frames_of_signatures_go),
                cmocka_unit_test(commands_of_enriched_text_go),
        };

        return cmocka_run_group_tests_name("odd texts", tests, NULL, NULL);
}
