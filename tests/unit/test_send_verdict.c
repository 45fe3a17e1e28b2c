/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: send core base */
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
#include "send/post.h"
#include "send/verdict.h"

static struct grant tokens(int status, const char *body)
{
        return verdict_on_tokens(status, body, strlen(body));
}

static void test_tokens(void **state)
{
        struct grant grant =
            tokens(200, "{\"access_token\":\"ya29.a\",\"token_type\":\"bearer\",\"expires_in\":3599,"
                        "\"refresh_token\":\"1//r\",\"scope\":\"https://mail.google.com/\"}");

        (void)state;
        assert_int_equal(grant.fate, GRANT_GIVEN);
        assert_string_equal(grant.access, "ya29.a");
        assert_string_equal(grant.refresh, "1//r");
        assert_int_equal(grant.expires_in, 3599);
        grant_free(&grant);
        grant = tokens(200, "{\"access_token\":\"a\",\"expires_in\":\"600\"}");
        assert_int_equal(grant.expires_in, 600);
        assert_string_equal(grant.refresh, "");
        grant_free(&grant);
        grant = tokens(200, "{\"access_token\":\"a\",\"expires_in\":-5}");
        assert_int_equal(grant.expires_in, 3600);
        grant_free(&grant);
        grant = tokens(200, "{\"access_token\":\"a\",\"expires_in\":1e300}");
        assert_int_equal(grant.expires_in, 3600);
        grant_free(&grant);
}

static void test_device_codes(void **state)
{
        const char *body =
            "{\"device_code\":\"d\",\"user_code\":\"U-1\",\"verification_url\":\"https://g.co/d\","
            "\"expires_in\":1800,\"interval\":0}";
        struct grant grant = verdict_on_device(200, body, strlen(body));

        (void)state;
        assert_int_equal(grant.fate, GRANT_GIVEN);
        assert_string_equal(grant.device_code, "d");
        assert_string_equal(grant.user_code, "U-1");
        assert_string_equal(grant.address, "https://g.co/d");
        assert_int_equal(grant.interval, 5);
        grant_free(&grant);
}

/* status, body, what it means */
static void test_refusals(void **state)
{
        static const struct {
                int status;
                const char *body;
                enum grant_fate fate;
                const char *says;
        } rows[] = {
                { 400, "{\"error\":\"invalid_grant\"}", GRANT_REFUSED, "(invalid_grant)" },
                { 400, "{\"error\":\"invalid_grant\",\"error_description\":\"AADSTS70008: geheim\"}",
                    GRANT_REFUSED, "(invalid_grant, AADSTS70008)" },
                { 401, "{\"error\":\"invalid_client\"}", GRANT_WRONG, "oauth.client_id" },
                { 400, "{\"error\":\"invalid_scope\"}", GRANT_WRONG, "oauth.scope" },
                { 400, "{\"error\":\"authorization_pending\"}", GRANT_PENDING, "" },
                { 428, "{\"error\":\"authorization_pending\"}", GRANT_PENDING, "" }, /* Google's status */
                { 200, "{\"error\":\"slow_down\"}", GRANT_SLOWER, "" },
                { 400, "{\"error\":\"access_denied\"}", GRANT_DENIED, "denied" },
                { 400, "{\"error\":\"authorization_declined\"}", GRANT_DENIED, "denied" },
                { 400, "{\"error\":\"expired_token\"}", GRANT_EXPIRED, "expired" },
                { 503, "{\"error\":\"temporarily_unavailable\"}", GRANT_AGAIN, "" },
                { 503, "<html>geheim</html>", GRANT_AGAIN, "status 503" },
                { 302, "", GRANT_AGAIN, "redirection" },
                { 400, "{\"error\":\"geheim\"}", GRANT_AGAIN, "status 400" },
                { 400, "{\"error\":7}", GRANT_AGAIN, "status 400" },
                { 200, "", GRANT_AGAIN, "cannot be understood" },
                { 200, "[]", GRANT_AGAIN, "cannot be understood" },
                { 200, "{}", GRANT_AGAIN, "cannot be understood" },
                { 200, "{\"access_token\":\"a b\"}", GRANT_AGAIN, "cannot be understood" },
                { 200, "{\"access_token\":\"a\\r\\nb\"}", GRANT_AGAIN, "cannot be understood" },
                { 200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}", GRANT_WRONG, "Bearer" },
                { 204, "{\"access_token\":\"a\"}", GRANT_AGAIN, "status 204" },
        };

        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                struct grant grant = tokens(rows[i].status, rows[i].body);

                if (grant.fate != rows[i].fate || !strstr(grant.detail, rows[i].says) || !*grant.detail)
                        fail_msg("row %zu: %s: %s", i, grant_fate_name(grant.fate), grant.detail);
                assert_null(strstr(grant.detail, "geheim"));
                assert_null(grant.access);
        }
}

static void test_addresses(void **state)
{
        static const struct {
                const char *url;
                int port; /* 0: not to be used */
        } rows[] = {
                { "https://oauth2.googleapis.com/token", 443 },
                { "https://localhost:8443/token?x=1", 8443 },
                { "http://127.0.0.1:80/token", 80 },
                { "http://[::1]:81/", 81 },
                { "http://example.org/token", 0 },
                { "http://127.0.0.1.example.org/", 0 },
                { "https://user:pw@example.org/", 0 },
                { "file:///etc/passwd", 0 },
                { "ftp://127.0.0.1/", 0 },
                { "", 0 },
        };

        (void)state;
        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
                uint16_t port = 0;
                struct err err;
                int r = post_port(rows[i].url, &port, &err);

                if ((r == 0) != (rows[i].port != 0) || port != rows[i].port)
                        fail_msg("%s: %d, port %d", rows[i].url, r, port);
        }
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_tokens),
                cmocka_unit_test(test_device_codes),
                cmocka_unit_test(test_refusals),
                cmocka_unit_test(test_addresses),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
