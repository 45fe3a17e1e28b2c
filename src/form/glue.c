/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "form/glue.h"

#include "core/word.h"

#include <stddef.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/buf.h"

enum { LETTERS_BEFORE = 3, LETTERS_AFTER = 2, WORD_MAX_BYTES = 400, CODE_SIZE = 6 };

/* How many lower-case letters stand right behind the offset. */
static int lower_after(const char *text, size_t size, size_t at)
{
        int count = 0;
        UChar32 c;

        while (at < size) {
                U8_NEXT_OR_FFFD(text, at, size, c);
                if (!u_islower(c))
                        break;
                count++;
        }
        return count;
}

/* "wnioskowego.Interesuje", "ŹródlaneMiędzyrzecz"; ret_sentence is where a sentence begins, or 0. */
static bool capital_inside(const char *word, size_t size, size_t *ret_sentence)
{
        int lower = 0;
        bool dot = false;

        *ret_sentence = 0;

        for (size_t at = 0, before; at < size;) {
                UChar32 c;

                before = at;
                U8_NEXT_OR_FFFD(word, at, size, c);
                if (u_isupper(c) && lower >= LETTERS_BEFORE && lower_after(word, size, at) >= LETTERS_AFTER) {
                        *ret_sentence = dot ? before : 0;
                        return true;
                }
                if (u_islower(c)) {
                        lower = dot ? 1 : lower + 1;
                        dot = false;
                } else if (c == '.' || c == '!' || c == '?' || c == ')') {
                        dot = true;
                } else {
                        lower = 0;
                        dot = false;
                }
        }
        return false;
}

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

/* "366-300 Międzyrzecz", "5a66-300 …": a postal code with something before it. */
static bool code_inside(const char *word, size_t size)
{
        const char *hyphen = memchr(word, '-', size);
        size_t before = hyphen ? (size_t)(hyphen - word) : 0;

        if (before < 3 || size - before < 4 || memchr(hyphen + 1, '-', size - before - 1))
                return false;
        for (size_t i = 1; i <= 3; i++)
                if (!is_digit(hyphen[i]))
                        return false;
        return size - before == 4 && is_digit(hyphen[-1]) && is_digit(hyphen[-2]);
}

/* Whether lines may have run together in the word; ret_at: where surely, or 0. */
static bool is_glued(const char *text, size_t size, size_t *ret_at)
{
        *ret_at = 0;
        if (size == 0 || size >= WORD_MAX_BYTES || memchr(text, '@', size) || memchr(text, '/', size) ||
            strncmp(text, "www.", 4) == 0)
                return false;
        if (capital_inside(text, size, ret_at))
                return true;
        if (!code_inside(text, size) || text[size] != ' ' ||
            !word_is_capital(text + size + 1, strlen(text + size + 1)))
                return false;
        *ret_at = size - CODE_SIZE;
        return true;
}

bool glue_is_likely(const char *text)
{
        while (*text) {
                size_t size = strcspn(text, " \n"), at;

                if (is_glued(text, size, &at))
                        return true;
                text += size;
                text += strspn(text, " \n");
        }
        return false;
}

char *glue_undo(const char *text)
{
        struct buf out = BUF_INIT(2 * strlen(text) + 1);

        while (*text) {
                size_t size = strcspn(text, " \n"), at;

                if (is_glued(text, size, &at) && at > 0) {
                        buf_add(&out, text, at);
                        buf_putc(&out, '\n');
                        text += at;
                        continue; /* there may be more in the rest of the word */
                }
                size += strspn(text + size, " \n");
                buf_add(&out, text, size);
                text += size;
        }
        buf_add(&out, "", 0);
        return buf_detach(&out, NULL);
}
