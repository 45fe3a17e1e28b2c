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

static void test_single(void **state)
{
        static const char *const names[] = { "Anna Nowak", "Anna Nowak-Lis", "Anna Kowalska - Zięba",
                "dr inż. Anna Nowak-Lis", "mgr Jan Lis", "ks. Jan Maria Lis", "Rutger van der Meer",
                "Anna de Ville", "de Ville Anna", "J. Kowalski", "Jan M. Kowalski", "JAN KOWALSKI",
                "NOWAK Anna", "anna nowak", "żaneta śliwińska-gęś", "łukasz żak", "Anna Maria Teresa Nowak",
                "Jean-Luc d'Arc", "Omar al-Masri", "Nguyen Van Anh", "Nowak", "nowak", "Pani Anna Nowak",
                "p. Anna Nowak", "dr hab. n. med. Jan Lis", "st. asp. Jan Lis", "Jan Kowalski vel Nowak",
                "Jan Wójt", "Ewa Starosta", "Jan Szkolnicki", "Anna Gminder", "Юлія Коваль", "Jan Kos ml." };
        static const char *const others[] = { "do ustalenia", "zostanie podane później",
                "w trakcie ustalania", "jeszcze nie wiadomo", "Uczestnik zostanie wskazany później",
                "jak w załączniku", "lista w załączeniu", "przedstawiciel gminy", "sekretarz gminy",
                "pracownik socjalny", "wakat", "prezes zarządu", "Kierownik GOPS", "Dyrektor szkoły",
                "DYREKTOR SZKOŁY", "Pani Dyrektor", "OSP Łęki", "Anna Nowak / Jan Lis",
                "Anna Nowak lub Jan Lis", "ANNA NOWAK LUB JAN LIS", "Anna Nowak (ew. Jan Lis)",
                "Anna Nowak ew. Jan Lis", "Anna Nowak z osobą towarzyszącą", "Anna Nowak - dyrektor",
                "anna nowak - dyrektor", "Anna Nowak z mężem", "Państwo Anna i Jan Nowakowie", "Pani", "mgr",
                "-", "", "Koło „Łęki”" };

        (void)state;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (!name_is_single(names[i]))
                        fail_msg("no name: %s", names[i]);
        for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
                if (name_is_single(others[i]))
                        fail_msg("a name: %s", others[i]);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(test_same), cmocka_unit_test(test_turned),
                cmocka_unit_test(test_single) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
