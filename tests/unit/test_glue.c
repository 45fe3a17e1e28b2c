/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: form core base */
/* Where a line end was lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "form/glue.h"

static void test_lost(void **state)
{
        static const char *const texts[] = { "ćwiczeń z trybu wnioskowego.Interesuje mnie też orzecznictwo",
                "Os. Źródlane 7 m. 366-300 Międzyrzecz", "ul. Długa 5a66-300 Międzyrzecz",
                "Os. ŹródlaneMiędzyrzecz", "czy będzie obiad?Proszę o odpowiedź" };

        (void)state;
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                assert_true(glue_is_likely(texts[i]));
}

static void test_whole(void **state)
{
        static const char *const texts[] = { "ul. Świętojańska 12/4, 81-368 Gdynia",
                "ul.Długa 5, 58-300 Wałbrzych", "proszę dzwonić: 600-100-200 po 15.", "74 665-11-11",
                "pokój 12, tel. 665-111", "www.RokujacyPrzyklad.pl", "Jan.KowalskiNowak@example.org",
                "Wegetariańska. Bez glutenu.", "66-300 Międzyrzecz\nOs. Źródlane 7", "", "dr hab. inż." };

        (void)state;
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                assert_false(glue_is_likely(texts[i]));
}

static void test_undone(void **state)
{
        static const char *const texts[][2] = {
                { "trybu wnioskowego.Interesuje mnie też", "trybu wnioskowego.\nInteresuje mnie też" },
                { "Os. Źródlane 7 m. 366-300 Międzyrzecz", "Os. Źródlane 7 m. 3\n66-300 Międzyrzecz" },
                { "Będę w piątek.Dziękuję!Proszę o fakturę.",
                    "Będę w piątek.\nDziękuję!\nProszę o fakturę." },
                { "Znam LibreOffice", "Znam LibreOffice" },
                { "ul. Długa 5, 58-300 Wałbrzych", "ul. Długa 5, 58-300 Wałbrzych" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
                char *undone = glue_undo(texts[i][0]);

                assert_string_equal(undone, texts[i][1]);
                free(undone);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_lost),
                cmocka_unit_test(test_whole),
                cmocka_unit_test(test_undone),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
