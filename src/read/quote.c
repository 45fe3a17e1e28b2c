/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/quote.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/fold.h"

enum {
        ATTRIBUTION_LINES = 3, /* mail programs wrap it */
        ATTRIBUTION_MAX = 400, /* bytes */
        HEADER_LINES = 12,     /* looked at for a block of quoted headers */
        SIGNATURE_LINES = 12,  /* behind "--" without its blank, which may be a mere rule */
};

void quote_add(struct quote_lines *lines, const char *text, size_t size, int depth)
{
        if (lines->count == lines->room) {
                lines->room = lines->room ? lines->room * 2 : 64;
                lines->items = xreallocarray(lines->items, lines->room, sizeof *lines->items);
        }
        lines->items[lines->count++] = (struct quote_line){ .text = xstrndup(text, size), .depth = depth };
}

void quote_free(struct quote_lines *lines)
{
        for (size_t i = 0; i < lines->count; i++)
                free(lines->items[i].text);
        free(lines->items);
        *lines = (struct quote_lines){ 0 };
}

/* ---- lines */

/* Takes the quote marks off the start; blanks between them only where lines are not flowed. */
static int quote_depth(const char **text, const char *end, bool flowed)
{
        const char *p = *text;
        int depth = 0;

        while (p < end) {
                if (*p == '>') {
                        depth++;
                        *text = ++p;
                } else if (!flowed && depth && *p == ' ' && p + 1 < end && p[1] == '>') {
                        p++;
                } else {
                        break;
                }
        }
        if (*text < end && **text == ' ' && (flowed || depth))
                (*text)++; /* stuffed (RFC 3676 4.4), or the blank after ">" */
        return depth;
}

static void append(struct quote_line *line, const char *text, size_t size, bool delsp)
{
        size_t old = strlen(line->text) - (delsp ? 1 : 0);

        line->text = xreallocarray(line->text, old + size + 1, 1);
        memcpy(line->text + old, text, size);
        line->text[old + size] = 0;
}

static bool is_flowed(const struct quote_line *line)
{
        size_t size = strlen(line->text);

        return size && line->text[size - 1] == ' ' && strcmp(line->text, "-- ") != 0;
}

void quote_split(const char *text, bool flowed, bool delsp, struct quote_lines *ret_lines)
{
        bool joining = false;

        while (*text) {
                const char *end = text + strcspn(text, "\r\n");
                const char *next = end + (*end == '\r' && end[1] == '\n' ? 2 : *end ? 1 : 0);
                int depth = quote_depth(&text, end, flowed);
                struct quote_line *last = ret_lines->count ? &ret_lines->items[ret_lines->count - 1] : NULL;
                bool fixed = end - text == 3 && !memcmp(text, "-- ", 3);

                if (joining && last->depth == depth && !fixed && strlen(last->text) < LIMIT_OWN_TEXT)
                        append(last, text, (size_t)(end - text), delsp);
                else
                        quote_add(ret_lines, text, (size_t)(end - text), depth);
                joining = flowed && is_flowed(&ret_lines->items[ret_lines->count - 1]);
                text = next;
        }
}

/* ---- marks */

static const char *skip_blanks(const char *text)
{
        for (;; text++) {
                if (str_starts(text, "\u00A0"))
                        text++;
                else if (*text != ' ' && *text != '\t')
                        return text;
        }
}

static bool is_blank(const char *text)
{
        return !*skip_blanks(text);
}

static bool has_any(const char *text, const char *const *words)
{
        for (; *words; words++)
                if (str_contains_nocase(text, *words))
                        return true;
        return false;
}

/* Whether the words between the hyphens of a line that only mail programs write begin with one of these. */
static bool is_ruled(const char *text, const char *const *words)
{
        bool found = false;

        text = skip_blanks(text);
        text += strspn(text, "*");
        if (strlen(text) > 200)
                return false;
        if (str_starts(text, "--") || str_starts(text, "__") || str_starts_nocase(text, "Begin forwarded") ||
            str_starts(text, "Początek przek")) {
                CLEANUP_FREE char *key = fold_key(text);

                for (size_t i = 0; words[i] && !found; i++)
                        found = str_starts(key, words[i]);
        }
        return found;
}

