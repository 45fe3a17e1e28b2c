/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

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

static void test_alarm_letters(void **state)
{
        char *subject, *body;

        (void)state;
        notice_alarm_letter("login smtp", "20 stycznia 2012, 12:00", "pl", &subject, &body);
        assert_string_equal(subject, "Zapisy: program potrzebuje pomocy");
        assert_non_null(strstr(body, "20 stycznia 2012, 12:00: dost\u0119p programu"));
        assert_non_null(strstr(body, "zapisyctl login smtp."));
        free(subject);
        free(body);
        notice_alarm_letter("token-file mailbox", "20 January 2012, 12:00", "en", &subject, &body);
        assert_string_equal(subject, "Registrations: the program needs help");
        assert_non_null(strstr(body, "zapisyctl status."));
        free(subject);
        free(body);
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
        assert_string_equal(
            notice_review("x", "a form, but only in quoted text; the document is damaged", "pl"),
            "zgłoszenie wpisane w zacytowany tekst");
        assert_string_equal(notice_review("new kind", "a reason", "pl"), "a reason");
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_alarms),
                cmocka_unit_test(test_alarm_letters),
                cmocka_unit_test(test_reviews),
        };

        return cmocka_run_group_tests_name("notice", tests, NULL, NULL);
}
