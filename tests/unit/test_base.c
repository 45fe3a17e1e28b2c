/* SPDX-License-Identifier: GPL-3.0-or-later */
/* libs: base */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/io.h"
#include "base/mem.h"
#include "base/str.h"
#include "base/wire.h"

static void test_buf_keeps_its_maximum(void **state)
{
        struct buf buf = BUF_INIT(8);

        (void)state;
        assert_string_equal(buf_text(&buf), "");
        assert_int_equal(buf_puts(&buf, "12345678"), 0);
        assert_int_equal(buf_putc(&buf, '9'), -1);
        assert_true(buf_failed(&buf));
        assert_string_equal(buf_text(&buf), "12345678");
        assert_int_equal(buf_add(&buf, "", 0), -1); /* once full, it stays so */
        buf_reset(&buf);
        assert_int_equal(buf_printf(&buf, "%d-%s", 12, "abc"), 0);
        assert_string_equal(buf_text(&buf), "12-abc");
        assert_int_equal(buf_printf(&buf, "%s", "too long"), -1);
        buf_free(&buf);
}

static void test_str_numbers(void **state)
{
        int64_t n = 7;

        (void)state;
        assert_int_equal(str_to_int("42", 0, 100, &n), 0);
        assert_int_equal(n, 42);
        assert_int_equal(str_to_int("-3", -5, 5, &n), 0);
        assert_int_equal(n, -3);
        assert_int_equal(str_to_int("-3", 0, 5, &n), -1);
        assert_int_equal(str_to_int("101", 0, 100, &n), -1);
        assert_int_equal(str_to_int("4x", 0, 100, &n), -1);
        assert_int_equal(str_to_int(" 4", 0, 100, &n), -1);
        assert_int_equal(str_to_int("", 0, 100, &n), -1);
        assert_int_equal(str_to_int("99999999999999999999", 0, INT64_MAX, &n), -1);
        assert_int_equal(n, -3);
}

static void test_str_utf8(void **state)
{
        (void)state;
        assert_true(str_is_utf8("za\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87", 10));
        assert_true(str_is_utf8("", 0));
        assert_false(str_is_utf8("a\0b", 3));
        assert_false(str_is_utf8("\xc0\xaf", 2));         /* overlong */
        assert_false(str_is_utf8("\xed\xa0\x80", 3));     /* surrogate */
        assert_false(str_is_utf8("\xf4\x90\x80\x80", 4)); /* beyond U+10FFFF */
        assert_false(str_is_utf8("\xc5", 1));             /* cut off */
        assert_true(str_is_utf8("\xf0\x9f\x98\x80", 4));
}

static void test_str_utf8_of(void **state)
{
        static const struct {
                uint32_t c;
                const char *text;
        } cases[] = { { 'a', "a" }, { 0x7F, "\x7f" }, { 0x80, "\xc2\x80" }, { 0x142, "ł" },
                { 0x7FF, "\xdf\xbf" }, { 0x800, "\xe0\xa0\x80" }, { 0x2612, "☒" }, { 0xFFFF, "\xef\xbf\xbf" },
                { 0x1F600, "😀" }, { 0x10FFFF, "\xf4\x8f\xbf\xbf" }, { 0x110000, "\uFFFD" },
                { 0xD800, "\uFFFD" } };

        (void)state;
        for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
                char text[5];

                assert_int_equal(str_utf8_of(cases[i].c, text), strlen(cases[i].text));
                assert_string_equal(text, cases[i].text);
        }
}

static void test_err_keeps_the_class(void **state)
{
        struct err err = { 0 };

        (void)state;
        assert_int_equal(err_set(&err, ERR_PERM, "wrong %s", "password"), -1);
        assert_int_equal(err_prefix(&err, "mailbox %d", 1), -1);
        assert_string_equal(err.text, "mailbox 1: wrong password");
        assert_int_equal(err.class, ERR_PERM);
        assert_int_equal(err_set(NULL, ERR_BUG, "nobody listens"), -1);
}

static void test_memfd_must_be_sealed(void **state)
{
        struct err err;
        struct io_map map;
        int fd = io_memfd("x", "hello", 5, &err), fds[2];

        (void)state;
        assert_true(fd >= 0);
        assert_int_equal(io_map_memfd(fd, 4, &map, &err), -1);
        assert_int_equal(err.class, ERR_INPUT);
        assert_int_equal(io_map_memfd(fd, 5, &map, &err), 0);
        assert_memory_equal(map.data, "hello", 5);
        io_unmap(&map);
        assert_int_equal(write(fd, "x", 1), -1);
        close(fd);
        assert_int_equal(pipe(fds), 0);
        assert_int_equal(io_map_memfd(fds[0], 100, &map, &err), -1);
        close(fds[0]);
        close(fds[1]);
}

