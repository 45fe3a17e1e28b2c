/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How a message is known again after the server renumbered it (PRODUCT.md 1). */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { HASH_SIZE = 32 };

void hash_bytes(const void *bytes, size_t size, unsigned char ret_hash[HASH_SIZE]);
/* Of Message-ID, Date, From and INTERNALDATE. */
void hash_key(const char *message_id, int64_t date, const char *from, int64_t internaldate,
    unsigned char ret_hash[HASH_SIZE]);