/* "---------- Forwarded message ---------", "Begin forwarded message:" */
bool quote_is_forward(const char *text)
{
        static const char *const words[] = { "forwarded message", "begin forwarded message", "forwarded by",
                "wiadomosc przekazana", "przekazana wiadomosc", "przekazywana wiadomosc",
                "poczatek przekazywanej wiadomosci", "tresc przekazanej wiadomosci",
                "wiadomosc przeslana dalej", "przekazane przez", "weitergeleitete nachricht", NULL };

        return is_ruled(text, words);
}

/* "-----Original Message-----", "---- On ... wrote ----", and those above. */
bool quote_is_separator(const char *text)
{
        static const char *const words[] = { "original message", "wiadomosc oryginalna",
                "oryginalna wiadomosc", "reply message", "tresc oryginalnej wiadomosci", "wiadomosc zrodlowa",
                "ursprungliche nachricht", "below this line is a copy of the message",
                "this is a copy of the message", "this is a copy of your message", "original message follows",
                "message header follows", "message headers follow", "returned message", "returned mail",
                "unsent message", NULL };

        if (str_starts_nocase(skip_blanks(text), "Original message follows"))
                return true;
        if (str_starts(skip_blanks(text), "---- On ") && str_contains_nocase(text, " wrote"))
                return true;
        return quote_is_forward(text) || is_ruled(text, words);
}

/* A line "Key: ..." of one of the keys, perhaps with the asterisks of bold text turned plain. */
static bool has_key(const char *text, const char *const *keys)
{
        text = skip_blanks(text);
        text += strspn(text, "*");
        for (; *keys; keys++) {
                const char *p = text;

                if (!str_starts_nocase(p, *keys))
                        continue;
                p += strlen(*keys);
                p += strspn(p, "*");
                p = skip_blanks(p);
                if (*p == ':')
                        return true;
        }
        return false;
}

bool quote_is_header_block(const struct quote_lines *lines, size_t at)
{
        static const char *const from[] = { "Od", "From", "Von", "De", "Nadawca", NULL };
        static const char *const to[] = { "Do", "To", "An", "Adresat", "Odbiorca", NULL };
        static const char *const sent[] = { "Wysłano", "Wysłane", "Sent", "Gesendet", "Data wysłania", NULL };
        static const char *const date[] = { "Data", "Date", "Datum", NULL };
        static const char *const subject[] = { "Temat", "Subject", "Betreff", "Objet", NULL };
        bool has_to = false, has_date = false, has_sent = false, has_subject = false;

        if (!has_key(lines->items[at].text, from))
                return false;
        for (size_t i = at + 1; i < lines->count && i < at + HEADER_LINES; i++) {
                const char *text = lines->items[i].text;

                has_to |= has_key(text, to);
                has_date |= has_key(text, date);
                has_sent |= has_key(text, sent);
                has_subject |= has_key(text, subject);
        }
        return (has_subject && (has_date || has_sent || has_to)) || (has_sent && has_to);
}

static bool ends_with_colon(const char *text)
{
        size_t size = strlen(text);

        while (size && isspace((unsigned char)text[size - 1]))
                size--;
        return size && text[size - 1] == ':';
}

static bool begins_attribution(const char *text)
{
        static const char *const starts[] = { "On ", "W dniu", "Dnia", "Dn.", "Wiadomość napisana", "Am ",
                "Le ", "El ", "Il ", "Op ", "Em ", NULL };

        text = skip_blanks(text);
        if (isdigit((unsigned char)*text) || (strchr(text, '<') && strchr(text, '@')))
                return true;
        for (size_t i = 0; starts[i]; i++)
                if (str_starts_nocase(text, starts[i]))
                        return true;
        return false;
}

/* "2012-01-20 10:00 GMT+01:00 Jan Nowak <jan@example.org>:", where no verb is. */
static bool is_dated_address(const char *text)
{
        const char *address = strchr(text, '<'), *end = address ? strchr(address, '>') : NULL;

        text = skip_blanks(text);
        return isdigit((unsigned char)*text) && end && memchr(address, '@', (size_t)(end - address)) &&
               strspn(text, "0123456789/-.") >= 8 && strspn(end, ">: ") == strlen(end);
}

