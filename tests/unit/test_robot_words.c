/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: core base */
/* A phrase that is not as fold_key() leaves text would never be found. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "core/bounce_words.h"
#include "core/fold.h"
#include "core/robot_words.h"

static const char *const *const lists[] = { robot_words_greetings, robot_words_bounce_subjects,
        robot_words_bounce_subject_parts, robot_words_bounce_formulas, robot_words_bounce_texts,
        robot_words_returned_rules, robot_words_receipt_subjects, robot_words_receipt_texts,
        robot_words_complaint_subjects, robot_words_complaint_texts, robot_words_auto_subjects,
        robot_words_auto_subject_ends, robot_words_auto_subject_parts, robot_words_auto_formulas,
        robot_words_away, robot_words_back, robot_words_instead, robot_words_later, robot_words_thanks,
        robot_words_received, robot_words_soon, robot_words_challenge, bounce_words_unknown,
        bounce_words_disabled, bounce_words_full, bounce_words_large, bounce_words_host, bounce_words_loop,
        bounce_words_slow, bounce_words_refused, bounce_words_delay, bounce_words_final };

static void folded(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
                for (const char *const *p = lists[i]; *p; p++) {
                        CLEANUP_FREE char *key = fold_key(*p);

                        assert_string_equal(key, *p);
                        assert_true(strlen(*p) > 1);
                }
}

static void once(void **state)
{
        (void)state;
        for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
                for (const char *const *p = lists[i]; *p; p++)
                        for (const char *const *q = p + 1; *q; q++)
                                assert_string_not_equal(*p, *q);
}

int main(void)
{
        const struct CMUnitTest tests[] = { cmocka_unit_test(folded), cmocka_unit_test(once) };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
