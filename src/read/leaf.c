/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/leaf.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "read/charset.h"
#include "read/header.h"
#include "read/words.h"

char *leaf_type(GMimeObject *object)
{
        char *type = g_mime_content_type_get_mime_type(g_mime_object_get_content_type(object));
        char *lower = g_ascii_strdown(type, -1), *valid = charset_to_utf8(lower, strlen(lower), NULL);

        g_free(type);
        g_free(lower);
        if (strlen(valid) > LEAF_NAME_MAX)
                valid[0] = 0;
        return valid;
}

char *leaf_filename(GMimeObject *object)
{
        char *name = header_parameter(object, "Content-Disposition", "filename");

        if (!name)
                name = header_parameter(object, "Content-Type", "name");
        if (!name)
                return xstrdup("");
        if (strlen(name) > LEAF_NAME_MAX) { /* keeps the end, where the kind of file is told */
                size_t from = strlen(name) - LEAF_NAME_MAX;

                while (((unsigned char)name[from] & 0xC0) == 0x80)
                        from++;
                memmove(name, name + from, strlen(name + from) + 1);
        }
        return name;
}

char *leaf_charset(GMimeObject *object)
{
        return xstrdup(g_mime_object_get_content_type_parameter(object, "charset"));
}

bool leaf_parameter_is(GMimeObject *object, const char *name, const char *value)
{
        return str_equal_nocase(g_mime_object_get_content_type_parameter(object, name), value);
}

static GByteArray *content_of(GMimeObject *leaf)
{
        GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(leaf));
        GMimeStream *stream = g_mime_stream_mem_new();
        GByteArray *bytes = g_byte_array_new();

        g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
        g_mime_stream_mem_set_byte_array(GMIME_STREAM_MEM(stream), bytes);
        if (content)
                g_mime_data_wrapper_write_to_stream(content, stream);
        g_object_unref(stream);
        return bytes;
}

int64_t leaf_size(GMimeObject *leaf)
{
        GMimeDataWrapper *content = g_mime_part_get_content(GMIME_PART(leaf));
        GMimeStream *stream = g_mime_stream_null_new();
        int64_t size = 0;

        if (content)
                size = g_mime_data_wrapper_write_to_stream(content, stream);
        g_object_unref(stream);
        return size < 0 ? 0 : size;
}

int leaf_content(GMimeObject *leaf, struct buf *ret_bytes)
{
        GByteArray *bytes = content_of(leaf);
        size_t size = bytes->len < ret_bytes->max ? bytes->len : ret_bytes->max - 1;
        int r = size < bytes->len ? -1 : 0;

        buf_add(ret_bytes, bytes->data ? (const char *)bytes->data : "", size);
        g_byte_array_free(bytes, TRUE);
        return r;
}

char *leaf_text(GMimeObject *leaf, bool html, bool *ret_cut)
{
        GByteArray *bytes = content_of(leaf);
        const char *data = bytes->data ? (const char *)bytes->data : "";
        CLEANUP_FREE char *charset = leaf_charset(leaf);
        size_t size = bytes->len < LIMIT_DOC_TEXT ? bytes->len : LIMIT_DOC_TEXT;
        char *text;

        if (!charset && html)
                charset = html_charset(data, bytes->len);
        text = charset_to_utf8(data, size, charset);
        *ret_cut = size < bytes->len;
        g_byte_array_free(bytes, TRUE);
        return text;
}
