/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/header.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/address.h"
#include "core/mail.h"
#include "core/zone.h"
#include "read/charset.h"
#include "read/header_word.h"

enum {
        RECIPIENTS_MAX = 100,
        REFERENCES_SIZE = 24 * 1024, /* bytes of all message ids kept */
        HEADERS_SIZE = 48 * 1024,    /* bytes of all other headers kept */
        HEADERS_FREE = 16 * 1024,    /* the last bytes of those are for headers that rules look at */
};

GMimeParserOptions *header_options(void)
{
        static GMimeParserOptions *options;

        if (!options) {
                const char *fallback[] = { "utf-8", "windows-1250", NULL };

                options = g_mime_parser_options_new();
                g_mime_parser_options_set_fallback_charsets(options, fallback);
                g_mime_parser_options_set_allow_addresses_without_domain(options, TRUE);
        }
        return options;
}

/* Cuts at a character. */
static void shorten(char *text, size_t max)
{
        if (strlen(text) <= max)
                return;
        while (max && ((unsigned char)text[max] & 0xC0) == 0x80)
                max--;
        text[max] = 0;
}

/* White space and control characters in a row become one blank, at the ends none. */
static char *tidy(char *text)
{
        char *out = text;
        bool blank = false;

        for (const char *p = text; *p; p++) {
                if ((unsigned char)*p <= ' ' || *p == 0x7F) {
                        blank = out > text;
                        continue;
                }
                if (blank)
                        *out++ = ' ';
                blank = false;
                *out++ = *p;
        }
        *out = 0;
        return text;
}

char *header_decode(const char *raw)
{
        char *valid = charset_to_utf8(raw, strlen(raw), NULL), *joined, *text, *result;

        if (!strstr(valid, "=?"))
                return tidy(valid);
        joined = header_word_join(tidy(valid));
        text = g_mime_utils_header_decode_text(header_options(), joined);
        result = header_word_mend(text);
        g_free(text);
        free(joined);
        free(valid);
        return tidy(result);
}

static char *best_parameter(GMimeParamList *list, const char *name)
{
        const char *plain = NULL;

        for (int i = 0; list && i < g_mime_param_list_length(list); i++) {
                GMimeParam *param = g_mime_param_list_get_parameter_at(list, i);

                if (!str_equal_nocase(g_mime_param_get_name(param), name))
                        continue;
                if (g_mime_param_get_charset(param)) /* name*= (RFC 2231) says more than name= */
                        return header_word_mend(g_mime_param_get_value(param));
                if (!plain)
                        plain = g_mime_param_get_value(param);
        }
        return plain ? header_word_mend(plain) : NULL;
}

char *header_parameter(GMimeObject *object, const char *header, const char *name)
{
        GMimeHeader *found = g_mime_header_list_get_header(g_mime_object_get_header_list(object), header);
        const char *raw = found ? g_mime_header_get_raw_value(found) : NULL;
        char *valid, *joined, *result;

        if (!raw)
                return NULL;
        valid = charset_to_utf8(raw, strlen(raw), NULL);
        joined = header_word_join(valid);
        if (str_equal_nocase(header, "Content-Type")) {
                GMimeContentType *type = g_mime_content_type_parse(header_options(), joined);

                result = best_parameter(g_mime_content_type_get_parameters(type), name);
                g_object_unref(type);
        } else {
                GMimeContentDisposition *where = g_mime_content_disposition_parse(header_options(), joined);

                result = best_parameter(g_mime_content_disposition_get_parameters(where), name);
                g_object_unref(where);
        }
        free(joined);
        free(valid);
        return result ? tidy(result) : NULL;
}

/* ---- addresses */

typedef void use_address(const char *name, const char *address, void *to);

static size_t each_address(InternetAddressList *list, use_address *use, void *to)
{
        size_t count = 0;

        for (int i = 0; list && i < internet_address_list_length(list); i++) {
                InternetAddress *item = internet_address_list_get_address(list, i);

                if (INTERNET_ADDRESS_IS_GROUP(item)) {
                        count += each_address(
                            internet_address_group_get_members(INTERNET_ADDRESS_GROUP(item)), use, to);
                } else {
                        use(internet_address_get_name(item),
                            internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(item)), to);
                        count++;
                }
        }
        return count;
}

/* "Jan Nowak jan@example.org", or something the grammar refuses, with one address between < and >. */
static bool between_brackets(const char *text, use_address *use, void *to)
{
        const char *from = strrchr(text, '<'), *end = from ? strchr(from, '>') : NULL;

        if (!end || !memchr(from, '@', (size_t)(end - from)))
                return false;
        CLEANUP_FREE char *address = xstrndup(from + 1, (size_t)(end - from - 1));
        use(NULL, address, to);
        return true;
}

static size_t addresses(const char *raw, use_address *use, void *to)
{
        CLEANUP_FREE char *valid = charset_to_utf8(raw, strlen(raw), NULL);
        CLEANUP_FREE char *joined = header_word_join(valid);
        InternetAddressList *list = internet_address_list_parse(header_options(), joined);
        size_t count = each_address(list, use, to);

        if (list)
                g_object_unref(list);
        return count ? count : between_brackets(joined, use, to);
}

