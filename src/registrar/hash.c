/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registrar/hash.h"

#include <glib.h>
#include <inttypes.h>
#include <string.h>

#include "base/mem.h"

void hash_bytes(const void *bytes, size_t size, unsigned char ret_hash[HASH_SIZE])
{
        GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
        gsize length = HASH_SIZE;

        g_checksum_update(checksum, bytes, (gssize)size);
        g_checksum_get_digest(checksum, ret_hash, &length);
        g_checksum_free(checksum);
}

void hash_key(const char *message_id, int64_t date, const char *from, int64_t internaldate,
    unsigned char ret_hash[HASH_SIZE])
{
        /* A line each: no value holds a line break, so no two mails share a text. */
        CLEANUP_FREE char *text =
            xasprintf("%s\n%" PRId64 "\n%s\n%" PRId64 "\n", message_id, date, from ? from : "", internaldate);

        hash_bytes(text, strlen(text), ret_hash);
}
