/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/forward.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/address.h"
#include "core/mail.h"
#include "core/zone.h"
#include "read/quote.h"

enum { VALUE_MAX = 500, HEADER_LINES = 20 };

/* ---- subjects */

bool forward_is_subject(const char *subject)
{
        static const char *const starts[] = { "Fwd", "Fw", "PD", "Wtr", "WG", "Przekazuję", "Przekazane",
                "Dalej", NULL };

        subject += strspn(subject, " \t");
        while (*subject == '[' && strchr(subject, ']')) /* "[EXT] FW: ..." */
                subject = strchr(subject, ']') + 1 + strspn(strchr(subject, ']') + 1, " \t");
        for (size_t i = 0; starts[i]; i++) {
                const char *p = subject + strlen(starts[i]);

                if (!str_starts_nocase(subject, starts[i]))
                        continue;
                if (*p == '[' && strchr(p, ']'))
                        p = strchr(p, ']') + 1;
                p += strspn(p, " \t");
                if (*p == ':')
                        return true;
        }
        return false;
}

/* ---- the headers that the forward repeats */

static const char *const from_keys[] = { "Od", "From", "Von", "De", "Nadawca", NULL };
static const char *const subject_keys[] = { "Temat", "Subject", "Betreff", "Objet", NULL };
static const char *const other_keys[] = { "Do", "To", "An", "Adresat", "Odbiorca", "DW", "Cc", "UDW", "Bcc",
        "Kopia", "Wysłano", "Wysłane", "Sent", "Gesendet", "Data wysłania", "Data", "Date", "Datum",
        "Reply-To", "Odpowiedz do", "Ważność", "Importance", "Załączniki", "Attachments", NULL };

/* The value of a line "Key: value" of one of the keys, bold marks aside; NULL when it is none. */
static const char *value_of(const char *line, const char *const *keys)
{
        line += strspn(line, " \t*");
        for (; *keys; keys++) {
                const char *p = line + strlen(*keys);

                if (!str_starts_nocase(line, *keys))
                        continue;
                p += strspn(p, " \t*");
                if (*p == ':')
                        return p + 1 + strspn(p + 1, " \t*");
        }
        return NULL;
}

struct header {
        char *from, *subject; /* owned; NULL when not seen */
        size_t seen;          /* lines */
        bool begun;           /* the key of the last line stands alone: its value is on the next */
};

static void header_free(struct header *header)
{
        free(header->from);
        free(header->subject);
}

static char **wanted(struct header *header, const char *line, const char **ret_value)
{
        if ((*ret_value = value_of(line, from_keys)))
                return &header->from;
        if ((*ret_value = value_of(line, subject_keys)))
                return &header->subject;
        return NULL;
}

/* Whether the line belongs to the header. */
static bool take_line(struct header *header, const char *line, char ***last)
{
        const char *value;
        char **where = wanted(header, line, &value);

        if (!where && !value)
                value = value_of(line, other_keys);
        if (!value) {
                if (!header->begun)
                        return false;
                header->begun = false;
                where = *last;
                value = line + strspn(line, " \t");
        } else {
                header->begun = str_is_empty(value);
                header->seen++;
                *last = where;
        }
        if (where && (!*where || str_is_empty(*where))) {
                free(*where);
                *where = xstrndup(value, VALUE_MAX);
        }
        return true;
}

/* "Jan Nowak <jan@example.org>", "[mailto:jan@example.org]", "jan@example.org": the address, or NULL. */
static char *address_in(const char *text)
{
        const char *at = strchr(text, '@'), *from = at, *end = at;

        if (!at)
                return NULL;
        while (from > text && !strchr(" \t<>[](),;:\"'", from[-1]))
                from--;
        while (*end && !strchr(" \t<>[](),;:\"'", *end))
                end++;
        CLEANUP_FREE char *address = xstrndup(from, (size_t)(end - from));
        return address_normalise(address);
}

static char *name_in(const char *text)
{
        char *name = xstrndup(text, strcspn(text, "<["));

        memmove(name, str_trim(name), strlen(str_trim(name)) + 1);
        if (strchr(name, '@'))
                name[0] = 0;
        return name;
}

static void note(const struct header *header, struct mail *mail)
{
        const char *from = header->from ? header->from : "";
        CLEANUP_FREE char *address = address_in(from);
        CLEANUP_FREE char *name = name_in(from);
        CLEANUP_FREE char *subject = xstrdup(header->subject ? header->subject : "");
        const struct mail_forward forward = {
                .from = address, .from_name = name, .subject = str_trim(subject), .date = ZONE_NO_TIME
        };

        mail_add_forward(mail, &forward);
}

/* ---- the forwarded words */

static bool is_blank(const char *text)
{
        return text[strspn(text, " \t\r\f\v")] == 0;
}

/* The line of the mark that begins a forward; count when there is none, or an answer's quotation comes first. */
static size_t find_mark(const struct quote_lines *lines, const char *subject)
{
        for (size_t i = 0; i < lines->count; i++) {
                const struct quote_line *line = &lines->items[i];

                if (!line->aside)
                        continue;
                if (quote_is_forward(line->text))
                        return i;
                if (line->depth || quote_is_attribution(lines, i))
                        break;
                if (quote_is_separator(line->text) || quote_is_header_block(lines, i))
                        return forward_is_subject(subject) ? i : lines->count;
        }
        return lines->count;
}

/* Behind the header that follows the mark at line at; ret_depth: of the forwarded lines. */
static size_t read_header(const struct quote_lines *lines, size_t at, struct header *header, int *ret_depth)
{
        char **last = NULL;
        size_t end;

        if (!quote_is_header_block(lines, at))
                at++;
        while (at < lines->count && is_blank(lines->items[at].text))
                at++;
        *ret_depth = at < lines->count ? lines->items[at].depth : 0;
        end = at + HEADER_LINES < lines->count ? at + HEADER_LINES : lines->count;
        for (; at < end; at++) {
                const char *text = lines->items[at].text;

                if (is_blank(text) ? !header->begun && header->seen : !take_line(header, text, &last))
                        break;
        }
        return at;
}

static void mark_level(struct quote_lines *lines, const char *subject, struct mail *mail, int level)
{
        size_t mark = find_mark(lines, subject), from, to;
        struct header header = { 0 };
        struct quote_lines inner = { 0 };
        int depth;

        if (mark == lines->count || level == MAIL_FORWARDS)
                return;
        from = to = read_header(lines, mark, &header, &depth);
        for (; to < lines->count && (lines->items[to].depth >= depth || is_blank(lines->items[to].text));
             to++)
                quote_add(&inner, lines->items[to].text, strlen(lines->items[to].text),
                    lines->items[to].depth > depth ? lines->items[to].depth - depth : 0);
        note(&header, mail);
        quote_mark(&inner);
        mark_level(&inner, header.subject ? header.subject : "", mail, level + 1);
        for (size_t i = from; i < to; i++)
                lines->items[i].forwarded = !inner.items[i - from].aside || inner.items[i - from].forwarded;
        quote_free(&inner);
        header_free(&header);
}

void forward_mark(struct quote_lines *lines, struct mail *mail)
{
        mark_level(lines, mail->subject ? mail->subject : "", mail, 0);
}