static void use_recipient(const char *name, const char *address, void *to)
{
        struct mail *mail = to;
        CLEANUP_FREE char *normal = address ? address_normalise(address) : NULL;

        (void)name;
        if (normal && mail->recipients.count < RECIPIENTS_MAX && !str_list_has(&mail->recipients, normal))
                str_list_add(&mail->recipients, normal);
}

struct first {
        char *address, *name;
};

static void use_first(const char *name, const char *address, void *to)
{
        struct first *first = to;

        if (first->address || !address)
                return;
        first->address = address_normalise(address);
        if (first->address && name) {
                first->name = tidy(header_word_mend(name));
                shorten(first->name, LIMIT_SUBJECT);
        }
}

/* ---- single headers */

char *header_next_id(const char **text)
{
        const char *from = strchr(*text, '<'), *end = from ? strchr(from, '>') : NULL;

        if (!end) {
                *text += strlen(*text);
                return NULL;
        }
        *text = end + 1;
        if (end - from <= 1 || end - from > LIMIT_MESSAGE_ID)
                return header_next_id(text);
        char *id = charset_to_utf8(from + 1, (size_t)(end - from - 1), NULL);
        return tidy(id);
}

static char *message_id(const char *raw)
{
        const char *p = raw;
        char *id = header_next_id(&p);

        if (!id) {
                id = header_decode(raw);
                shorten(id, LIMIT_MESSAGE_ID);
        }
        if (*id)
                return id;
        free(id);
        return NULL;
}

static int64_t date(const char *raw)
{
        GDateTime *when = g_mime_utils_header_decode_date(raw);
        int64_t instant = ZONE_NO_TIME;

        if (when) {
                instant = g_date_time_to_unix(when);
                g_date_time_unref(when);
        }
        return instant;
}

/* The first ids are nearest to In-Reply-To, the last nearest to the mail itself: when there are too many,
 * those in the middle go. */
static void references(struct mail *mail, const char *in_reply_to, const char *raw)
{
        struct str_list all = { 0 };
        size_t size = 0;

        for (int i = 0; i < 2; i++) {
                const char *p = i ? raw : in_reply_to;
                char *id;

                while (p && (id = header_next_id(&p)))
                        str_list_add_take(&all, id);
        }
        for (size_t i = 0; i < all.count; i++) {
                const char *id = all.items[i ? all.count - i : 0];

                if (mail->references.count >= LIMIT_REFERENCES || size + strlen(id) > REFERENCES_SIZE)
                        break;
                size += strlen(id);
                if (!str_list_has(&mail->references, id))
                        str_list_add(&mail->references, id);
        }
        str_list_free(&all);
}

/* "from a by b.example.org (comment) with ESMTP; date" (RFC 5321 4.4). */
static void received(struct mail *mail, const char *raw)
{
        struct mail_received item = { .when = ZONE_NO_TIME };
        const char *semicolon = strrchr(raw, ';');
        int comment = 0;

        if (mail->received_count++ >= LIMIT_REFERENCES)
                return;
        for (const char *p = raw; *p && !item.by; p++) {
                comment += *p == '(';
                comment -= *p == ')' && comment;
                if (!comment && (p == raw || strchr(" \t\r\n)", p[-1])) && str_starts_nocase(p, "by") &&
                    p[2] && strchr(" \t\r\n", p[2])) {
                        const char *host = p + 2 + strspn(p + 2, " \t\r\n");

                        item.by = g_ascii_strdown(host, (gssize)strcspn(host, " \t\r\n;("));
                }
        }
        if (item.by) {
                char *by = charset_to_utf8(item.by, strlen(item.by), NULL);

                shorten(by, LIMIT_ADDRESS);
                g_free(item.by);
                item.by = by;
        } else {
                item.by = xstrdup("");
        }
        if (semicolon)
                item.when = date(semicolon + 1);
        mail->received = xreallocarray(mail->received, mail->received_count, sizeof *mail->received);
        mail->received[mail->received_count - 1] = item;
}

static void return_path(struct mail *mail, const char *raw)
{
        struct first first = { 0 };
        CLEANUP_FREE char *text = header_decode(raw);

        if (mail->return_path)
                return;
        if (!*text || str_equal(text, "<>")) {
                mail->return_path = xstrdup("");
                return;
        }
        addresses(raw, use_first, &first);
        free(first.name);
        if (first.address) {
                mail->return_path = first.address;
        } else {
                shorten(text, LIMIT_ADDRESS);
                mail->return_path = text;
                text = NULL;
        }
}

