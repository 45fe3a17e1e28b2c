/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/ole.h"

#include <gsf/gsf.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

struct ole {
        GsfInput *input;
        GsfInfile *file;
};

/* libgsf complains of damaged files through GLib's log, which asks about the standard error with system calls that
 * end a locked child, and may repeat words of the document. */
static void keep_silent(const gchar *domain, GLogLevelFlags level, const gchar *message, gpointer data)
{
        (void)domain, (void)level, (void)message, (void)data;
}

void ole_preload(void)
{
        g_log_set_default_handler(keep_silent, NULL);
        gsf_init();
        /* An empty file makes libgsf's classes known. */
        ole_close(ole_open("", 0));
}

bool ole_is(const char *bytes, size_t size)
{
        return size >= 8 && !memcmp(bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
}

struct ole *ole_open(const char *bytes, size_t size)
{
        struct ole *ole = xcalloc(1, sizeof *ole);

        ole->input = gsf_input_memory_new((const guint8 *)bytes, (gsf_off_t)size, FALSE);
        if (ole->input)
                ole->file = gsf_infile_msole_new(ole->input, NULL);
        if (ole->file)
                return ole;
        ole_close(ole);
        return NULL;
}

void ole_close(struct ole *ole)
{
        if (!ole)
                return;
        if (ole->file)
                g_object_unref(ole->file);
        if (ole->input)
                g_object_unref(ole->input);
        free(ole);
}

struct ole *ole_enter(const struct ole *ole, const char *storage)
{
        GsfInput *child = gsf_infile_child_by_name(ole->file, storage);
        struct ole *inside;

        if (child && !GSF_IS_INFILE(child)) {
                g_object_unref(child);
                return NULL;
        }
        if (!child)
                return NULL;
        inside = xcalloc(1, sizeof *inside);
        inside->file = GSF_INFILE(child);
        return inside;
}

size_t ole_count(const struct ole *ole)
{
        const int count = gsf_infile_num_children(ole->file);

        return count > 0 ? (size_t)count : 0;
}

const char *ole_name(const struct ole *ole, size_t index)
{
        const char *name = gsf_infile_name_by_index(ole->file, (int)index);

        return name ? name : "";
}

bool ole_has(const struct ole *ole, const char *stream)
{
        GsfInput *child = gsf_infile_child_by_name(ole->file, stream);

        if (!child)
                return false;
        g_object_unref(child);
        return true;
}

int ole_read(const struct ole *ole, const char *stream, size_t max, struct buf *ret_bytes)
{
        GsfInput *child = gsf_infile_child_by_name(ole->file, stream);
        gsf_off_t size = child ? gsf_input_size(child) : -1;
        struct buf bytes = BUF_INIT(max + 1);
        const guint8 *data = NULL;

        if (size >= 0 && (size_t)size <= max)
                data = size ? gsf_input_read(child, (size_t)size, NULL) : (const guint8 *)"";
        if (data)
                buf_add(&bytes, data, (size_t)size);
        if (child)
                g_object_unref(child);
        if (!data)
                return -1;
        *ret_bytes = bytes;
        return 0;
}
