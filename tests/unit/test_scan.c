/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: page read form core base */
/* What is drawn on a sheet, on pictures drawn here: lines, boxes, strikes, dots; and how large a page is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <leptonica/allheaders.h>

#include "page/scan_bold.h"
#include "page/scan_file.h"
#include "page/scan_shape.h"
#include "page/scan_sheet.h"

enum { WIDTH = 1200, HEIGHT = 900 };

static struct scan_sheet blank_sheet(void)
{
        struct scan_sheet sheet = { .grey = pixCreate(WIDTH, HEIGHT, 8) };

        pixSetAll(sheet.grey);
        return sheet;
}

static void fill(struct scan_sheet *sheet, int x, int y, int w, int h)
{
        PIX *dark = pixCreate(w, h, 8);

        pixRasterop(sheet->grey, x, y, w, h, PIX_SRC, dark, 0, 0);
        pixDestroy(&dark);
}

static void frame(struct scan_sheet *sheet, int x, int y, int size)
{
        fill(sheet, x, y, size, 3);
        fill(sheet, x, y + size - 3, size, 3);
        fill(sheet, x, y, 3, size);
        fill(sheet, x + size - 3, y, 3, size);
}

/* "HIHI": uprights and a bar. */
static void word(struct scan_sheet *sheet, int x, int y)
{
        for (int i = 0; i < 4; i++)
                fill(sheet, x + i * 20, y, 5, 34);
        fill(sheet, x, y + 15, 20, 4);
}

static struct scan_shapes shapes_of(struct scan_sheet *sheet)
{
        struct scan_shapes shapes;

        sheet->ink = pixThresholdToBinary(sheet->grey, 128);
        sheet->faint = pixThresholdToBinary(sheet->grey, 215);
        scan_shapes_take(sheet, &shapes);
        return shapes;
}

static size_t count_of(const struct scan_shapes *shapes, enum scan_kind kind)
{
        size_t count = 0;

        for (size_t i = 0; i < shapes->count; i++)
                count += shapes->items[i].kind == kind;
        return count;
}

static const struct scan_shape *first_of(const struct scan_shapes *shapes, enum scan_kind kind)
{
        for (size_t i = 0; i < shapes->count; i++)
                if (shapes->items[i].kind == kind)
                        return &shapes->items[i];
        fail();
        return &shapes->items[0];
}

static int ink_of(struct scan_sheet *sheet)
{
        int count = 0;

        pixCountPixels(sheet->ink, &count, NULL);
        return count;
}

/* ---- boxes */

enum inside { EMPTY, CROSS, BLACK, SPECK, PALE_CROSS, PALE_STROKE };

/* Grey that is still paper to an eye that looks for ink. */
static void pale(struct scan_sheet *sheet, int x, int y)
{
        for (int i = 0; i < 3; i++)
                pixSetPixel(sheet->grey, x + i, y, 222);
}

static enum scan_state state_of(enum inside inside, int size)
{
        struct scan_sheet sheet = blank_sheet();
        struct scan_shapes shapes;
        enum scan_state state;

        frame(&sheet, 300, 300, size);
        for (int i = 3; inside == CROSS && i < size - 3; i++) {
                fill(&sheet, 300 + i, 300 + i, 3, 1);
                fill(&sheet, 300 + size - i - 3, 300 + i, 3, 1);
        }
        for (int i = 4; inside >= PALE_CROSS && i < size - 4; i++) {
                pale(&sheet, 300 + i, 300 + i);
                if (inside == PALE_CROSS)
                        pale(&sheet, 300 + size - i - 3, 300 + i);
        }
        if (inside == BLACK)
                fill(&sheet, 300, 300, size, size);
        else if (inside == SPECK)
                fill(&sheet, 300 + size / 3, 300 + size / 3, size / 5, size / 5);
        shapes = shapes_of(&sheet);
        assert_int_equal(count_of(&shapes, SCAN_BOX), 1);
        assert_int_equal(count_of(&shapes, SCAN_RULE) + count_of(&shapes, SCAN_STRIKE), 0);
        state = first_of(&shapes, SCAN_BOX)->state;
        assert_int_equal(ink_of(&sheet), 0); /* nothing of it is left to be read as a letter */
        scan_shapes_free(&shapes);
        scan_sheet_free(&sheet);
        return state;
}