/* Headers that rules look at: they have room even behind many others. */
static bool is_ruled(const char *name)
{
        static const char *const starts[] = { "auto", "precedence", "list-", "authentication-results",
                "x-auto", "x-apple-action", "x-zapisy", "x-loop", "x-failed-recipients", "x-vacation",
                "content-type", "sender", "x-mailer", "feedback-", "x-fc-machine", "resent-", "delivered",
                "x-delivered", "x-precedence", "x-list", "x-mailing-list", "mailing-list", "x-mailman",
                "x-beenthere", "x-ms-exchange-generated", "x-ms-exchange-inbox-rules", NULL };

        for (size_t i = 0; starts[i]; i++)
                if (str_starts(name, starts[i]))
                        return true;
        return false;
}

static void other(struct mail *mail, const char *lower, const char *raw, size_t *used)
{
        char *value;

        if (mail->header_count >= LIMIT_HEADERS ||
            (!is_ruled(lower) &&
                (*used > HEADERS_SIZE - HEADERS_FREE || mail->header_count >= LIMIT_HEADERS * 3 / 4)))
                return;
        value = header_decode(raw);
        shorten(value, LIMIT_HEADER_VALUE);
        *used += strlen(lower) + strlen(value);
        if (*used > HEADERS_SIZE || strlen(lower) > LIMIT_ADDRESS) {
                free(value);
                return;
        }
        mail->headers = xreallocarray(mail->headers, mail->header_count + 1, sizeof *mail->headers);
        mail->headers[mail->header_count++] = (struct mail_header){ .name = xstrdup(lower), .value = value };
}

static bool is_trace(const char *name)
{
        return str_starts(name, "dkim-") || str_starts(name, "arc-") || str_starts(name, "domainkey-") ||
               str_starts(name, "x-google-dkim") || str_starts(name, "x-ms-exchange-antispam");
}

struct later {
        const char *to, *cc, *in_reply_to, *references, *from, *reply_to;
};

/* The first of each counts. */
static void keep(const char **where, const char *raw)
{
        if (!*where)
                *where = raw;
}

static bool known(struct mail *mail, const char *name, const char *raw, struct later *later)
{
        if (!strcmp(name, "received"))
                received(mail, raw);
        else if (!strcmp(name, "return-path"))
                return_path(mail, raw);
        else if (!strcmp(name, "delivered-to") || !strcmp(name, "x-original-to") ||
                 !strcmp(name, "envelope-to") || !strcmp(name, "x-envelope-to"))
                addresses(raw, use_recipient, mail);
        else if (!strcmp(name, "message-id"))
                mail->message_id = mail->message_id ? mail->message_id : message_id(raw);
        else if (!strcmp(name, "date"))
                mail->date = mail->date == ZONE_NO_TIME ? date(raw) : mail->date;
        else if (!strcmp(name, "subject"))
                mail->subject = mail->subject ? mail->subject : header_decode(raw);
        else if (!strcmp(name, "from"))
                keep(&later->from, raw);
        else if (!strcmp(name, "reply-to"))
                keep(&later->reply_to, raw);
        else if (!strcmp(name, "to"))
                keep(&later->to, raw);
        else if (!strcmp(name, "cc"))
                keep(&later->cc, raw);
        else if (!strcmp(name, "in-reply-to"))
                keep(&later->in_reply_to, raw);
        else if (!strcmp(name, "references"))
                keep(&later->references, raw);
        else
                return false;
        return true;
}

static void people(struct mail *mail, const struct later *later)
{
        struct first from = { 0 }, reply_to = { 0 };

        if (later->from)
                mail->from_count = addresses(later->from, use_first, &from);
        if (later->reply_to)
                addresses(later->reply_to, use_first, &reply_to);
        mail->from = from.address;
        mail->from_name = from.name ? from.name : xstrdup("");
        mail->reply_to = reply_to.address;
        free(reply_to.name);
        if (later->to)
                addresses(later->to, use_recipient, mail);
        if (later->cc)
                addresses(later->cc, use_recipient, mail);
}

void header_read(GMimeMessage *message, struct mail *mail)
{
        GMimeHeaderList *list = g_mime_object_get_header_list(GMIME_OBJECT(message));
        struct later later = { 0 };
        size_t used = 0;

        mail->date = ZONE_NO_TIME;
        for (int i = 0; i < g_mime_header_list_get_count(list); i++) {
                GMimeHeader *header = g_mime_header_list_get_header_at(list, i);
                const char *raw = g_mime_header_get_raw_value(header);
                char *name = g_ascii_strdown(g_mime_header_get_name(header), -1);

                if (raw && str_is_utf8(name, strlen(name)) && !known(mail, name, raw, &later) &&
                    !is_trace(name))
                        other(mail, name, raw, &used);
                g_free(name);
        }
        people(mail, &later);
        references(mail, later.in_reply_to, later.references);
        if (!mail->subject)
                mail->subject = xstrdup("");
        shorten(mail->subject, LIMIT_SUBJECT);
}

char *header_to(GMimeMessage *message)
{
        const char *text = g_mime_object_get_header(GMIME_OBJECT(message), "To");
        struct first first = { 0 };

        if (text && strlen(text) <= LIMIT_SUBJECT) /* a longer one may be tangled */
                addresses(text, use_first, &first);
        free(first.name);
        return first.address;
}
