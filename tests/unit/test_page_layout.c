/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: page read form core base */
/* Pages made of words, rules, boxes and controls to document models. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
/* cmocka needs the above first */
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "page/layout.h"
#include "page/page.h"
#include "read_world.h"

enum { LETTER = 6, HEIGHT = 12, PAGES = 2 };

static struct page pages[PAGES];

static int empty_pages(void **state)
{
        (void)state;
        for (size_t i = 0; i < PAGES; i++)
                pages[i] = (struct page){ .width = 600, .height = 800 };
        return 0;
}

static int free_pages(void **state)
{
        (void)state;
        for (size_t i = 0; i < PAGES; i++)
                page_free(&pages[i]);
        return 0;
}

/* Words with single blanks between them; y: their top. */
static void put(struct page *page, double x, double y, const char *words)
{
        while (*words) {
                size_t size = strcspn(words, " ");

                page_add_word(
                    page, words, size, (struct page_rect){ x, y, x + LETTER * (double)size, y + HEIGHT });
                x += LETTER * (double)(size + 1);
                words += size + (words[size] == ' ');
        }
}

static void across(struct page *page, double x0, double x1, double y)
{
        page_add_rule(page, (struct page_rect){ x0, y, x1, y });
}

static void down(struct page *page, double x, double y0, double y1)
{
        page_add_rule(page, (struct page_rect){ x, y0, x, y1 });
}

static void assert_pages(size_t count, unsigned marks, const char *expected)
{
        struct document doc = { .name = xstrdup("f") };
        char *model;

        layout_pages(pages, count, marks, &doc);
        model = read_world_model(&doc);
        assert_string_equal(model, expected);
        free(model);
        document_free(&doc);
}

static void test_lines(void **state)
{
        (void)state;
        put(&pages[0], 50, 102, "Kowalski"); /* a little lower, and later in the file */
        put(&pages[0], 20, 100, "Jan");
        put(&pages[0], 300, 100, "Kraków");
        put(&pages[0], 20, 116, "ul. Polna");
        assert_pages(1, 0, "p Jan Kowalski{t:\t}Kraków\np ul. Polna\n");
}

static void test_lines_far_apart_have_an_empty_one_between(void **state)
{
        (void)state;
        put(&pages[0], 20, 100, "jeden");
        put(&pages[0], 20, 140, "dwa");
        assert_pages(1, 0, "p jeden\np \np dwa\n");
}

static void test_a_sentence_that_goes_on(void **state)
{
        (void)state;
        put(&pages[0], 20, 100, "Wyrażam zgodę na przetwarzanie moich");
        put(&pages[0], 20, 114, "danych osobowych.");
        put(&pages[0], 20, 128, "Inne.");
        assert_pages(1, 0, "p Wyrażam zgodę na przetwarzanie moich danych osobowych.\np Inne.\n");
}

static void test_strikes_and_underlines(void **state)
{
        (void)state;
        put(&pages[0], 20, 100, "TAK / NIE");
        across(&pages[0], 19, 39, 106);
        across(&pages[0], 56, 74, 111);
        assert_pages(1, 0, "p {s:TAK} / {u:NIE}\n");
}

/* ... also through the dots that it was written on. */
static void test_strikes_through_dots(void **state)
{
        (void)state;
        put(&pages[0], 20, 100, "Nazwisko: .................... Kos Lis");
        across(&pages[0], 80, 224, 106);
        assert_pages(1, 0, "p Nazwisko: .... {s:Kos} Lis\n");
}

/* A line longer than what stands on it is one to write on. */
static void test_lines_to_write_on(void **state)
{
        (void)state;
        put(&pages[0], 20, 100, "Nazwisko: Nowak");
        across(&pages[0], 80, 400, 112);
        assert_pages(1, 0, "p Nazwisko: Nowak ....\n");
}

static void test_tables(void **state)
{
        (void)state;
        for (int row = 0; row < 3; row++)
                across(&pages[0], 20, 320, 100 + 20 * row);
        down(&pages[0], 20, 100, 140);
        down(&pages[0], 320, 100, 140);
        down(&pages[0], 120, 120, 140);
        put(&pages[0], 24, 104, "Razem");
        put(&pages[0], 24, 124, "Imię");
        put(&pages[0], 124, 124, "Jan");
        put(&pages[0], 20, 150, "koniec");
        assert_pages(1, 0, "[0 0 0 1x2]Razem\n[0 1 0]Imię\n[0 1 1]Jan\np koniec\n");
}

