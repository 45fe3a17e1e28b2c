/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "registrar/verp.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/mem.h"
#include "config/config.h"
#include "core/address.h"
#include "registrar/desk.h"
#include "registrar/hash.h"

enum { TAG_BYTES = 8, LOCAL_MAX = 64 }; /* RFC 5321 4.5.3.1.1 */

static void tag_of(const char *message_id, char ret_tag[2 * TAG_BYTES + 1])
{
        CLEANUP_FREE char *text = xasprintf("verp\n%s", message_id);
        unsigned char hash[HASH_SIZE];

        hash_bytes(text, strlen(text), hash);
        str_to_hex(hash, TAG_BYTES, ret_tag);
}

char *verp_address(const char *from, int64_t letter, const char *message_id)
{
        const char *at = strchr(from, '@');
        char tag[2 * TAG_BYTES + 1], *address;

        if (!at)
                return NULL;
        tag_of(message_id, tag);
        address = xasprintf("%.*s+b-%" PRId64 "-%s%s", (int)(at - from), from, letter, tag, at);
        if (strcspn(address, "@") <= LOCAL_MAX && address_is_valid(address))
                return address;
        free(address);
        return NULL;
}

/* "b-12-0123456789abcdef"; servers may have changed the case. */
static int parse(const char *plus, int64_t *ret_letter, const char **ret_tag)
{
        CLEANUP_FREE char *number = NULL;
        size_t digits;

        if (!plus || !str_starts_nocase(plus, "b-"))
                return -1;
        plus += 2;
        digits = strspn(plus, "0123456789");
        number = xstrndup(plus, digits);
        if (plus[digits] != '-' || str_to_int(number, 1, INT64_MAX, ret_letter) < 0)
                return -1;
        *ret_tag = plus + digits + 1;
        return 0;
}

static int look_up(struct registrar *r, const char *plus, struct store_letter *ret_letter, struct err *err)
{
        char tag[2 * TAG_BYTES + 1];
        const char *given;
        int64_t id;
        int found;

        if (parse(plus, &id, &given) < 0)
                return 0;
        found = store_letter_get(r->store, id, ret_letter, err);
        if (found <= 0)
                return found;
        tag_of(ret_letter->message_id, tag);
        if (str_equal_nocase(tag, given))
                return 1;
        store_letter_free(ret_letter);
        return 0;
}

int verp_find(struct registrar *r, const struct mail *mail, struct store_letter *ret_letter, struct err *err)
{
        int found = 0;

        for (size_t i = 0; i < mail->recipients.count && found == 0; i++) {
                CLEANUP_FREE char *plus =
                    address_plus_tag(mail->recipients.items[i], r->config->smtp.from_address);

                found = look_up(r, plus, ret_letter, err);
        }
        return found;
}

char *registrar_envelope_sender(const struct registrar *r, const struct store_letter *letter)
{
        const struct config_smtp *smtp = &r->config->smtp;
        char *address = smtp->verp ? verp_address(smtp->from_address, letter->id, letter->message_id) : NULL;

        return address ? address : xstrdup(smtp->from_address);
}
