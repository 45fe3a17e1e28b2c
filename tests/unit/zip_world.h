/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Writing a zip archive of parts that are only stored (APPNOTE.TXT 4.3), so that a test can put together an office
 * document from its XML. */
#pragma once

#include <stdint.h>
#include <string.h>

#include "base/buf.h"

struct zip_world {
        struct buf bytes, directory;
        unsigned count;
};

#define ZIP_WORLD_INIT                                                                                       \
        {                                                                                                    \
                .bytes = BUF_INIT(64 * 1024 * 1024), .directory = BUF_INIT(1024 * 1024)                      \
        }

static inline uint32_t zip_world_crc(const void *data, size_t size)
{
        static uint32_t table[256];
        const unsigned char *bytes = data;
        uint32_t crc = ~0U;

        for (uint32_t i = 0; !table[255] && i < 256; i++) {
                uint32_t c = i;

                for (int k = 0; k < 8; k++)
                        c = c & 1 ? 0xEDB88320U ^ (c >> 1) : c >> 1;
                table[i] = c;
        }
        for (size_t i = 0; i < size; i++)
                crc = table[(crc ^ bytes[i]) & 0xFF] ^ (crc >> 8);
        return ~crc;
}

static inline void zip_world_number(struct buf *out, uint32_t number, int bytes)
{
        for (; bytes > 0; bytes--, number >>= 8)
                buf_putc(out, (char)(number & 0xFF));
}

/* What the entry's two headers have in common, from "version needed" to "extra field length". */
static inline void zip_world_common(struct buf *out, const char *name, const void *data, size_t size)
{
        zip_world_number(out, 20, 2);
        zip_world_number(out, 0, 4);           /* flags, stored */
        zip_world_number(out, 0x21u << 16, 4); /* 1980-01-01 */
        zip_world_number(out, zip_world_crc(data, size), 4);
        zip_world_number(out, (uint32_t)size, 4);
        zip_world_number(out, (uint32_t)size, 4);
        zip_world_number(out, (uint32_t)strlen(name), 2);
        zip_world_number(out, 0, 2);
}

static inline void zip_world_add(struct zip_world *zip, const char *name, const void *data, size_t size)
{
        size_t at = zip->bytes.size;

        buf_add(&zip->bytes, "PK\3\4", 4);
        zip_world_common(&zip->bytes, name, data, size);
        buf_puts(&zip->bytes, name);
        buf_add(&zip->bytes, data, size);
        buf_add(&zip->directory, "PK\1\2", 4);
        zip_world_number(&zip->directory, 20, 2);
        zip_world_common(&zip->directory, name, data, size);
        zip_world_number(&zip->directory, 0, 4); /* comment, disk */
        zip_world_number(&zip->directory, 0, 2);
        zip_world_number(&zip->directory, 0, 4);
        zip_world_number(&zip->directory, (uint32_t)at, 4);
        buf_puts(&zip->directory, name);
        zip->count++;
}

static inline void zip_world_text(struct zip_world *zip, const char *name, const char *text)
{
        zip_world_add(zip, name, text, strlen(text));
}

/* The archive is then zip->bytes. */
static inline void zip_world_end(struct zip_world *zip)
{
        size_t at = zip->bytes.size;

        buf_add(&zip->bytes, buf_text(&zip->directory), zip->directory.size);
        buf_add(&zip->bytes, "PK\5\6\0\0\0\0", 8);
        zip_world_number(&zip->bytes, zip->count, 2);
        zip_world_number(&zip->bytes, zip->count, 2);
        zip_world_number(&zip->bytes, (uint32_t)zip->directory.size, 4);
        zip_world_number(&zip->bytes, (uint32_t)at, 4);
        zip_world_number(&zip->bytes, 0, 2);
}

static inline void zip_world_free(struct zip_world *zip)
{
        buf_free(&zip->bytes);
        buf_free(&zip->directory);
}