static void test_tables_with_lines_between_rows_only(void **state)
{
        static const char *const words[][2] = { { "Nazwisko", "Nowak" }, { "Urząd", "Starostwo, Wydział" },
                { "Adres", "" }, { "Telefon", "600100200" } };

        (void)state;
        for (int row = 0; row < 4; row++) {
                across(&pages[0], 20, 320, 100 + 30 * row);
                put(&pages[0], 22, 104 + 30 * row, words[row][0]);
                put(&pages[0], 122, 104 + 30 * row, words[row][1]);
        }
        put(&pages[0], 122, 147, "Oświaty");
        across(&pages[0], 20, 320, 220);
        assert_pages(1, 0,
            "[0 0 0]Nazwisko\n[0 0 1]Nowak\n[0 1 0]Urząd\n[0 1 1]Starostwo, Wydział\n[0 1 1]Oświaty\n"
            "[0 2 0]Adres\n[0 2 1]\n[0 3 0]Telefon\n[0 3 1]600100200\n");
}

static void test_a_frame_is_no_table(void **state)
{
        (void)state;
        across(&pages[0], 20, 320, 100);
        across(&pages[0], 20, 320, 140);
        down(&pages[0], 20, 100, 140);
        down(&pages[0], 320, 100, 140);
        put(&pages[0], 24, 110, "Uwaga!");
        assert_pages(1, 0, "p Uwaga!\n");
}

static void test_dashed_lines(void **state)
{
        (void)state;
        for (int x = 20; x < 320; x += 4) {
                across(&pages[0], x, x + 2, 100);
                across(&pages[0], x, x + 2, 120);
        }
        down(&pages[0], 20, 100, 120);
        down(&pages[0], 120, 100, 120);
        down(&pages[0], 318, 100, 120);
        put(&pages[0], 24, 104, "a");
        put(&pages[0], 124, 104, "b");
        assert_pages(1, 0, "[0 0 0]a\n[0 0 1]b\n");
}

static void test_boxes(void **state)
{
        (void)state;
        page_add_box(&pages[0], (struct page_rect){ 20, 101, 30, 111 }, false);
        page_add_box(&pages[0], (struct page_rect){ 60, 101, 70, 111 }, true);
        page_add_box(&pages[0], (struct page_rect){ 100, 101, 110, 111 }, true)->doubtful = true;
        page_add_box(&pages[0], (struct page_rect){ 140, 101, 150, 111 }, false);
        put(&pages[0], 142, 100, "x");
        put(&pages[0], 34, 100, "a");
        assert_pages(1, 0, "p {x:☐} a{t:\t}{xX:☒}{t:\t}{xX?:☒}{t:\t}{xX:☒}\n");
}

static void test_controls(void **state)
{
        struct page_control *control;

        (void)state;
        put(&pages[0], 20, 100, "Imię .............................");
        control = page_add_control(&pages[0], PAGE_CONTROL_TEXT, (struct page_rect){ 60, 98, 200, 112 });
        control->text = xstrdup("Jan");
        control->name = xstrdup("imie");
        control = page_add_control(&pages[0], PAGE_CONTROL_BOX, (struct page_rect){ 20, 130, 30, 140 });
        control->name = xstrdup("zgoda");
        assert_pages(1, 0, "p Imię {F imie:Jan} ....\np \np {xF zgoda:☐}\n");
}

static void test_rings_are_doubtful(void **state)
{
        (void)state;
        put(&pages[0], 20, 100, "TAK NIE");
        page_add_scrawl(&pages[0], (struct page_rect){ 40, 96, 66, 116 });
        assert_pages(1, 0, "p TAK {xX?:☒}{?:NIE}\n");
}

static void test_pages_that_were_recognised(void **state)
{
        (void)state;
        put(&pages[0], 20, 100, "Jan");
        put(&pages[1], 20, 100, "Adam");
        pages[1].doubtful = true;
        assert_pages(2, 0, "p Jan\np {r:Adam}\n");
        assert_pages(1, RUN_DOUBTFUL, "p {?:Jan}\n");
}

static void test_page_numbers(void **state)
{
        (void)state;
        for (size_t i = 0; i < 2; i++) {
                put(&pages[i], 20, 20, "Gmina Dobra");
                put(&pages[i], 20, 400, i ? "dwa" : "jeden");
                put(&pages[i], 280, 780, i ? "Strona 2 z 2" : "Strona 1 z 2");
        }
        assert_pages(2, 0, "p Gmina Dobra\np \np jeden\np dwa\n");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test_setup_teardown(test_lines, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(
                    test_lines_far_apart_have_an_empty_one_between, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(test_a_sentence_that_goes_on, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(test_strikes_and_underlines, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(test_strikes_through_dots, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(test_lines_to_write_on, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(test_tables, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(
                    test_tables_with_lines_between_rows_only, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(test_a_frame_is_no_table, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(test_dashed_lines, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(test_boxes, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(test_controls, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(test_rings_are_doubtful, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(test_pages_that_were_recognised, empty_pages, free_pages),
                cmocka_unit_test_setup_teardown(test_page_numbers, empty_pages, free_pages),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