static void test_boxes(void **state)
{
        (void)state;
        for (int size = 28; size <= 60; size += 8) {
                assert_int_equal(state_of(EMPTY, size), SCAN_OFF);
                assert_int_equal(state_of(CROSS, size), SCAN_ON);
                assert_int_equal(state_of(BLACK, size), SCAN_ON);
        }
        assert_int_equal(state_of(SPECK, 44), SCAN_PERHAPS_ON);
        assert_int_equal(state_of(PALE_CROSS, 44), SCAN_ON);
        assert_int_equal(state_of(PALE_STROKE, 44), SCAN_PERHAPS_ON);
}

/* Where frames are as thin as a hair, a fax may have lost the cross. */
static void test_boxes_of_a_fax(void **state)
{
        (void)state;
        for (int thick = 2; thick <= 3; thick++)
                for (int bits = 0; bits < 2; bits++) {
                        struct scan_sheet sheet = blank_sheet();
                        struct scan_shapes shapes;

                        sheet.bits = bits;
                        for (int side = 0; side < 2; side++) {
                                fill(&sheet, 300, 300 + side * (46 - thick), 46, thick);
                                fill(&sheet, 300 + side * (46 - thick), 300, thick, 46);
                        }
                        shapes = shapes_of(&sheet);
                        assert_int_equal(count_of(&shapes, SCAN_BOX), 1);
                        assert_int_equal(first_of(&shapes, SCAN_BOX)->state,
                            bits && thick == 2 ? SCAN_PERHAPS_OFF : SCAN_OFF);
                        scan_shapes_free(&shapes);
                        scan_sheet_free(&sheet);
                }
}

static void test_boxes_that_touch(void **state)
{
        struct scan_sheet sheet = blank_sheet();
        struct scan_shapes shapes;

        (void)state;
        frame(&sheet, 300, 300, 46);
        frame(&sheet, 280, 346, 46);
        shapes = shapes_of(&sheet);
        assert_int_equal(count_of(&shapes, SCAN_BOX), 2);
        assert_int_equal(shapes.count, 2);
        scan_shapes_free(&shapes);
        scan_sheet_free(&sheet);
}

/* Letters with straight parts stay. */
static void test_no_boxes(void **state)
{
        struct scan_sheet sheet = blank_sheet();
        struct scan_shapes shapes;
        int ink;

        (void)state;
        frame(&sheet, 100, 100, 30); /* a "U" */
        {
                PIX *white = pixCreate(24, 3, 8);

                pixSetAll(white);
                pixRasterop(sheet.grey, 103, 100, 24, 3, PIX_SRC, white, 0, 0);
                pixDestroy(&white);
        }
        for (int y = 0; y < 30; y++) /* an "O" */
                for (int x = 0; x < 30; x++) {
                        int far = (2 * x - 29) * (2 * x - 29) + (2 * y - 29) * (2 * y - 29);

                        if (far <= 30 * 30 && far >= 22 * 22)
                                fill(&sheet, 200 + x, 100 + y, 1, 1);
                }
        shapes = shapes_of(&sheet);
        ink = ink_of(&sheet);
        assert_int_equal(shapes.count, 0);
        assert_true(ink > 500);
        scan_shapes_free(&shapes);
        scan_sheet_free(&sheet);
}

/* ---- lines */

static void test_lines(void **state)
{
        struct scan_sheet sheet = blank_sheet();
        struct scan_shapes shapes;

        (void)state;
        word(&sheet, 110, 120);
        word(&sheet, 110, 220);
        fill(&sheet, 104, 236, 76, 4); /* through the second */
        word(&sheet, 110, 320);
        fill(&sheet, 106, 360, 90, 3); /* under the third */
        shapes = shapes_of(&sheet);
        assert_int_equal(count_of(&shapes, SCAN_STRIKE), 1);
        assert_int_equal(count_of(&shapes, SCAN_RULE), 1);
        assert_in_range(first_of(&shapes, SCAN_STRIKE)->at.y, 230, 240);
        assert_in_range(first_of(&shapes, SCAN_RULE)->at.y, 355, 362);
        scan_shapes_free(&shapes);
        scan_sheet_free(&sheet);
}

