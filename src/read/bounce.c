/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/bounce.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/address.h"
#include "core/mail.h"
#include "read/charset.h"
#include "read/header.h"

enum { RETURNED_MAX = 20, VALUE_MAX = 1000 };

bool bounce_is_status(const char *type)
{
        return str_equal(type, "message/delivery-status") ||
               str_equal(type, "message/global-delivery-status") ||
               str_equal(type, "message/disposition-notification");
}

bool bounce_is_headers(const char *type)
{
        return str_equal(type, "text/rfc822-headers") || str_equal(type, "message/rfc822-headers") ||
               str_equal(type, "message/global-headers");
}

static void add_id(struct mail *mail, const char *id)
{
        if (*id && mail->returned_ids.count < RETURNED_MAX && !str_list_has(&mail->returned_ids, id))
                str_list_add(&mail->returned_ids, id);
}

/* The value of "Name: value" at the line, or NULL. Owned. */
static char *value_of(const char *line, size_t size, const char *name)
{
        size_t n = strlen(name);

        if (size <= n || !str_starts_nocase(line, name) || line[n] != ':')
                return NULL;
        char *value = xstrndup(line + n + 1, size - n - 1 < VALUE_MAX ? size - n - 1 : VALUE_MAX);
        char *trimmed = xstrdup(str_trim(value));
        free(value);
        return trimmed;
}

struct recipient {
        char *address, *status;
        bool failed;
};

static void recipient_free(struct recipient *r)
{
        free(r->address);
        free(r->status);
        *r = (struct recipient){ 0 };
}

/* "rfc822; a@example.org" (RFC 3464 2.1.2) */
static char *typed_address(const char *value)
{
        const char *p = strchr(value, ';');

        p = p ? p + 1 : value;
        p += strspn(p, " \t<");
        CLEANUP_FREE char *text = xstrndup(p, strcspn(p, "> \t"));
        return address_normalise(text);
}

static void status_line(const char *line, size_t size, struct recipient *r)
{
        CLEANUP_FREE char *final = value_of(line, size, "Final-Recipient");
        CLEANUP_FREE char *original = value_of(line, size, "Original-Recipient");
        CLEANUP_FREE char *status = value_of(line, size, "Status");
        CLEANUP_FREE char *action = value_of(line, size, "Action");

        if (!r->address && (final || original))
                r->address = typed_address(final ? final : original);
        if (status && !r->status)
                r->status = xstrndup(status, strspn(status, "0123456789."));
        if (action)
                r->failed = str_starts_nocase(action, "failed");
}

/* The first recipient for whom delivery failed counts, else the first. */
static void settle(struct recipient *r, struct recipient *best)
{
        if ((r->address || r->status) && (!best->address || (r->failed && !best->failed))) {
                recipient_free(best);
                *best = *r;
                *r = (struct recipient){ 0 };
        }
        recipient_free(r);
}

static void status_part(const char *text, struct mail *mail)
{
        struct recipient now = { 0 }, best = { 0 };

        while (*text) {
                size_t size = strcspn(text, "\r\n");

                if (!size)
                        settle(&now, &best);
                status_line(text, size, &now);
                text += size;
                text += *text == '\r' && text[1] == '\n' ? 2 : *text ? 1 : 0;
        }
        settle(&now, &best);
        if (!mail->returned_recipient && best.address) {
                mail->returned_recipient = best.address;
                best.address = NULL;
        }
        if (!mail->returned_status && best.status && *best.status) {
                mail->returned_status = best.status;
                best.status = NULL;
        }
        recipient_free(&best);
}

void bounce_text(const char *text, struct mail *mail)
{
        static const char name[] = "message-id:";
        const char *p = text;

        while ((p = strcasestr(p, name)) && mail->returned_ids.count < RETURNED_MAX) {
                const char *line = p, *value = p + sizeof name - 1;

                while (line > text && strchr(" \t>|", line[-1]))
                        line--;
                p = value;
                if (line > text && line[-1] != '\n')
                        continue;
                CLEANUP_FREE char *rest = xstrndup(value, strcspn(value, ">") + 1);
                const char *at = rest;
                CLEANUP_FREE char *id = header_next_id(&at);

                if (id)
                        add_id(mail, id);
        }
}

void bounce_part(const char *type, const char *text, struct mail *mail)
{
        if (bounce_is_status(type))
                status_part(text, mail);
        bounce_text(text, mail);
}

void bounce_message(GMimeMessage *message, struct mail *mail)
{
        const char *id = g_mime_message_get_message_id(message);

        if (id) {
                CLEANUP_FREE char *valid = charset_to_utf8(id, strlen(id), NULL);

                if (strlen(valid) <= LIMIT_MESSAGE_ID)
                        add_id(mail, valid);
        }
}

void bounce_headers(struct mail *mail)
{
        const char *failed = mail_header(mail, "x-failed-recipients");

        if (failed && !mail->returned_recipient) {
                CLEANUP_FREE char *first = xstrndup(failed, strcspn(failed, ", "));

                mail->returned_recipient = address_normalise(first);
        }
}
