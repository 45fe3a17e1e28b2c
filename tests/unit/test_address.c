/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/address.h"

static void same(char *text, const char *expected)
{
        if (!expected) {
                assert_null(text);
                return;
        }
        assert_non_null(text);
        assert_string_equal(text, expected);
        free(text);
}

static void validity(void **state)
{
        static const char *const good[] = { "jan@example.org", "a.b+c@sub.example.org", "x@localhost",
                "zażółć@example.org", "jan@gmina-łódź.example", "o'neill=1@example.org", "a@b_c.example" };
        static const char *const bad[] = { "", "jan", "@example.org", "jan@", "jan@@example.org",
                "jan@a@example.org", ".jan@example.org", "jan.@example.org", "a..b@example.org",
                "jan@.example.org", "jan@example.", "jan@example..org", "jan@-example.org",
                "jan@example-.org", "jan kowalski@example.org", "jan@exam ple.org",
                "jan@example.org\r\nRCPT TO:<x@y>", "jan@example.org\n", "<jan@example.org>",
                "\"jan k\"@example.org", "jan@[127.0.0.1]", "jan@example.org,ala@example.org",
                "jan\xc2\xa0@example.org", "jan\xe2\x80\x8b@example.org", "jan\xff@example.org",
                "jan\x7f@example.org", "jan\xc2\x85@example.org" };
        char overlong[300];

        (void)state;
        for (size_t i = 0; i < sizeof good / sizeof *good; i++)
                if (!address_is_valid(good[i]))
                        fail_msg("refused: %s", good[i]);
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
                if (address_is_valid(bad[i]))
                        fail_msg("taken: %s", bad[i]);
        assert_false(address_is_valid(NULL));
        memset(overlong, 'a', sizeof overlong);
        memcpy(overlong + 200, "@example.org", 13);
        assert_true(address_is_valid(overlong));
        memset(overlong, 'a', sizeof overlong);
        memcpy(overlong + 250, "@example.org", 13);
        assert_false(address_is_valid(overlong));
}

static void comparing(void **state)
{
        (void)state;
        same(address_normalise("Jan.K@Example.ORG"), "Jan.K@example.org");
        same(address_normalise("Jan K@Example.ORG"), NULL);
        assert_true(address_equal("Jan.K@Example.ORG", "jan.k@example.org"));
        assert_false(address_equal("jan@example.org", "jan@example.com"));
        assert_false(address_equal(NULL, NULL));
        assert_string_equal(address_domain("jan@example.org"), "example.org");
        assert_string_equal(address_domain("jan"), "");
        assert_string_equal(address_domain(NULL), "");
}

static void registered(void **state)
{
        (void)state;
        same(address_registered("jan@example.org", NULL), "jan@example.org");
        same(address_registered("jan@example.org", "biuro@EXAMPLE.org"), "biuro@example.org");
        same(address_registered("jan@example.org", "ktos@example.com"), "jan@example.org");
        same(address_registered("jan@example.org", "ktos@sub.example.org"), "jan@example.org");
        same(address_registered("jan@example.org", "junk\r\n@example.org"), "jan@example.org");
        same(address_registered(NULL, "jan@example.org"), NULL);
        same(address_registered("jan", "jan@example.org"), NULL);
}

static void plus_tags(void **state)
{
        const char *base = "agnieszka.szuba@rcwip.example";

        (void)state;
        same(address_plus_tag("agnieszka.szuba+mw-7k3m@rcwip.example", base), "mw-7k3m");
        same(address_plus_tag("Agnieszka.Szuba+MW@RCWIP.example", base), "MW");
        same(address_plus_tag("agnieszka.szuba+a+b@rcwip.example", base), "a+b");
        same(address_plus_tag("agnieszka.szuba@rcwip.example", base), NULL);
        same(address_plus_tag("agnieszka.szuba+@rcwip.example", base), NULL);
        same(address_plus_tag("agnieszka.szuba+mw@other.example", base), NULL);
        same(address_plus_tag("ktos+mw@rcwip.example", base), NULL);
        same(address_plus_tag("a+b@rcwip.example", base), NULL);
        same(address_plus_tag(NULL, base), NULL);
}

static void for_the_wire(void **state)
{
        static const struct {
                const char *address, *wire;
        } rows[] = {
                { "jan@example.org", "jan@example.org" },
                { "jan@my_host.example", "jan@my_host.example" },
                { "jan@gmina-\u0142\u00f3d\u017a.example", "jan@xn--gmina-d-q0a42esr.example" },
                { "jan@\u0142\u00f3d\u017a\uff0eexample", "jan@xn--d-uga0v4h.example" }, /* a wide dot */
                { "\u017c\u00f3\u0142w@example.org", "\u017c\u00f3\u0142w@example.org" },
                { "jan@\u200b.example", NULL },
                { "jan@-\u0142.example", NULL },
                { "a@b\r\nDATA", NULL },
                { "nobody", NULL },
        };

        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                char *wire = address_for_wire(rows[i].address);

                if (rows[i].wire)
                        assert_string_equal(wire, rows[i].wire);
                else
                        assert_null(wire);
                free(wire);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(validity), cmocka_unit_test(comparing),
                cmocka_unit_test(registered), cmocka_unit_test(plus_tags), cmocka_unit_test(for_the_wire) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
