/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "core/grant.h"
#include "core/token.h"

static struct token parsed(const char *text)
{
        struct token token;
        struct err err;

        if (token_parse(text, strlen(text), &token, &err) < 0)
                fail_msg("%s: %s", text, err.text);
        return token;
}

/* ---- the file */
static void test_round_trip(void **state)
{
        struct token token =
            parsed("{\"access_token\":\"a-1\",\"refresh_token\":\"r/2=\",\"obtained_at\":1000,"
                   "\"expires_at\":4600,\"token_type\":\"Bearer\"}");
        char *text = token_text(&token);
        struct token again = parsed(text);

        (void)state;
        assert_string_equal(again.access, "a-1");
        assert_string_equal(again.refresh, "r/2=");
        assert_int_equal(again.obtained_at, 1000);
        assert_int_equal(again.expires_at, 4600);
        free(text);
        token_free(&token);
        token_free(&again);
        assert_null(token.access);
}

static void test_what_is_no_token_file(void **state)
{
        static const char *const bad[] = { "", "[]", "{}", "{\"access_token\":\"\"}", "{\"access_token\":7}",
                "{\"access_token\":\"a b\"}", "{\"access_token\":\"a\\r\\nb\"}",
                "{\"access_token\":\"a\\u0000b\"}", "{\"access_token\":\"\\u017c\"}",
                "{\"access_token\":\"a\",\"expires_at\":\"soon\"}",
                "{\"access_token\":\"a\",\"expires_at\":-1}",
                "{\"access_token\":\"a\",\"access_token\":\"b\"}", "{\"refresh_token\":\"a\"" };
        struct token token;

        (void)state;
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
                struct err err = { 0 };

                if (token_parse(bad[i], strlen(bad[i]), &token, &err) == 0)
                        fail_msg("taken: %s", bad[i]);
                assert_int_equal(err.class, ERR_INPUT);
        }
}

/* ---- its life */
static void test_renewed_ahead_of_its_end(void **state)
{
        struct token token = parsed(
            "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"obtained_at\":100000,\"expires_at\":103600}");

        (void)state;
        assert_int_equal(token_renew_at(&token), 103600 - 900);
        assert_true(token_is_valid(&token, 103500));
        assert_false(token_is_valid(&token, 103590));
        token.obtained_at = 0; /* written by another program */
        assert_int_equal(token_renew_at(&token), 103600 - 900);
        token.expires_at = 0;
        assert_int_equal(token_renew_at(&token), INT64_MIN);
        assert_false(token_is_valid(&token, 5));
        token_free(&token);
}

static void test_short_lives(void **state)
{
        struct token token = parsed(
            "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"obtained_at\":1000,\"expires_at\":1008}");

        (void)state;
        assert_int_equal(token_renew_at(&token), 1006);
        assert_true(token_is_valid(&token, 1005));
        assert_false(token_is_valid(&token, 1006));
        token_free(&token);
}

static void test_renewed_by_somebody_else(void **state)
{
        struct token token = parsed("{\"access_token\":\"a\",\"expires_at\":5000}");

        (void)state;
        assert_int_equal(token_renew_at(&token), INT64_MAX);
        assert_true(token_is_valid(&token, 4000));
        assert_false(token_is_valid(&token, 5000));
        token.expires_at = 0;
        assert_true(token_is_valid(&token, 5000));
        token_free(&token);
}

static void test_when_to_alarm(void **state)
{
        struct token token = parsed(
            "{\"access_token\":\"a\",\"refresh_token\":\"r\",\"obtained_at\":100000,\"expires_at\":103600}");

        (void)state;
        assert_true(token_is_alarming(&token, true, 102000, 102000));
        assert_false(token_is_alarming(&token, false, 102000, 102599));
        assert_true(token_is_alarming(&token, false, 102000, 102600));
        assert_false(token_is_alarming(&token, false, 104000, 104059));
        assert_true(token_is_alarming(&token, false, 104000, 104060));
        token_free(&token);
}

/* ---- grants */
static struct grant carried(const struct grant *grant)
{
        char *secrets = NULL;
        json_t *json = grant_record(grant, &secrets);
        char *text = json_dumps(json, 0);
        struct grant got;
        struct err err;

