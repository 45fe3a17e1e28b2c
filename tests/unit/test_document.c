/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "core/document.h"

static void builds_blocks_of_runs(void **state)
{
        struct document doc = { 0 };

        (void)state;
        assert_int_equal(document_open(&doc, DOCUMENT_PARAGRAPH, -1, -1, -1), 0);
        assert_int_equal(document_add(&doc, "Telefon:xx", 8, RUN_BOLD, NULL), 0);
        assert_int_equal(document_add(&doc, "600", 3, RUN_FIELD, "tel"), 0);
        assert_int_equal(document_open(&doc, DOCUMENT_CELL, 0, 2, 1), 0);
        document_span(&doc, 2, 3);
        assert_int_equal(doc.block_count, 2);
        assert_int_equal(doc.blocks[0].run_count, 2);
        assert_string_equal(doc.runs[0].text, "Telefon:");
        assert_null(doc.runs[0].name);
        assert_string_equal(doc.runs[1].name, "tel");
        assert_int_equal(doc.blocks[1].first_run, 2);
        assert_int_equal(doc.blocks[1].run_count, 0);
        assert_int_equal(doc.blocks[1].row_span, 2);
        assert_int_equal(doc.blocks[1].column_span, 3);
        document_free(&doc);
        assert_int_equal(doc.block_count, 0);
}

static void text_becomes_valid_nfc(void **state)
{
        struct document doc = { 0 };

        (void)state;
        document_open(&doc, DOCUMENT_PARAGRAPH, -1, -1, -1);
        document_add(&doc, "Zo\xCC\x81\xC5\x82ty", 8, 0, NULL); /* o with a combining acute */
        document_add(&doc, "a\xFFz", 3, 0, NULL);
        assert_string_equal(doc.runs[0].text, "Z\xC3\xB3\xC5\x82ty");
        assert_true(str_is_utf8(doc.runs[1].text, strlen(doc.runs[1].text)));
        document_free(&doc);
}

static void bounds_are_kept_and_said_once(void **state)
{
        struct document doc = { 0 };
        char *large = calloc(1, LIMIT_DOC_TEXT + 2);

        (void)state;
        memset(large, 'x', LIMIT_DOC_TEXT + 1);
        assert_int_equal(document_add(&doc, "x", 1, 0, NULL), -1); /* no block is open */
        document_free(&doc);
        for (int i = 0; i < LIMIT_DOC_BLOCKS; i++)
                assert_int_equal(document_open(&doc, DOCUMENT_PARAGRAPH, -1, -1, -1), 0);
        assert_int_equal(document_add(&doc, large, LIMIT_DOC_TEXT + 1, 0, NULL), -1);
        assert_int_equal(document_open(&doc, DOCUMENT_PARAGRAPH, -1, -1, -1), -1);
        assert_int_equal(document_add(&doc, "x", 1, 0, NULL), -1); /* would fall into the wrong block */
        assert_int_equal(doc.problems.count, 1);
        assert_int_equal(doc.run_count, 0);
        document_free(&doc);
        free(large);
}

static void empty_is_without_letters_and_digits(void **state)
{
        struct document doc = { 0 };

        (void)state;
        assert_true(document_is_empty(&doc));
        document_open(&doc, DOCUMENT_PARAGRAPH, -1, -1, -1);
        document_add(&doc, " ....\t\n", 7, 0, NULL);
        assert_true(document_is_empty(&doc));
        document_add(&doc, "a", 1, 0, NULL);
        assert_false(document_is_empty(&doc));
        document_free(&doc);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(builds_blocks_of_runs),
                cmocka_unit_test(text_becomes_valid_nfc),
                cmocka_unit_test(bounds_are_kept_and_said_once),
                cmocka_unit_test(empty_is_without_letters_and_digits),
        };

        return cmocka_run_group_tests_name("document", tests, NULL, NULL);
}
