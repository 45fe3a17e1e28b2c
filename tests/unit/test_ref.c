/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/ref.h"

static void finds(const char *text, const char *ref, const char *token)
{
        char *found_ref = NULL, *found_token = NULL;

        if (ref_find_token(text, &found_ref, &found_token) < 0) {
                if (ref)
                        fail_msg("not found in: %s", text);
                return;
        }
        if (!ref)
                fail_msg("found %s in: %s", found_ref, text);
        assert_string_equal(found_ref, ref);
        assert_string_equal(found_token, token);
        free(found_ref);
        free(found_token);
}

static void tokens(void **state)
{
        const char *ref = "MW-7K3M", *token = "ABCDEFGH23456789";

        (void)state;
        finds("Re: REZYGNACJA MW-7K3M-ABCDEFGH23456789", ref, token);
        finds("re: rezygnacja   mw-7k3m-abcdefgh23456789  ", ref, token);
        finds("mw-7k3m-abcdefgh23456789", ref, token);
        finds("REZYGNACJA MW–7K3M—ABCDEFGH23456789.", ref, token);
        finds("(MW-7K3M-ABCDEFGH23456789)", ref, token);
        finds("MW-7K3M, MW-7K3M-ABCDEFGH23456789", ref, token);
        finds("X-Y MW-7K3M-ABC MW-7K3M-ABCDEFGH23456789", ref, token);
        finds("K2012-7K3MNPQR-ABCDEFGH23456789", "K2012-7K3MNPQR", token);
        finds("MW-7K3M-ABCDEFGH2345678", NULL, NULL);
        finds("MW-7K3M-ABCDEFGH234567890", NULL, NULL);
        finds("MW-7K3M-ABCDEFGH2345678O", NULL, NULL);
        finds("TOOLONGPREFIX-7K3M-ABCDEFGH23456789", NULL, NULL);
        finds("MW-7K-ABCDEFGH23456789", NULL, NULL);
        finds("-7K3M-ABCDEFGH23456789", NULL, NULL);
        finds("MW-7K3M", NULL, NULL);
        finds("", NULL, NULL);
        finds("\xe2\x80", NULL, NULL);
        finds("MW\xe2", NULL, NULL);
        finds(NULL, NULL, NULL);
}

static void references(void **state)
{
        char *ref = ref_find("dot. zgłoszenia mw-7k3m, proszę", "MW");

        (void)state;
        assert_string_equal(ref, "MW-7K3M");
        free(ref);
        ref = ref_find("XY-AAAA i MW-7K3MN", "mw");
        assert_string_equal(ref, "MW-7K3MN");
        free(ref);
        ref = ref_find("MW-7K3M-ABCDEFGH23456789", "MW");
        assert_string_equal(ref, "MW-7K3M");
        free(ref);
        assert_null(ref_find("MW-7K", "MW"));
        assert_null(ref_find("MW-7K3O", "MW"));
        assert_null(ref_find("AMW-7K3M", "MW"));
        assert_null(ref_find("MWA-7K3M", "MW"));
        assert_null(ref_find(NULL, "MW"));
}

static void making(void **state)
{
        unsigned char random[32];
        char *text;

        (void)state;
        for (size_t i = 0; i < sizeof random; i++)
                random[i] = (unsigned char)(i * 11 + 3);
        text = ref_make("MW", REF_LENGTH, random, 8);
        assert_int_equal(strlen(text), 7);
        assert_memory_equal(text, "MW-", 3);
        assert_int_equal(strspn(text + 3, REF_ALPHABET), 4);
        free(text);
        text = ref_token(random, sizeof random);
        assert_int_equal(strlen(text), REF_TOKEN_LENGTH);
        assert_int_equal(strspn(text, REF_ALPHABET), REF_TOKEN_LENGTH);
        free(text);
        /* Bytes that would bias are passed over, unless there is nothing else. */
        memset(random, 255, sizeof random);
        random[4] = random[5] = random[6] = random[7] = 0;
        text = ref_make("MW", REF_LENGTH, random, 8);
        assert_string_equal(text, "MW-2222");
        free(text);
        memset(random, 255, sizeof random);
        text = ref_make("MW", REF_LENGTH, random, 8);
        assert_int_equal(strspn(text + 3, REF_ALPHABET), 4);
        free(text);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(tokens), cmocka_unit_test(references),
                cmocka_unit_test(making) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
