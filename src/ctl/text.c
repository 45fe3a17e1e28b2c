/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/text.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>
#include <unicode/utf8.h>

#include "base/buf.h"
#include "base/mem.h"

static size_t letter_width(UChar32 c)
{
        int8_t type = u_charType(c);
        int wide;

        if (type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK || type == U_FORMAT_CHAR)
                return 0;
        wide = u_getIntPropertyValue(c, UCHAR_EAST_ASIAN_WIDTH);
        return wide == U_EA_WIDE || wide == U_EA_FULLWIDTH ? 2 : 1;
}

size_t text_width(const char *text)
{
        const int32_t size = (int32_t)strlen(text);
        size_t width = 0;

        for (int32_t i = 0; i < size;) {
                UChar32 c;

                U8_NEXT_OR_FFFD(text, i, size, c);
                width += letter_width(c);
        }
        return width;
}

static bool is_harmless(UChar32 c)
{
        int8_t type = u_charType(c);

        return type != U_CONTROL_CHAR && type != U_FORMAT_CHAR && type != U_LINE_SEPARATOR &&
               type != U_PARAGRAPH_SEPARATOR && type != U_SURROGATE && type != U_UNASSIGNED;
}

static char *clean(const char *text, bool keep_lines)
{
        const int32_t size = (int32_t)strlen(text);
        struct buf out = BUF_INIT((size_t)size + 1);

        buf_puts(&out, "");
        for (int32_t i = 0; i < size;) {
                int32_t start = i;
                UChar32 c;

                U8_NEXT(text, i, size, c);
                if (c == '\r' && keep_lines && text[i] == '\n')
                        continue;
                if (c >= 0 && ((c == '\n' && keep_lines) || is_harmless(c)))
                        buf_add(&out, text + start, (size_t)(i - start));
                else
                        buf_putc(&out, ' ');
        }
        return buf_detach(&out, NULL);
}

char *text_line(const char *text)
{
        return clean(text, false);
}

char *text_lines(const char *text)
{
        return clean(text, true);
}

char *text_cut(const char *text, size_t width)
{
        const int32_t size = (int32_t)strlen(text);
        size_t used = 0;

        if (text_width(text) <= width)
                return xstrdup(text);
        for (int32_t i = 0; i < size;) {
                int32_t start = i;
                UChar32 c;

                U8_NEXT_OR_FFFD(text, i, size, c);
                if (used + letter_width(c) + 1 > width)
                        return xasprintf("%.*s…", (int)start, text);
                used += letter_width(c);
        }
        return xstrdup(text);
}
