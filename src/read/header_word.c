/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/header_word.h"

#include <glib.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/mem.h"
#include "read/charset.h"

struct word {
        const char *charset, *data;
        size_t charset_size, data_size;
        const char *end;
};

/* "=?charset?B?data?=" or "=?charset*language?B?data?=" at p. */
static bool base64_word(const char *p, struct word *ret_word)
{
        static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
        struct word word = { .charset = p + 2 };

        if (p[0] != '=' || p[1] != '?')
                return false;
        word.charset_size = strcspn(word.charset, "?* \t\r\n");
        p = word.charset + word.charset_size;
        if (*p == '*')
                p += strcspn(p, "? \t\r\n");
        if (p[0] != '?' || (p[1] != 'B' && p[1] != 'b') || p[2] != '?')
                return false;
        word.data = p + 3;
        word.data_size = strspn(word.data, alphabet);
        p = word.data + word.data_size;
        if (p[0] != '?' || p[1] != '=')
                return false;
        word.end = p + 2;
        *ret_word = word;
        return true;
}

static void decode(const struct word *word, GByteArray *out)
{
        gint state = 0;
        guint save = 0;
        guchar *bytes = xmalloc(word->data_size + 4);
        gsize n = g_base64_decode_step(word->data, word->data_size, bytes, &state, &save);

        if (state) /* padding that was left out */
                n += g_base64_decode_step("==", state == 2 || state == -2 ? 2 : 1, bytes + n, &state, &save);
        g_byte_array_append(out, bytes, (guint)n);
        free(bytes);
}

/* Adds the words at first and those that follow it as one; returns where they end. */
static const char *join_run(struct word word, struct buf *out)
{
        const char *charset = word.charset, *end;
        size_t size = word.charset_size;
        GByteArray *bytes = g_byte_array_new();
        char *text;

        for (;;) {
                const char *next;
                struct word more;

                decode(&word, bytes);
                end = word.end;
                next = end + strspn(end, " \t\r\n");
                if (next == end || !base64_word(next, &more) || more.charset_size != size ||
                    strncasecmp(more.charset, charset, size) != 0)
                        break;
                word = more;
        }
        text = g_base64_encode(bytes->len ? bytes->data : (const guchar *)"", bytes->len);
        buf_add(out, "=?", 2);
        buf_add(out, charset, size);
        buf_add(out, "?B?", 3);
        buf_puts(out, text);
        buf_add(out, "?=", 2);
        g_free(text);
        g_byte_array_free(bytes, TRUE);
        return end;
}

char *header_word_join(const char *text)
{
        struct buf out = BUF_INIT(strlen(text) * 2 + 64);
        struct word word;

        while (*text) {
                const char *next = strstr(text, "=?");
                size_t n = next ? (size_t)(next - text) : strlen(text);

                buf_add(&out, text, n);
                text += n;
                if (next && base64_word(text, &word)) {
                        text = join_run(word, &out);
                } else if (next) {
                        buf_add(&out, text, 2);
                        text += 2;
                }
        }
        return out.data ? buf_detach(&out, NULL) : xstrdup("");
}

char *header_word_mend(const char *text)
{
        char *valid = charset_to_utf8(text, strlen(text), "utf-8");
        struct buf out = BUF_INIT(strlen(valid) * 2 + 1);

        /* U+0080 to U+009F are C2 80 to C2 9F. */
        for (const char *p = valid; *p; p++) {
                if ((unsigned char)p[0] == 0xC2 && (unsigned char)p[1] < 0xA0 && p[1]) {
                        CLEANUP_FREE char *letter = charset_to_utf8(++p, 1, "windows-1250");

                        buf_puts(&out, letter);
                } else {
                        buf_putc(&out, *p);
                }
        }
        free(valid);
        return out.data ? buf_detach(&out, NULL) : xstrdup("");
}
