/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/odf_mend.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/buf.h"
#include "base/limits.h"

static bool is_digits(const char *text, size_t count)
{
        for (size_t i = 0; i < count; i++)
                if (!isdigit((unsigned char)text[i]))
                        return false;
        return true;
}

/* "66-300", and not the middle of "600-100-200". */
static bool is_postal_code(const char *text)
{
        return is_digits(text, 2) && text[2] == '-' && is_digits(text + 3, 3) &&
               !isdigit((unsigned char)text[6]) && text[6] != '-';
}

static bool is_end(UChar32 c)
{
        return c < 0x80 && c > 0 && strchr(".,;:!?)\"", (int)c);
}

static bool is_in_number(const char *start, const char *at)
{
        while (at > start && isdigit((unsigned char)at[-1]))
                at--;
        return at > start && at[-1] == '-';
}

/* Whether a line may end at a place in the text, between two characters. */
static bool is_place(const char *start, const char *at, UChar32 before, UChar32 c)
{
        if (before && !u_isUWhiteSpace(before) && is_postal_code(at) && !is_in_number(start, at))
                return true;
        return u_isupper(c) && (is_end(before) || u_islower(before) || u_isdigit(before));
}

char *odf_mend(const char *text, size_t breaks)
{
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);
        size_t size = strlen(text), found = 0;
        UChar32 before = 0, c;

        for (size_t at = 0, next = 0; at < size; at = next, before = c) {
                U8_NEXT_OR_FFFD(text, next, size, c);
                if (is_place(text, text + at, before, c)) {
                        buf_putc(&out, '\n');
                        found++;
                }
                buf_add(&out, text + at, next - at);
        }
        if (found == breaks && !buf_failed(&out))
                return buf_detach(&out, NULL);
        buf_free(&out);
        return NULL;
}
