/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/email.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/address.h"
#include "core/fold.h"
#include "core/word.h"

enum { SLIP = 1, COUNTRY = 3 /* ".pl" */ };

#define WITNESSED 0.9
#define SLIPPED 0.7

static const char around[] = " \n\t<>()[]{},;:\"'|";

/* ---- spoken signs */

static size_t spoken(const char *at, bool has_sign, const char **ret_sign)
{
        static const struct {
                const char *said, *sign;
                bool word; /* only where no "@" stands in the text */
        } signs[] = { { "mailto:", " ", false }, { "(at)", "@", false }, { "[at]", "@", false },
                { "{at}", "@", false }, { "<at>", "@", false }, { "(a)", "@", true },
                { "(malpa)", "@", false }, { "(ma\u0142pa)", "@", false }, { "[ma\u0142pa]", "@", false },
                { "(dot)", ".", false }, { "[dot]", ".", false }, { "(kropka)", ".", false },
                { "[kropka]", ".", false }, { " ma\u0142pa ", "@", true }, { " malpa ", "@", true },
                { " at ", "@", true }, { " kropka ", ".", false }, { " dot ", ".", false } };

        for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
                if ((signs[i].word && has_sign) || strncasecmp(at, signs[i].said, strlen(signs[i].said)) != 0)
                        continue;
                *ret_sign = signs[i].sign;
                return strlen(signs[i].said);
        }
        return 0;
}

static char *with_signs(const char *text)
{
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);
        bool has_sign = strchr(text, '@') != NULL;

        while (*text != '\0') {
                const char *sign;
                size_t size = spoken(text, has_sign, &sign);

                if (size > 0)
                        buf_puts(&out, sign);
                else
                        buf_putc(&out, *text);
                text += size > 0 ? size : 1;
        }
        buf_puts(&out, "");
        return buf_detach(&out, NULL);
}

/* ---- blanks and commas that do not belong */

/* Whether a word of these bytes is the end of a host's name; what comes after must not go on with it. */
static size_t top_level(const char *at)
{
        static const char *const names[] = { "pl", "eu", "com", "org", "net", "info", "edu", "gov", "biz",
                "de", "uk", "cz", "sk", "it", "fr", "es", "at", "ch", "ua", "example" };
        size_t size = strcspn(at, " \n\t<>()[]{},;:\"'|./");

        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (size == strlen(names[i]) && strncasecmp(at, names[i], size) == 0)
                        return size;
        return 0;
}

/* Whether what is written so far ends like a whole host. */
static bool is_complete(const struct buf *out)
{
        size_t start = out->size;

        while (start > 0 && strchr(".@ ", out->data[start - 1]) == NULL)
                start--;
        if (start == 0 || out->data[start - 1] != '.')
                return false;
        CLEANUP_FREE char *last = xstrndup((const char *)out->data + start, out->size - start);
        return top_level(last) == out->size - start;
}

/* In a host's name: "wp .pl", "wp. pl", "wp,pl". The bytes that are to become a point, or 0. */
static size_t broken_point(const char *at, const struct buf *out)
{
        size_t before = strspn(at, " "), after = before + (at[before] == '.' || at[before] == ','), end;

        if (after == before || is_complete(out))
                return 0;
        end = after + strspn(at + after, " ");
        if (at[before] == ',' && end != after)
                return 0;
        return before > 0 || end > after || at[before] == ',' ? (top_level(at + end) > 0 ? end : 0) : 0;
}

/* In what stands before the "@": " . " or, where it begins the text, "jan. kowalski@". */
static size_t loose_point(const char *text, const char *at)
{
        size_t before = strspn(at, " "), end = before + 1;

        if (at[before] != '.')
                return 0;
        end += strspn(at + end, " ");
        if (end == 1 || (before == 0 && memchr(text, ' ', (size_t)(at - text)) != NULL))
                return 0;
        const char *word = at + end + strcspn(at + end, around);
        bool last =
            memchr(at + end, '@', (size_t)(word - at) - end) != NULL || word[strspn(word, " ")] == '@';
        return last ? end : 0;
}

static char *without_blanks(const char *text, bool *ret_clear)
{
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);
        bool host = false;

        for (const char *at = text; *at != '\0';) {
                size_t blanks = strspn(at, " "),
                       point = host ? broken_point(at, &out) : loose_point(text, at);

                if (at[blanks] == '@') {
                        buf_putc(&out, '@');
                        at += blanks + 1;
                        at += strspn(at, " \n"); /* no address ends with it */
                        host = true;
                } else if (point > 0) {
                        buf_putc(&out, '.');
                        *ret_clear = *ret_clear && (host || *at == ' '); /* "np. jan@..." may be two words */
                        at += point;
                } else {
                        host = host && *at != ' ' && *at != '\n';
                        buf_putc(&out, *at++);
                }
        }
        buf_puts(&out, "");
        return buf_detach(&out, NULL);
}

