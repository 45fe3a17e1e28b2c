/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Lists of IMAP UIDs (RFC 9051 2.3.1.1: 32 bits, never zero). */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct uids {
        uint32_t *items; /* owned */
        size_t count, room;
};

void uids_add(struct uids *uids, uint32_t uid);       /* zero is not taken */
void uids_sort(struct uids *uids);                    /* ascending, each once */
bool uids_has(const struct uids *uids, uint32_t uid); /* of a sorted list */
/* The run of consecutive UIDs of a sorted list that starts at index "from". Returns the index after it. */
size_t uids_run(const struct uids *uids, size_t from, uint32_t *ret_first, uint32_t *ret_last);
void uids_free(struct uids *uids); /* empties; the struct is the caller's */
