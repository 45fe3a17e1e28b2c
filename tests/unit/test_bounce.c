/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "core/bounce.h"
#include "core/mail.h"

static void by_status(void **state)
{
        static const struct {
                const char *status;
                enum bounce_kind kind;
        } rows[] = { { "5.1.1", BOUNCE_PERMANENT }, { "5.2.2", BOUNCE_TEMPORARY },
                { "4.4.7", BOUNCE_TEMPORARY }, { NULL, BOUNCE_OTHER }, { "2.0.0", BOUNCE_OTHER } };

        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                struct mail mail = { .returned_status = (char *)(uintptr_t)rows[i].status,
                        .returned_recipient = (char[]){ "a@example.org" } };
                struct bounce bounce;

                bounce_judge(&mail, &bounce);
                assert_int_equal(bounce.kind, rows[i].kind);
                assert_string_equal(bounce.status, rows[i].status ? rows[i].status : "");
                assert_ptr_equal(bounce.recipient, mail.returned_recipient);
        }
}

static void names(void **state)
{
        (void)state;
        assert_string_equal(bounce_kind_name(BOUNCE_PERMANENT), "permanent");
        assert_string_equal(bounce_kind_name(BOUNCE_TEMPORARY), "temporary");
        assert_string_equal(bounce_kind_name(BOUNCE_DELAY), "delay");
        assert_string_equal(bounce_kind_name(BOUNCE_OTHER), "other");
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(by_status), cmocka_unit_test(names) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