        assert_null(strstr(text, "geheim"));
        if (grant_from_record(json, secrets, secrets ? strlen(secrets) : 0, &got, &err) < 0)
                fail_msg("%s", err.text);
        free(text);
        free(secrets);
        json_decref(json);
        return got;
}

static void test_tokens_travel_apart(void **state)
{
        struct grant given = { .fate = GRANT_GIVEN, .expires_in = 3600 }, got;
        struct token token = { .access = xstrdup("old"), .refresh = xstrdup("kept") };

        (void)state;
        given.access = xstrdup("geheim-1");
        given.refresh = xstrdup("");
        got = carried(&given);
        assert_string_equal(got.access, "geheim-1");
        grant_take(&got, 1000, &token);
        assert_string_equal(token.access, "geheim-1");
        assert_string_equal(token.refresh, "kept");
        assert_int_equal(token.expires_at, 4600);
        grant_free(&got);
        free(given.refresh);
        given.refresh = xstrdup("geheim-2");
        got = carried(&given);
        grant_take(&got, 1000, &token);
        assert_string_equal(token.refresh, "geheim-2");
        grant_free(&got);
        grant_free(&given);
        token_free(&token);
}

static void test_device_codes_travel(void **state)
{
        struct grant given = { .fate = GRANT_GIVEN, .expires_in = 900, .interval = 5 }, got;

        (void)state;
        given.device_code = xstrdup("geheim");
        given.user_code = xstrdup("ABCD-EFGH");
        given.address = xstrdup("https://example.org/device");
        got = carried(&given);
        assert_string_equal(got.device_code, "geheim");
        assert_string_equal(got.user_code, "ABCD-EFGH");
        assert_int_equal(got.interval, 5);
        grant_free(&got);
        free(given.user_code);
        given.user_code = xstrdup("A\033[2J");
        {
                char *secrets = NULL;
                json_t *json = grant_record(&given, &secrets);
                struct err err;

                assert_int_equal(grant_from_record(json, secrets, strlen(secrets), &got, &err), -1);
                free(secrets);
                json_decref(json);
        }
        grant_free(&given);
}

static void test_other_fates_carry_no_secrets(void **state)
{
        (void)state;
        for (int fate = GRANT_PENDING; fate < GRANT_FATE_COUNT; fate++) {
                struct grant given = { .fate = (enum grant_fate)fate, .detail = "why" },
                             got = carried(&given);

                assert_int_equal(got.fate, fate);
                assert_string_equal(got.detail, "why");
                assert_null(got.access);
                grant_free(&got);
        }
}

static void test_a_grant_is_not_believed(void **state)
{
        static const char *const bad[] = { "{\"op\":\"grant\"}", "{\"fate\":\"given\",\"detail\":\"\"}",
                "{\"fate\":\"other\",\"detail\":\"\"}",
                "{\"fate\":\"given\",\"detail\":\"\",\"expires_in\":0}",
                "{\"fate\":\"given\",\"detail\":\"\",\"expires_in\":3600}" };

        (void)state;
        for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
                json_t *json = json_loads(bad[i], 0, NULL);
                struct grant got;
                struct err err = { 0 };

                if (grant_from_record(
                        json, "{\"access_token\":\"a b\",\"refresh_token\":\"\"}", 38, &got, &err) == 0)
                        fail_msg("taken: %s", bad[i]);
                assert_int_equal(err.class, ERR_INPUT);
                json_decref(json);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_round_trip),
                cmocka_unit_test(test_what_is_no_token_file),
                cmocka_unit_test(test_renewed_ahead_of_its_end),
                cmocka_unit_test(test_short_lives),
                cmocka_unit_test(test_renewed_by_somebody_else),
                cmocka_unit_test(test_when_to_alarm),
                cmocka_unit_test(test_tokens_travel_apart),
                cmocka_unit_test(test_device_codes_travel),
                cmocka_unit_test(test_other_fates_carry_no_secrets),
                cmocka_unit_test(test_a_grant_is_not_believed),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
