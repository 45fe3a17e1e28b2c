/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "core/notice.h"

static void expect_alarm(const char *alarm, const char *language, const char *sentence)
{
        char *text = notice_alarm(alarm, language);

        assert_string_equal(text, sentence);
        free(text);
}

static void test_alarms(void **state)
{
        (void)state;
        expect_alarm("undeliverable MW-7K3M", "pl",
            "list dotyczący MW-7K3M wrócił jako niemożliwy do doręczenia; proszę zatelefonować");
        expect_alarm("undeliverable MW-7K3M", "en",
            "a letter about MW-7K3M came back as undeliverable; please telephone");
        expect_alarm("counters", "pl", "liczniki miejsc różniły się od rejestru; zostały poprawione");
        expect_alarm("something else", "pl", "something else");
        expect_alarm("count", "pl", "count");
}

static void test_reviews(void **state)
{
        (void)state;
        assert_string_equal(notice_review("request", "asks", "pl"), "prośba o zapisanie, bez formularza");
        assert_string_equal(notice_review("reply", "asks to cancel in answer to our letter", "pl"),
            "odpowiedź na nasz list, prośba o rezygnację");
        assert_string_equal(notice_review("request", "a form, but only in quoted text", "pl"),
            "zgłoszenie wpisane w zacytowany tekst");
        assert_string_equal(notice_review("request", "asks", "en"), "asks");
        assert_string_equal(notice_review("new kind", "a reason", "pl"), "a reason");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_alarms),
                cmocka_unit_test(test_reviews),
        };

        return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