static void test_wire_carries_records_and_descriptors(void **state)
{
        struct wire_record record;
        struct err err;
        int ends[2], fd, got;
        json_t *json = json_pack("{s:s, s:i}", "op", "message", "id", 5);
        const char *text;
        json_int_t number;
        char bytes[8] = "";

        (void)state;
        assert_int_equal(wire_pair(ends, &err), 0);
        assert_int_equal(wire_receive(ends[0], &record, &err), -1);
        assert_int_equal(errno, EAGAIN);
        fd = io_memfd("x", "bytes", 5, &err);
        assert_int_equal(wire_send(ends[1], json, &fd, 1, &err), 0);
        close(fd);
        assert_int_equal(wire_receive(ends[0], &record, &err), 1);
        assert_string_equal(wire_op(record.json), "message");
        assert_int_equal(wire_integer(record.json, "id", 0, 9, &number, &err), 0);
        assert_int_equal(number, 5);
        assert_int_equal(wire_integer(record.json, "id", 6, 9, &number, &err), -1);
        assert_int_equal(wire_string(record.json, "id", 9, &text, &err), -1);
        assert_int_equal(wire_string(record.json, "op", 3, &text, &err), -1);
        got = wire_take_fd(&record, 0);
        assert_int_equal(read(got, bytes, sizeof bytes), 5);
        assert_string_equal(bytes, "bytes");
        close(got);
        wire_free(&record);
        json_decref(json);
        assert_false(wire_is_closed(ends[0]));
        close(ends[1]);
        assert_int_equal(wire_receive(ends[0], &record, &err), 0);
        assert_true(wire_is_closed(ends[0]));
        close(ends[0]);
}

static void put(int sock, const char *bytes, size_t size)
{
        assert_int_equal(send(sock, bytes, size, 0), (ssize_t)size);
}

static void test_wire_hears_the_last_words(void **state)
{
        struct wire_record record;
        struct err err;
        int ends[2];

        (void)state;
        assert_int_equal(wire_pair(ends, &err), 0);
        put(ends[0], "{\"op\":\"unread\"}", 15);
        put(ends[1], "{\"op\":\"last\"}", 13);
        close(ends[1]);
        assert_int_equal(wire_receive(ends[0], &record, &err), 1);
        assert_string_equal(wire_op(record.json), "last");
        wire_free(&record);
        assert_int_equal(wire_receive(ends[0], &record, &err), 0);
        close(ends[0]);
}

static void test_wire_believes_nobody(void **state)
{
        struct wire_record record;
        struct err err;
        int ends[2];
        char deep[200], *large;

        (void)state;
        assert_int_equal(wire_pair(ends, &err), 0);
        put(ends[1], "[1]", 3);
        assert_int_equal(wire_receive(ends[0], &record, &err), -1);
        put(ends[1], "{\"op\":", 6);
        assert_int_equal(wire_receive(ends[0], &record, &err), -1);
        put(ends[1], "{\"a\":1,\"a\":2}", 13);
        assert_int_equal(wire_receive(ends[0], &record, &err), -1);
        memset(deep, '[', sizeof deep);
        memcpy(deep, "{\"a\":", 5);
        memset(deep + 5 + 90, ']', 90);
        deep[185] = '}';
        put(ends[1], deep, 186);
        assert_int_equal(wire_receive(ends[0], &record, &err), -1);
        assert_non_null(strstr(err.text, "deep"));
        large = xmalloc(LIMIT_RECORD + 10);
        memset(large, ' ', LIMIT_RECORD + 10);
        memcpy(large, "{}", 2);
        put(ends[1], large, LIMIT_RECORD + 10);
        assert_int_equal(wire_receive(ends[0], &record, &err), -1);
        assert_non_null(strstr(err.text, "cut off"));
        free(large);
        close(ends[0]);
        close(ends[1]);
}

int main(void)
{
        const struct CMUnitTest tests[] = {
                cmocka_unit_test(test_buf_keeps_its_maximum),
                cmocka_unit_test(test_str_numbers),
                cmocka_unit_test(test_str_utf8),
                cmocka_unit_test(test_str_utf8_of),
                cmocka_unit_test(test_err_keeps_the_class),
                cmocka_unit_test(test_memfd_must_be_sealed),
                cmocka_unit_test(test_wire_carries_records_and_descriptors),
                cmocka_unit_test(test_wire_hears_the_last_words),
                cmocka_unit_test(test_wire_believes_nobody),
        };

        return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
