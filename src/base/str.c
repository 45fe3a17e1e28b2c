/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "base/str.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/mem.h"

bool str_equal(const char *a, const char *b)
{
        return a && b ? strcmp(a, b) == 0 : a == b;
}

bool str_equal_nocase(const char *a, const char *b)
{
        return a && b ? strcasecmp(a, b) == 0 : a == b;
}

bool str_starts(const char *text, const char *prefix)
{
        return strncmp(text, prefix, strlen(prefix)) == 0;
}

bool str_starts_nocase(const char *text, const char *prefix)
{
        return strncasecmp(text, prefix, strlen(prefix)) == 0;
}

bool str_contains_nocase(const char *text, const char *part)
{
        size_t n = strlen(part);

        for (; *text; text++)
                if (strncasecmp(text, part, n) == 0)
                        return true;
        return n == 0;
}

static bool is_space(char c)
{
        return c == ' ' || (c >= '\t' && c <= '\r');
}

bool str_is_empty(const char *text)
{
        while (text && is_space(*text))
                text++;
        return !text || !*text;
}

char *str_trim(char *text)
{
        size_t n;

        while (is_space(*text))
                text++;
        for (n = strlen(text); n && is_space(text[n - 1]);)
                text[--n] = '\0';
        return text;
}

int str_to_int(const char *text, int64_t min, int64_t max, int64_t *ret_number)
{
        const char *digits = min < 0 && *text == '-' ? text + 1 : text;
        char *end;
        long long n;

        if (*digits < '0' || *digits > '9')
                return -1;
        errno = 0;
        n = strtoll(text, &end, 10);
        if (errno || *end || n < min || n > max)
                return -1;
        *ret_number = n;
        return 0;
}

void str_to_hex(const void *bytes, size_t size, char *ret_hex)
{
        static const char digits[] = "0123456789abcdef";
        const unsigned char *b = bytes;

        for (size_t i = 0; i < size; i++) {
                ret_hex[2 * i] = digits[b[i] >> 4];
                ret_hex[2 * i + 1] = digits[b[i] & 15];
        }
        ret_hex[2 * size] = '\0';
}

/* Length of the sequence that starts with this byte, 0 when none does. */
static size_t utf8_length(unsigned char c)
{
        if (c < 0x80)
                return c ? 1 : 0;
        if (c >= 0xc2 && c <= 0xdf)
                return 2;
        if (c >= 0xe0 && c <= 0xef)
                return 3;
        return c >= 0xf0 && c <= 0xf4 ? 4 : 0;
}

static bool utf8_second_ok(unsigned char first, unsigned char second)
{
        switch (first) {
        case 0xe0:
                return second >= 0xa0;
        case 0xed:
                return second <= 0x9f;
        case 0xf0:
                return second >= 0x90;
        case 0xf4:
                return second <= 0x8f;
        default:
                return true;
        }
}

bool str_is_utf8(const char *text, size_t size)
{
        const unsigned char *b = (const unsigned char *)text;

        for (size_t i = 0; i < size;) {
                size_t n = utf8_length(b[i]);

                if (!n || n > size - i || (n > 1 && !utf8_second_ok(b[i], b[i + 1])))
                        return false;
                for (size_t k = 1; k < n; k++)
                        if ((b[i + k] & 0xc0) != 0x80)
                                return false;
                i += n;
        }
        return true;
}

size_t str_utf8_of(uint32_t c, char ret_text[5])
{
        static const unsigned char leads[] = { 0, 0, 0xC0, 0xE0, 0xF0 };
        size_t size;

        if (c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
                c = 0xFFFD;
        size = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
        ret_text[size] = 0;
        for (size_t i = size - 1; i > 0; i--, c >>= 6)
                ret_text[i] = (char)(0x80 | (c & 0x3F));
        ret_text[0] = (char)(leads[size] | c);
        return size;
}

void str_list_add(struct str_list *list, const char *text)
{
        str_list_add_take(list, xstrdup(text));
}

void str_list_add_take(struct str_list *list, char *text)
{
        list->items = xreallocarray(list->items, list->count + 1, sizeof *list->items);
        list->items[list->count++] = text;
}

bool str_list_has(const struct str_list *list, const char *text)
{
        for (size_t i = 0; i < list->count; i++)
                if (strcmp(list->items[i], text) == 0)
                        return true;
        return false;
}

void str_list_remove(struct str_list *list, const char *text)
{
        size_t kept = 0;

        for (size_t i = 0; i < list->count; i++) {
                if (strcmp(list->items[i], text) == 0)
                        free(list->items[i]);
                else
                        list->items[kept++] = list->items[i];
        }
        list->count = kept;
}

void str_list_copy(struct str_list *list, const struct str_list *from)
{
        str_list_free(list);
        for (size_t i = 0; i < from->count; i++)
                str_list_add(list, from->items[i]);
}

void str_list_free(struct str_list *list)
{
        for (size_t i = 0; i < list->count; i++)
                free(list->items[i]);
        free(list->items);
        *list = (struct str_list){ 0 };
}

size_t str_characters(const char *text, size_t size)
{
        size_t count = 0;

        for (size_t i = 0; i < size; i++)
                count += ((unsigned char)text[i] & 0xc0) != 0x80;
        return count;
}
