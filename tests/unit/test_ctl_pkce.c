/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: ctl registrar config store compose form core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/err.h"
#include "base/mem.h"
#include "config/config.h"
#include "ctl/pkce.h"

/* RFC 7636, appendix B. */
static void test_the_challenge_of_the_rfc(void **state)
{
        char challenge[44];

        (void)state;
        pkce_challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk", challenge);
        assert_string_equal(challenge, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

static struct pkce begun(void)
{
        const struct config_oauth oauth = { .auth_url = (char *)(uintptr_t) "https://a.example/auth?hl=pl",
                .client_id = (char *)(uintptr_t) "c d",
                .scope = (char *)(uintptr_t) "https://mail.google.com/" };
        struct pkce pkce;

        pkce_begin(&oauth, "me@example.org", &pkce);
        return pkce;
}

static void test_the_address(void **state)
{
        struct pkce one = begun(), two = begun();

        (void)state;
        assert_int_equal(
            strncmp(one.address, "https://a.example/auth?hl=pl&response_type=code&client_id=c%20d&", 64), 0);
        assert_non_null(strstr(one.address, "scope=https%3A%2F%2Fmail.google.com%2F&"));
        assert_non_null(strstr(one.address, "login_hint=me%40example.org"));
        assert_non_null(strstr(one.address, one.challenge));
        assert_null(strstr(one.address, one.verifier));
        assert_int_equal(strlen(one.verifier), 43);
        assert_string_not_equal(one.verifier, two.verifier);
        assert_string_not_equal(one.state, two.state);
        pkce_end(&one);
        pkce_end(&two);
}

static void expect_code(const struct pkce *pkce, const char *pasted, const char *code)
{
        char *got = NULL;
        struct err err = { 0 };
        int r = pkce_code(pkce, pasted, &got, &err);

        if (code ? r < 0 || strcmp(got, code) != 0 : r == 0 || err.class != ERR_INPUT)
                fail_msg("%s: %s", pasted, got ? got : err.text);
        free(got);
}

static void test_what_is_pasted(void **state)
{
        struct pkce pkce = begun();
        char *good = xasprintf("http://127.0.0.1:8025/?state=%s&code=4%%2F0Aa-b&scope=x", pkce.state);
        char *fragment = xasprintf("http://127.0.0.1:8025/?code=4/0Aa-b&state=%s#code=no", pkce.state);
        char *foreign = xasprintf("http://127.0.0.1:8025/?xcode=1&state=%s", pkce.state);
        char *refused = xasprintf("http://127.0.0.1:8025/?error=access_denied&state=%s&code=a", pkce.state);
        char *forged = xasprintf("http://127.0.0.1:8025/?code=a%%0d%%0ab&state=%s", pkce.state);

        (void)state;
        expect_code(&pkce, good, "4/0Aa-b");
        expect_code(&pkce, fragment, "4/0Aa-b");
        expect_code(&pkce, "  4/0Aa-b\n", "4/0Aa-b");
        expect_code(&pkce, foreign, NULL);
        expect_code(&pkce, refused, NULL);
        expect_code(&pkce, forged, NULL);
        expect_code(&pkce, "http://127.0.0.1:8025/?code=a&state=0", NULL);
        expect_code(&pkce, "http://127.0.0.1:8025/?code=a", NULL);
        expect_code(&pkce, "?", NULL);
        expect_code(&pkce, "", NULL);
        expect_code(&pkce, "a b", NULL);
        free(good);
        free(fragment);
        free(foreign);
        free(refused);
        free(forged);
        pkce_end(&pkce);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_the_challenge_of_the_rfc),
                cmocka_unit_test(test_the_address),
                cmocka_unit_test(test_what_is_pasted),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