static bool is_attribution(const char *text)
{
        static const char *const verbs[] = { "wrote:", "napisał", "napisala",
                "napisano:", "pisze:", "schrieb", "a écrit",
                "escribió:", "ha scritto:", "scrisse:", "schreef", "escreveu:", "skrev", "написав", "написал",
                "пишет:", "пише:", NULL };

        return (ends_with_colon(text) && has_any(text, verbs) && strpbrk(text, "0123456789@")) ||
               is_dated_address(text);
}

/* Lines from at on that say who wrote what follows: how many, 0 none. */
static size_t attribution(const struct quote_lines *lines, size_t at)
{
        char joined[ATTRIBUTION_MAX + 2];
        size_t size = 0;

        for (size_t n = 0; n < ATTRIBUTION_LINES && at + n < lines->count; n++) {
                const struct quote_line *line = &lines->items[at + n];
                size_t add = strlen(line->text);

                if (line->depth || size + add + 2 > sizeof joined || is_blank(line->text))
                        return 0;
                memcpy(joined + size, line->text, add);
                size += add;
                joined[size++] = ' ';
                joined[size] = 0;
                if (is_attribution(joined))
                        return n + 1;
                if (n == 0 && !begins_attribution(line->text))
                        return 0;
        }
        return 0;
}

bool quote_is_attribution(const struct quote_lines *lines, size_t at)
{
        return attribution(lines, at) > 0;
}

static bool quote_follows(const struct quote_lines *lines, size_t at)
{
        while (at < lines->count && !lines->items[at].depth && !lines->items[at].aside &&
               is_blank(lines->items[at].text))
                at++;
        return at < lines->count && (lines->items[at].depth || lines->items[at].aside);
}

static bool is_signature(const struct quote_lines *lines, size_t at)
{
        const char *text = lines->items[at].text;
        size_t filled = 0;

        if (!strcmp(text, "-- "))
                return true;
        if (strcmp(text, "--") != 0)
                return false;
        for (size_t i = at + 1; i < lines->count && !lines->items[i].depth && !lines->items[i].aside; i++)
                filled += !is_blank(lines->items[i].text);
        return filled <= SIGNATURE_LINES;
}

/* A rule that mail programs draw above what they quote. */
static bool is_rule(const char *text)
{
        text = skip_blanks(text);
        return strspn(text, "-_=*") >= 5 && text[strspn(text, "-_=* ")] == 0;
}

/* "Sent from my iPhone" */
static bool is_advert(const char *text)
{
        static const char *const starts[] = { "Sent from my ", "Sent from Mail", "Sent from Outlook",
                "Sent from Yahoo", "Sent via ", "Get Outlook for", "Wysłane z ", "Wysłano z ",
                "Pobierz Outlook", "Pobierz aplikację Outlook", NULL };

        text = skip_blanks(text);
        for (size_t i = 0; starts[i]; i++)
                if (str_starts_nocase(text, starts[i]))
                        return true;
        return false;
}

static void aside_from(struct quote_lines *lines, size_t from, size_t to)
{
        if (from && is_rule(lines->items[from - 1].text))
                from--;
        for (size_t i = from; i < to && i < lines->count; i++)
                lines->items[i].aside = true;
}

void quote_mark(struct quote_lines *lines)
{
        for (size_t i = 0; i < lines->count; i++) {
                struct quote_line *line = &lines->items[i];
                size_t n;

                if (line->aside)
                        continue;
                if (line->depth || is_advert(line->text)) {
                        line->aside = true;
                } else if (quote_is_separator(line->text) || quote_is_header_block(lines, i) ||
                           is_signature(lines, i)) {
                        aside_from(lines, i, lines->count);
                } else if ((n = attribution(lines, i))) {
                        /* Without marks on the quoted lines everything below the attribution is quoted. */
                        aside_from(lines, i, quote_follows(lines, i + n) ? i + n : lines->count);
                }
        }
}
