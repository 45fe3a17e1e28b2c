/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fetch/words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"

enum { FOLDER_MAX = 4096, CAPABILITIES_MAX = 256 };

static bool is_control(char c)
{
        return (unsigned char)c < 0x20 || c == 0x7f;
}

int words_check(const char *text, const char *what, struct err *err)
{
        if (!str_is_utf8(text, strlen(text)))
                return err_set(err, ERR_PERM, "%s is not valid UTF-8", what);
        for (const char *p = text; *p; p++)
                if (is_control(*p))
                        return err_set(err, ERR_PERM, "%s contains a control character", what);
        return 0;
}

bool words_are_ascii(const char *text)
{
        for (const char *p = text; *p; p++)
                if (*p & 0x80)
                        return false;
        return true;
}

char *words_quote(const char *text)
{
        char *quoted = xmalloc(2 * strlen(text) + 3), *to = quoted;

        *to++ = '"';
        for (const char *p = text; *p; p++) {
                if (*p == '"' || *p == '\\')
                        *to++ = '\\';
                *to++ = *p;
        }
        *to++ = '"';
        *to = 0;
        return quoted;
}

/* The next character of valid UTF-8. */
static uint32_t next_character(const char **text)
{
        const unsigned char *p = (const unsigned char *)*text;
        int more = *p < 0x80 ? 0 : *p < 0xe0 ? 1 : *p < 0xf0 ? 2 : 3;
        uint32_t c = more ? *p & (0x3fU >> more) : *p;

        for (int i = 1; i <= more; i++)
                c = c << 6 | (p[i] & 0x3fU);
        *text += more + 1;
        return c;
}

struct base64 {
        struct buf *out;
        uint32_t bits;
        int count;
};

/* Modified base64: "," instead of "/", no padding. */
static void base64_add(struct base64 *b, uint32_t unit)
{
        static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

        b->bits = b->bits << 16 | unit;
        b->count += 16;
        while (b->count >= 6) {
                b->count -= 6;
                buf_putc(b->out, letters[b->bits >> b->count & 63]);
        }
}

static void base64_end(struct base64 *b)
{
        static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+,";

        if (b->count)
                buf_putc(b->out, letters[b->bits << (6 - b->count) & 63]);
        buf_putc(b->out, '-');
        *b = (struct base64){ .out = b->out };
}

char *words_folder(const char *text)
{
        struct buf out = BUF_INIT(FOLDER_MAX);
        struct base64 shifted = { .out = &out };
        bool inside = false;

        while (*text) {
                uint32_t c = next_character(&text);
                bool plain = c >= 0x20 && c < 0x7f;

                if (plain && inside)
                        base64_end(&shifted);
                if (!plain && !inside)
                        buf_putc(&out, '&');
                inside = !plain;
                if (plain) {
                        buf_putc(&out, (char)c);
                        if (c == '&')
                                buf_putc(&out, '-');
                } else if (c >= 0x10000) {
                        base64_add(&shifted, 0xd800 + ((c - 0x10000) >> 10));
                        base64_add(&shifted, 0xdc00 + ((c - 0x10000) & 0x3ff));
                } else {
                        base64_add(&shifted, c);
                }
        }
        if (inside)
                base64_end(&shifted);
        return buf_detach(&out, NULL);
}

char *words_clean(const char *text, size_t max)
{
        bool utf8 = str_is_utf8(text, strlen(text));
        char *clean = xmalloc(max + 1);
        size_t n = 0;

        for (const char *p = text; *p && n < max; p++)
                if (!is_control(*p))
                        clean[n++] = *p & 0x80 && !utf8 ? '?' : *p;
        clean[n] = 0;
        /* The cut may have halved a character. */
        while (n && !str_is_utf8(clean, n))
                clean[--n] = 0;
        return clean;
}

void words_capabilities(const char *line, struct str_list *list)
{
        CLEANUP_FREE char *copy = NULL;
        char *rest, *word;

        if (!str_starts_nocase(line, "* CAPABILITY "))
                return;
        copy = xstrdup(line + strlen("* CAPABILITY "));
        for (char *p = copy; *p; p++)
                if (*p >= 'a' && *p <= 'z')
                        *p = (char)(*p - 'a' + 'A');
        for (word = strtok_r(copy, " \r\n", &rest); word && list->count < CAPABILITIES_MAX;
             word = strtok_r(NULL, " \r\n", &rest))
                str_list_add(list, word);
}
