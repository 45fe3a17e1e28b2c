/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/packed_rtf.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"

enum {
        HEADER = 16, /* 2.1.3.1.1: two sizes, the way it is packed, a checksum */
        KIND_AT = 8,
        DICTIONARY = 4096, /* 2.1.3.1.4: a ring, and the text that it begins with */
};

static const char beginning[] =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript "
    "\\fdecor MS Sans "
    "SerifSymbolArialTimes New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par "
    "\\pard\\plain\\f0\\fs20\\b\\i\\u\\tab"
    "\\tx";
_Static_assert(sizeof beginning == 207 + 1, "2.1.2.1");

struct unpacking {
        const unsigned char *at, *end;
        char ring[DICTIONARY];
        size_t write;
        struct buf *out;
};

static void put(struct unpacking *u, char byte)
{
        u->ring[u->write++ % DICTIONARY] = byte;
        buf_putc(u->out, byte);
}

/* 2.2.2.2: what is repeated; false at the end. */
static bool repeat(struct unpacking *u)
{
        size_t from, length;

        if (u->end - u->at < 2)
                return false;
        from = (size_t)u->at[0] << 4 | u->at[1] >> 4;
        length = (u->at[1] & 0xFU) + 2;
        u->at += 2;
        if (from == u->write % DICTIONARY)
                return false;
        while (length-- > 0)
                put(u, u->ring[from++ % DICTIONARY]);
        return true;
}

static void unpack(struct unpacking *u)
{
        while (u->at < u->end && !buf_failed(u->out)) {
                unsigned flags = *u->at++;

                for (int i = 0; i < 8 && u->at < u->end; i++, flags >>= 1)
                        if (!(flags & 1))
                                put(u, (char)*u->at++);
                        else if (!repeat(u))
                                return;
        }
}

int packed_rtf_open(const void *packed, size_t size, struct buf *ret_rtf)
{
        const unsigned char *bytes = packed;
        struct unpacking u = { .at = bytes + HEADER, .end = bytes + size, .out = ret_rtf };

        if (size < HEADER)
                return -1;
        if (!memcmp(bytes + KIND_AT, "MELA", 4)) {
                buf_add(ret_rtf, u.at, size - HEADER);
        } else if (!memcmp(bytes + KIND_AT, "LZFu", 4)) {
                memcpy(u.ring, beginning, sizeof beginning - 1);
                u.write = sizeof beginning - 1;
                unpack(&u);
        }
        return buf_failed(ret_rtf) || !ret_rtf->size ? -1 : 0;
}
