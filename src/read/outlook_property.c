/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/outlook_property.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "read/charset.h"
#include "read/ole.h"

enum { TYPE_OBJECT = 0x000D, TYPE_STRING8 = 0x001E, TYPE_UNICODE = 0x001F, TYPE_BINARY = 0x0102 };
enum { ENTRY_SIZE = 16, VALUE_AT = 8, FIXED_MAX = 1024 * 1024, STREAM_NAME = 40 };

static void stream_name(char *name, unsigned id, unsigned type)
{
        snprintf(name, STREAM_NAME, "__substg1.0_%04X%04X", id, type);
}

static int read_stream(const struct ole *ole, unsigned id, unsigned type, size_t max, struct buf *ret_bytes)
{
        char name[STREAM_NAME];

        stream_name(name, id, type);
        return ole_read(ole, name, max, ret_bytes);
}

const char *outlook_charset(unsigned codepage)
{
        static const struct {
                unsigned codepage;
                const char *name;
        } rows[] = {
                { 1250, "windows-1250" },
                { 1251, "windows-1251" },
                { 1252, "windows-1252" },
                { 852, "cp852" },
                { 28591, "iso-8859-1" },
                { 28592, "iso-8859-2" },
                { 28605, "iso-8859-15" },
                { 20127, "us-ascii" },
                { 65001, "utf-8" },
                { 1200, "utf-16le" },
        };

        for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
                if (rows[i].codepage == codepage)
                        return rows[i].name;
        return NULL;
}

char *outlook_text(const struct ole *ole, enum outlook_id id, unsigned codepage)
{
        struct buf bytes = { 0 };
        const char *charset = "utf-16le";
        char *text = NULL;
        int r = read_stream(ole, id, TYPE_UNICODE, LIMIT_DOC_TEXT, &bytes);

        if (r < 0) {
                charset = outlook_charset(codepage);
                r = read_stream(ole, id, TYPE_STRING8, LIMIT_DOC_TEXT, &bytes);
        }
        if (r == 0)
                text = charset_to_utf8(buf_text(&bytes), bytes.size, charset);
        buf_free(&bytes);
        return text;
}

int outlook_bytes(const struct ole *ole, enum outlook_id id, size_t max, struct buf *ret_bytes)
{
        return read_stream(ole, id, TYPE_BINARY, max, ret_bytes);
}

struct ole *outlook_object(const struct ole *ole, enum outlook_id id)
{
        char name[STREAM_NAME];

        stream_name(name, id, TYPE_OBJECT);
        return ole_enter(ole, name);
}

static uint64_t number_at(const char *bytes, size_t size)
{
        uint64_t number = 0;

        while (size-- > 0)
                number = number << 8 | (unsigned char)bytes[size];
        return number;
}

uint64_t outlook_number(const struct ole *ole, enum outlook_id id, size_t head)
{
        struct buf fixed = { 0 };
        uint64_t number = 0;

        if (ole_read(ole, "__properties_version1.0", FIXED_MAX, &fixed) < 0)
                return 0;
        for (size_t at = head; at + ENTRY_SIZE <= fixed.size && !number; at += ENTRY_SIZE)
                if (number_at(fixed.data + at + 2, 2) == id)
                        number = number_at(fixed.data + at + VALUE_AT, 8);
        buf_free(&fixed);
        return number;
}