/* Half of the ruling between two rows is missing, as in a standard fax. */
static size_t rules_of_broken_table(bool coarse)
{
        struct scan_sheet sheet = blank_sheet();
        struct scan_shapes shapes;
        size_t count;

        sheet.coarse = coarse;
        fill(&sheet, 100, 200, 3, 123);
        fill(&sheet, 997, 200, 3, 123);
        fill(&sheet, 100, 200, 900, 3);
        fill(&sheet, 100, 320, 900, 3);
        for (int x = 160; x < 900; x += 300)
                fill(&sheet, x, 259 + x / 300, 160, 3);
        shapes = shapes_of(&sheet);
        count = count_of(&shapes, SCAN_RULE);
        scan_shapes_free(&shapes);
        scan_sheet_free(&sheet);
        return count;
}

static void test_broken_rulings(void **state)
{
        (void)state;
        assert_int_equal(rules_of_broken_table(true), 5);
        assert_int_equal(rules_of_broken_table(false), 7);
}

/* A "j" that reaches from one ruling to the next is no wall of a cell. */
static void test_letter_between_rulings(void **state)
{
        struct scan_sheet sheet = blank_sheet();
        struct scan_shapes shapes;

        (void)state;
        fill(&sheet, 100, 200, 900, 3);
        fill(&sheet, 100, 260, 900, 3);
        fill(&sheet, 400, 200, 4, 60);
        fill(&sheet, 390, 215, 5, 34);
        fill(&sheet, 410, 215, 5, 34);
        fill(&sheet, 700, 200, 3, 60);
        shapes = shapes_of(&sheet);
        assert_int_equal(count_of(&shapes, SCAN_RULE), 3);
        scan_shapes_free(&shapes);
        scan_sheet_free(&sheet);
}

/* Letters of which few cross the line, as in "TAK /". */
static void test_strike_through_few_letters(void **state)
{
        struct scan_sheet sheet = blank_sheet();
        struct scan_shapes shapes;

        (void)state;
        fill(&sheet, 124, 120, 4, 34);
        fill(&sheet, 112, 120, 26, 4);
        fill(&sheet, 170, 120, 4, 34);
        fill(&sheet, 138, 126, 28, 4);
        fill(&sheet, 178, 146, 28, 4);
        fill(&sheet, 104, 137, 117, 4);
        shapes = shapes_of(&sheet);
        assert_int_equal(count_of(&shapes, SCAN_STRIKE), 1);
        scan_shapes_free(&shapes);
        scan_sheet_free(&sheet);
}

static void test_bold(void **state)
{
        struct scan_sheet sheet = blank_sheet();
        const struct scan_place thin = { 100, 100, 90, 40 }, thick = { 300, 100, 90, 40 },
                                none = { 600, 100, 90, 40 };

        (void)state;
        for (int i = 0; i < 4; i++) {
                fill(&sheet, 105 + i * 20, 102, 4, 34);
                fill(&sheet, 305 + i * 20, 102, 7, 34);
        }
        sheet.ink = pixThresholdToBinary(sheet.grey, 128);
        assert_int_equal(scan_bold_of(sheet.ink, thin, thick), 1);
        assert_int_equal(scan_bold_of(sheet.ink, thick, thin), -1);
        assert_int_equal(scan_bold_of(sheet.ink, thin, thin), 0);
        assert_int_equal(scan_bold_of(sheet.ink, thick, none), 0);
        scan_sheet_free(&sheet);
}

