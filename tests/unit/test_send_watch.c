/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: send base */
/* A file written again is the same file; one put in its place is not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/io.h"
#include "send/watch.h"

static void test_watch(void **state)
{
        char folder[] = "/tmp/zapisy-watch-XXXXXX", path[64];
        struct watch none, first;
        FILE *f;

        (void)state;
        assert_non_null(mkdtemp(folder));
        snprintf(path, sizeof path, "%s/ca.pem", folder);
        none = watch_file(path);
        assert_false(watch_is_outdated(&none));
        assert_int_equal(io_write_file(path, "1", 1, 0600, NULL), 0);
        assert_true(watch_is_outdated(&none));

        first = watch_file(path);
        f = fopen(path, "w");
        assert_true(f && fputs("2", f) >= 0 && fclose(f) == 0);
        assert_false(watch_is_outdated(&first));
        f = fopen(path, "r"); /* so that its number is not given to the next file */
        assert_int_equal(io_write_file(path, "3", 1, 0600, NULL), 0);
        assert_true(watch_is_outdated(&first));
        fclose(f);

        unlink(path);
        assert_true(watch_is_outdated(&first));
        assert_false(watch_is_outdated(&none));
        rmdir(folder);
}

static void test_no_file_is_named(void **state)
{
        struct watch watch = watch_file("");

        (void)state;
        assert_false(watch_is_outdated(&watch));
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_watch),
                cmocka_unit_test(test_no_file_is_named),
        };

        return cmocka_run_group_tests(tests, NULL, NULL);
}
