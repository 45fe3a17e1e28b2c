/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: ctl form core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ctl/glance.h"

static bool is_mail(const char *text)
{
        return glance_is_mail(text, strlen(text));
}

static void test_mails(void **state)
{
        static const char *const texts[] = {
                "From: a@example.org\r\nSubject: x\r\n\r\nImię: Jan\r\n",
                "X-Odd: 1\nReceived: from a\n by b;\n\tdate\nDate: x\n\nbody\n",
                "From a@example.org Fri Jan 20 10:00:00 2012\nSubject: x\n\n",
                "Subject: a broken header follows\nno header at all\n\n",
                "Return-Path: <>",
        };

        (void)state;
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                assert_true(is_mail(texts[i]));
}

static void test_documents(void **state)
{
        static const char *const texts[] = {
                "",
                "\n\nSubject: x\n",
                "Telefon: 601 602 603\nStanowisko: prezes\n",
                "Imię i nazwisko: Jan Kowalski\nFrom: x\n",
                "<html><head><title>From: x</title>",
                "PK\003\004",
                "From the first day on\n",
        };

        (void)state;
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
                assert_false(is_mail(texts[i]));
        assert_false(glance_is_mail("\0From: x\n", 9));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_mails),
                cmocka_unit_test(test_documents),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