static void test_table(void **state)
{
        struct scan_sheet sheet = blank_sheet();
        struct scan_shapes shapes;

        (void)state;
        for (int i = 0; i < 3; i++)
                fill(&sheet, 100, 200 + i * 60, 900, 3);
        fill(&sheet, 100, 200, 3, 123);
        fill(&sheet, 500, 200, 3, 123);
        fill(&sheet, 997, 200, 3, 123);
        word(&sheet, 130, 213);
        word(&sheet, 600, 228); /* reaches into the line under it */
        shapes = shapes_of(&sheet);
        assert_int_equal(count_of(&shapes, SCAN_RULE), 6);
        assert_int_equal(shapes.count, 6);
        assert_true(ink_of(&sheet) > 2 * 4 * 5 * 30);
        scan_shapes_free(&shapes);
        scan_sheet_free(&sheet);
}

static void test_dots(void **state)
{
        struct scan_sheet sheet = blank_sheet();
        struct scan_shapes shapes;

        (void)state;
        for (int i = 0; i < 20; i++)
                fill(&sheet, 300 + i * 12, 400, 4, 4);
        for (int i = 0; i < 3; i++) /* an ellipsis is none */
                fill(&sheet, 800 + i * 12, 600, 4, 4);
        shapes = shapes_of(&sheet);
        assert_int_equal(count_of(&shapes, SCAN_DOTS), 1);
        assert_in_range(first_of(&shapes, SCAN_DOTS)->at.w, 225, 240);
        assert_int_equal(ink_of(&sheet), 3 * 16);
        scan_shapes_free(&shapes);
        scan_sheet_free(&sheet);
}

/* ---- sizes */

static void expect_resolution(struct scan_resolution is, double x, double y)
{
        assert_in_range((int)is.x, (int)x - 2, (int)x + 2);
        assert_in_range((int)is.y, (int)y - 2, (int)y + 2);
}

static void test_resolution(void **state)
{
        (void)state;
        expect_resolution(scan_sheet_resolution(2480, 3508, 300, 300, 1.3), 300, 300);
        expect_resolution(scan_sheet_resolution(1728, 2283, 204, 196, 1.3), 204, 196);
        expect_resolution(scan_sheet_resolution(1728, 1141, 204, 98, 0.6), 204, 98);
        expect_resolution(scan_sheet_resolution(1728, 1141, 204, 204, 0.6), 204, 98);
        expect_resolution(scan_sheet_resolution(1728, 1141, 0, 0, 0.6), 204, 98);
        expect_resolution(scan_sheet_resolution(1728, 2283, 0, 0, 1.3), 204, 204);
        expect_resolution(scan_sheet_resolution(3000, 4000, 72, 72, 0), 363, 363); /* a photograph says 72 */
        expect_resolution(scan_sheet_resolution(4000, 3000, 0, 0, 0), 363, 363);
}

static void test_orientation(void **state)
{
        unsigned char jpeg[] = "\xff\xd8\xff\xe1\x00\x22"
                               "Exif\0\0"
                               "MM\0\x2a\0\0\0\x08"
                               "\0\x01"
                               "\x01\x12\0\x03\0\0\0\x01\0\x06\0\0"
                               "\0\0\0\0"
                               "\xff\xda";
        size_t size = sizeof jpeg - 1;

        (void)state;
        assert_int_equal(scan_file_orientation(jpeg, size), 6);
        for (size_t i = 0; i < size; i++) /* whatever is cut off */
                assert_in_range(scan_file_orientation(jpeg, i), 1, 6);
        jpeg[31] = 9;
        assert_int_equal(scan_file_orientation(jpeg, size), 1);
        memcpy(jpeg + 16, "\xff\xff\xff\xff", 4);
        assert_int_equal(scan_file_orientation(jpeg, size), 1);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_boxes),
                cmocka_unit_test(test_boxes_of_a_fax),
                cmocka_unit_test(test_boxes_that_touch),
                cmocka_unit_test(test_no_boxes),
                cmocka_unit_test(test_lines),
                cmocka_unit_test(test_strike_through_few_letters),
                cmocka_unit_test(test_broken_rulings),
                cmocka_unit_test(test_letter_between_rulings),
                cmocka_unit_test(test_bold),
                cmocka_unit_test(test_table),
                cmocka_unit_test(test_dots),
                cmocka_unit_test(test_resolution),
                cmocka_unit_test(test_orientation),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
