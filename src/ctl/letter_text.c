/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ctl/letter_text.h"

#include <gmime/gmime.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "ctl/text.h"

static void add_header(GMimeMessage *message, const char *name, struct buf *out)
{
        const char *raw = g_mime_object_get_header(GMIME_OBJECT(message), name);
        char *decoded = raw ? g_mime_utils_header_decode_text(NULL, raw) : NULL;

        if (decoded) {
                CLEANUP_FREE char *line = text_line(decoded);

                buf_printf(out, "%s: %s\n", name, line);
        }
        g_free(decoded);
}

/* The first text/plain in reading order. */
static GMimeTextPart *find_text(GMimeMessage *message)
{
        GMimePartIter *iter = g_mime_part_iter_new(GMIME_OBJECT(message));
        GMimeTextPart *found = NULL;

        do {
                GMimeObject *part = g_mime_part_iter_get_current(iter);
                GMimeContentType *type = part ? g_mime_object_get_content_type(part) : NULL;

                if (GMIME_IS_TEXT_PART(part) && g_mime_content_type_is_type(type, "text", "plain"))
                        found = GMIME_TEXT_PART(part);
        } while (!found && g_mime_part_iter_next(iter));
        if (found)
                g_object_ref(found);
        g_mime_part_iter_free(iter);
        return found;
}

static GMimeMessage *parse(const char *bytes, size_t size)
{
        GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, size);
        GMimeParser *parser = g_mime_parser_new_with_stream(stream);
        GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

        g_object_unref(parser);
        g_object_unref(stream);
        return message;
}

int letter_text(const char *bytes, size_t size, struct buf *out, struct err *err)
{
        GMimeMessage *message;
        GMimeTextPart *part;
        char *text;

        g_mime_init();
        message = parse(bytes, size);
        part = message ? find_text(message) : NULL;
        text = part ? g_mime_text_part_get_text(part) : NULL;
        if (text) {
                CLEANUP_FREE char *clean = text_lines(text);

                add_header(message, "To", out);
                add_header(message, "Subject", out);
                add_header(message, "Date", out);
                buf_printf(out, "\n%s%s", clean, *clean && clean[strlen(clean) - 1] == '\n' ? "" : "\n");
        }
        g_free(text);
        if (part)
                g_object_unref(part);
        if (message)
                g_object_unref(message);
        return text ? 0 : err_set(err, ERR_BUG, "the stored letter cannot be read");
}