/* ---- the address */

/* Words that introduce an address or stand between two; others may be its lost beginning. */
static bool introduces(const char *before, size_t size)
{
        static const char *const words[] = { "e$", "mail", "email", "adres", "address$", "lub$", "i$",
                "oraz$", "or$", "and$", "sluzbow", "prywatn", "domow", "kontakt", "poczt", "na$", "to$",
                NULL };
        size_t end = size, start;

        if (end == 0 || before[end - 1] != ' ')
                return true;
        end--;
        start = end;
        while (start > 0 && before[start - 1] != ' ' && before[start - 1] != '\n')
                start--;
        CLEANUP_FREE char *word = xstrndup(before + start, end - start);
        CLEANUP_FREE char *key = fold_key(word);
        return *key == '\0' || strchr(word, '@') != NULL || strpbrk(key, "0123456789") != NULL ||
               strchr(".,;:)>-", word[strlen(word) - 1]) != NULL || word_has_stem(key, words);
}

/* "wp..pl", "jan@@wp.pl": owned, or NULL when nothing was doubled. */
static char *without_doubles(const char *word)
{
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);
        bool doubled = false;

        for (; *word != '\0'; word++) {
                if (out.size > 0 && *word == out.data[out.size - 1] && (*word == '.' || *word == '@'))
                        doubled = true;
                else
                        buf_putc(&out, *word);
        }
        buf_puts(&out, "");
        if (doubled)
                return buf_detach(&out, NULL);
        buf_free(&out);
        return NULL;
}

/* "www.gmina.pl/jan@..." is none; of "a@b.pl/c@d.pl" the first. */
static void cut_second(char *word)
{
        char *sign = strchr(word, '@'), *slash = sign != NULL ? strchr(sign, '/') : NULL;

        if (slash != NULL)
                *slash = '\0';
}

static void trim_end(char *word)
{
        size_t size = strlen(word);

        while (size > 0 && strchr(".,;:!?-_", word[size - 1]) != NULL)
                word[--size] = '\0';
}

static char *read_word(const char *text, size_t size, bool *ret_clear)
{
        CLEANUP_FREE char *word = xstrndup(text, size);
        CLEANUP_FREE char *single = NULL;
        char *address;

        cut_second(word);
        trim_end(word);
        single = without_doubles(word);
        address = address_normalise(single != NULL ? single : word);
        if (address != NULL && strchr(address_domain(address), '.') != NULL) {
                *ret_clear = single == NULL;
                return address;
        }
        free(address);
        return NULL;
}

/* One letter is no end of a host's name. */
static bool is_cut(const char *address)
{
        const char *last = strrchr(address, '.');

        return last == NULL || strlen(last) < 3;
}

bool email_goes_on(const char *address, const char *next)
{
        const char *last = strrchr(address, '.');
        size_t size = strcspn(next, " \n");

        if (last == NULL || strlen(last) <= COUNTRY || top_level(last + 1) > 0)
                return false;
        return size > 0 && next[size] != ' ' &&
               strspn(next, "abcdefghijklmnopqrstuvwxyz0123456789.-") == size;
}

char *email_normalise(const char *raw, bool *ret_clear)
{
        CLEANUP_FREE char *folded = fold_spaces(raw);
        CLEANUP_FREE char *signs = with_signs(folded);
        bool joined = true;
        CLEANUP_FREE char *text = without_blanks(signs, &joined);

        for (const char *at = text; *at != '\0';) {
                size_t size = strcspn(at, around);
                bool clear = true;

                if (memchr(at, '@', size) != NULL) {
                        char *address = read_word(at, size, &clear);
                        if (address != NULL && ret_clear != NULL)
                                *ret_clear = clear && joined && !is_cut(address) &&
                                             !(at[size] == '\n' && email_goes_on(address, at + size + 1)) &&
                                             introduces(text, (size_t)(at - text));
                        return address;
                }
                at += size > 0 ? size : 1;
        }
        return NULL;
}

static char *lower(const char *text)
{
        char *copy = xstrdup(text);

        for (char *c = copy; *c != '\0'; c++)
                if (*c >= 'A' && *c <= 'Z')
                        *c = (char)(*c - 'A' + 'a');
        return copy;
}

double email_beside_sender(const char *email, const char *sender, double confidence)
{
        CLEANUP_FREE char *own = lower(email);
        CLEANUP_FREE char *other = lower(sender);

        if (address_equal(email, sender))
                return confidence > WITNESSED ? confidence : WITNESSED;
        if (fold_distance(own, other, SLIP) <= SLIP)
                return confidence < SLIPPED ? confidence : SLIPPED;
        return confidence;
}
