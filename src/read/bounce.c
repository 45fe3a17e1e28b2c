/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/bounce.h"

#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/address.h"
#include "core/mail.h"
#include "core/triage.h"
#include "read/charset.h"
#include "read/header.h"

enum { RETURNED_MAX = 20, VALUE_MAX = 1000 };

/* What report-type would call it (RFC 3464, RFC 8098, RFC 5965, RFC 6533), or NULL. */
static const char *report_of(const char *type)
{
        static const char *const types[][2] = {
                { "message/delivery-status", "delivery-status" },
                { "message/global-delivery-status", "delivery-status" },
                { "message/disposition-notification", "disposition-notification" },
                { "message/global-disposition-notification", "disposition-notification" },
                { "message/feedback-report", "feedback-report" },
        };

        for (size_t i = 0; i < sizeof types / sizeof *types; i++)
                if (str_equal(type, types[i][0]))
                        return types[i][1];
        return NULL;
}

bool bounce_is_status(const char *type)
{
        return report_of(type) != NULL;
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
        char *address, *status, *action, *diagnostic;
};

static void recipient_free(struct recipient *r)
{
        free(r->address);
        free(r->status);
        free(r->action);
        free(r->diagnostic);
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

/* "smtp; 550 5.1.1 User unknown" */
static char *typed_text(const char *value)
{
        const char *p = strchr(value, ';');

        p = p ? p + 1 : value;
        return xstrdup(p + strspn(p, " \t"));
}

static char *lower_word(const char *value)
{
        char *word = xstrndup(value, strcspn(value, " \t;("));

        for (char *p = word; *p; p++)
                if (*p >= 'A' && *p <= 'Z')
                        *p = (char)(*p - 'A' + 'a');
        return word;
}

static void status_line(const char *line, size_t size, struct recipient *r)
{
        CLEANUP_FREE char *final = value_of(line, size, "Final-Recipient");
        CLEANUP_FREE char *original = value_of(line, size, "Original-Recipient");
        CLEANUP_FREE char *status = value_of(line, size, "Status");
        CLEANUP_FREE char *action = value_of(line, size, "Action");
        CLEANUP_FREE char *diagnostic = value_of(line, size, "Diagnostic-Code");

        if (!r->address && (final || original))
                r->address = typed_address(final ? final : original);
        if (status && !r->status)
                r->status = xstrndup(status, strspn(status, "0123456789."));
        if (action && !r->action)
                r->action = lower_word(action);
        if (diagnostic && !r->diagnostic)
                r->diagnostic = typed_text(diagnostic);
}

static bool is_failed(const struct recipient *r)
{
        return r->action && str_equal(r->action, "failed");
}

/* The first recipient for whom delivery failed counts, else the first. */
static void settle(struct recipient *r, struct recipient *best)
{
        bool known = r->address || r->status || r->action;

        if (known && ((!best->address && !best->status) || (is_failed(r) && !is_failed(best)))) {
                recipient_free(best);
                *best = *r;
                *r = (struct recipient){ 0 };
        }
        recipient_free(r);
}

static void give(char **to, char **from)
{
        if (!*to && *from && **from) {
                *to = *from;
                *from = NULL;
        }
}

/* A field may go on in lines that begin with a blank (RFC 3464 2.1.1). */
static size_t field_size(const char *text)
{
        size_t size = strcspn(text, "\r\n");

        for (;;) {
                size_t next = size;

                next += text[next] == '\r' && text[next + 1] == '\n' ? 2 : text[next] ? 1 : 0;
                if (!size || next == size || (text[next] != ' ' && text[next] != '\t'))
                        return size;
                size = next + strcspn(text + next, "\r\n");
        }
}

static void flatten(char *text)
{
        for (; *text; text++)
                if (*text == '\r' || *text == '\n' || *text == '\t')
                        *text = ' ';
}

static void status_part(const char *text, struct mail *mail)
{
        struct recipient now = { 0 }, best = { 0 };

        while (*text) {
                size_t size = field_size(text);

                if (!size)
                        settle(&now, &best);
                status_line(text, size, &now);
                text += size;
                text += *text == '\r' && text[1] == '\n' ? 2 : *text ? 1 : 0;
        }
        settle(&now, &best);
        if (best.diagnostic) {
                flatten(best.diagnostic);
        }
        give(&mail->returned_recipient, &best.address);
        give(&mail->returned_status, &best.status);
        give(&mail->returned_action, &best.action);
        give(&mail->returned_diagnostic, &best.diagnostic);
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
        const char *report = report_of(type);

        if (report) {
                if (str_is_empty(mail->report_type)) {
                        free(mail->report_type);
                        mail->report_type = xstrdup(report);
                }
                status_part(text, mail);
        }
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

/* ---- the recipient, where no part of the mail names one */

static bool is_address_char(char c)
{
        return (unsigned char)c > ' ' && (unsigned char)c < 0x7F && !strchr("<>()[]{},;:\"'`|\\*@/=", c);
}

/* The address around the at sign at p; NULL when it is none. */
static char *address_around(const char *text, const char *p)
{
        const char *start = p, *end = p + 1;

        while (start > text && is_address_char(start[-1]))
                start--;
        while (is_address_char(*end))
                end++;
        while (end > p + 1 && (end[-1] == '.' || end[-1] == '!' || end[-1] == '?'))
                end--;
        CLEANUP_FREE char *found = xstrndup(start, (size_t)(end - start));
        return address_normalise(found);
}

/* The mailbox itself, the mail system that writes, and whom to ask for help are not who was not reached. */
static bool is_bystander(const char *address, const struct mail *mail)
{
        static const char *const helpers[] = { "postmaster@", "mailer-daemon@", "helpdesk@", "abuse@",
                "support@", "admin@", "administrator@", "hostmaster@", "help@" };

        for (size_t i = 0; i < sizeof helpers / sizeof *helpers; i++)
                if (str_starts_nocase(address, helpers[i]))
                        return true;
        for (size_t i = 0; i < mail->recipients.count; i++)
                if (address_equal(address, mail->recipients.items[i]))
                        return true;
        return mail->from && address_equal(address, mail->from);
}

static char *address_in(const char *text, const struct mail *mail)
{
        for (const char *p = strchr(text, '@'); p; p = strchr(p + 1, '@')) {
                char *address = address_around(text, p);

                if (address && !is_bystander(address, mail))
                        return address;
                free(address);
        }
        return NULL;
}

void bounce_finish(struct mail *mail, const char *returned_to)
{
        const char *reason;

        if (mail->returned_recipient || robot_judge(mail, &reason) != ROBOT_BOUNCE)
                return;
        if (mail->head)
                mail->returned_recipient = address_in(mail->head, mail);
        if (!mail->returned_recipient)
                mail->returned_recipient = xstrdup(returned_to);
}
