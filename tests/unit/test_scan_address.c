/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: page read form core base */
/* E-mail addresses out of what two languages read. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "page/scan_address.h"

static void expect(const char *polish, const char *english, const char *address)
{
        char *found = scan_address_of(polish, english);

        if (address)
                assert_string_equal(found ? found : "nothing", address);
        else
                assert_null(found);
        free(found);
}

static void test_sign(void **state)
{
        static const struct {
                const char *word;
                int at, size; /* -1: none */
        } cases[] = { { "jan.nowakQ\u00a9", 9, 3 }, { "\u00a9Glaka.example", 0, 3 }, { "biuroGQ", 5, 2 },
                { "janQgmina.pl", 3, 1 }, { "(\u00a9gmina.pl", 0, 3 }, { "ISO", -1, 0 }, { "AQUA", -1, 0 },
                { "gmina.pl", -1, 0 } };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
                size_t size = 0;
                const char *sign = scan_address_sign(cases[i].word, &size);

                assert_int_equal(sign ? sign - cases[i].word : -1, cases[i].at);
                assert_int_equal(size, cases[i].size);
        }
}

static void test_address(void **state)
{
        (void)state;
        /* Polish letters, but for those that it does not have. */
        expect("g.nowakowska\u00a9laka-zrodlo.example", "g-nowakowska@laka-zrodio.example",
            "g.nowakowska@laka-zrodlo.example");
        expect("q.nowakQlaka.example", "g.nowak@laka.example", "g.nowak@laka.example");
        expect("g.nowak\u00a9zród\u0142o.example", "g.nowak@zrodlo.example", "g.nowak@zrodlo.example");
        expect("zanetaQ\u00a9cmielow.example.pl", "Zzaneta@cmielow.example.pl", "zaneta@cmielow.example.pl");
        /* The dots of a line to write on. */
        expect("....jan\u00a9gmina.example....", ".-jan@gmina.example....", "jan@gmina.example");
        /* What only one of them sees. */
        expect("jan-at-gmina.example", "jan@gmina.example", "jan@gmina.example");
        expect("jan\u00a9gmina.example", NULL, "jan@gmina.example");
        expect("janQgmina.example", NULL, NULL);
        expect("janQgmina.example", "jan gmina.example", NULL);
        expect("www.gmina.example", "www.gmina.example", NULL);
        /* One side, where an address goes over two lines. */
        expect("janekQ", "janek@", "janek@");
        expect("\u00a9gmina.example", "@grnina.example", "@gmina.example");
        expect("Q", "@", NULL);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(test_sign), cmocka_unit_test(test_address) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
