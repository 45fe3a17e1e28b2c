/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/phone.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/mem.h"
#include "core/fold.h"

enum { DIGITS_MAX = 15 /* E.164 6 */, DIGITS_ROOM = 64, EXTENSION_MAX = 7, POLISH = 9, WORD_ROOM = 24 };

struct number {
        char digits[DIGITS_ROOM + 1];
        size_t count;
        bool plus;
};

static bool is_digit(char c)
{
        return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

/* The word at text, folded ("" when it is too long to be one of ours); its end is returned. */
static const char *take_word(const char *text, char ret_word[WORD_ROOM])
{
        const char *end = text;

        while (is_letter(*end))
                end++;
        CLEANUP_FREE char *copy = xstrndup(text, (size_t)(end - text));
        CLEANUP_FREE char *key = fold_key(copy);
        size_t size = strlen(key);

        ret_word[0] = '\0';
        if (size < WORD_ROOM)
                memcpy(ret_word, key, size + 1);
        return end;
}

static bool is_one_of(const char *word, const char *const *words)
{
        for (; *words != NULL; words++)
                if (strcmp(word, *words) == 0)
                        return true;
        return false;
}

/* Typographic dashes become hyphens, so that what follows looks at single bytes. */
static char *with_hyphens(const char *text)
{
        static const char *const dashes[] = { "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2212",
                NULL };
        struct buf out = BUF_INIT(LIMIT_DOC_TEXT);

        while (*text != '\0') {
                size_t size = 0;
                for (size_t i = 0; dashes[i] != NULL && size == 0; i++)
                        if (strncmp(text, dashes[i], strlen(dashes[i])) == 0)
                                size = strlen(dashes[i]);
                buf_putc(&out, size > 0 ? '-' : *text);
                text += size > 0 ? size : 1;
        }
        buf_add(&out, "", 0);
        return buf_detach(&out, NULL);
}

/* Past "tel. kom.:" and the like; NULL when other words come before the number. */
static const char *skip_introduction(const char *at)
{
        static const char *const allowed[] = { "tel", "telefon", "telefonu", "kom", "komorka", "komorkowy",
                "nr", "numer", "sluzbowy", "prywatny", "kontaktowy", "stacjonarny", "mobile", "phone", "gsm",
                "m", "t", "k", "dom", "domowy", "praca", "pracy", "do", "biuro", "sekretariat", "centrala",
                "mob", "cell", "office", "work", "pryw", "priv", "prywatna", "sluzb", "sms", "whatsapp",
                "signal", "moj", "tylko", "mama", "mamy", "matka", "matki", "tata", "taty", "ojciec", "ojca",
                "corka", "corki", "syn", "syna", "zona", "zony", "maz", "meza", "rodzic", "rodzica",
                "opiekun", "opiekuna", NULL };
        static const char *const too[] = { "fax", "faks",
                NULL }; /* "tel./fax"; a fax alone is no telephone */
        bool introduced = false;
        char word[WORD_ROOM];

        while (*at != '\0' && *at != '+' && !is_digit(*at)) {
                if (!is_letter(*at)) {
                        at++;
                        continue;
                }
                at = take_word(at, word);
                if (!is_one_of(word, allowed) && !(introduced && is_one_of(word, too)))
                        return NULL;
                introduced = true;
        }
        return *at != '\0' ? at : NULL;
}

/* ";17" after the number, or 0 digits: "600 100 200 w godz. 8-15" has none. */
static size_t read_extension(const char *at, char ret_digits[EXTENSION_MAX + 1])
{
        static const char *const words[] = { "wew", "wewn", "wewnetrzny", "w", "int", "ext", "extension", "x",
                NULL };
        char word[WORD_ROOM];
        size_t count = 0;

        while (*at != '\0' && strchr(" ,;.()-/", *at) != NULL)
                at++;
        if (!is_letter(*at))
                return 0;
        at = take_word(at, word);
        if (!is_one_of(word, words))
                return 0;
        while (*at != '\0' && strchr(" .:=#", *at) != NULL)
                at++;
        while (is_digit(at[count]) && count < EXTENSION_MAX) {
                ret_digits[count] = at[count];
                count++;
        }
        if (is_digit(at[count]) || at[count] == '-' || at[count] == ':')
                return 0;
        ret_digits[count] = '\0';
        return count;
}

static void drop_leading(struct number *number, size_t count)
{
        number->count -= count;
        memmove(number->digits, number->digits + count, number->count + 1);
}

/* A Polish number after its 48: old ways write the trunk zero too. Two numbers run together give the first.
 */
static bool finish_polish(struct number *number)
{
        if (number->count == POLISH + 1 && number->digits[0] == '0')
                drop_leading(number, 1);
        if (number->count == 2 * POLISH)
                number->count = POLISH;
        number->digits[number->count] = '\0';
        return number->count == POLISH && number->digits[0] != '0';
}

/* Leaves the digits with the country's code. */
static bool resolve(struct number *number)
{
        if (!number->plus && strncmp(number->digits, "00", 2) == 0) {
                drop_leading(number, 2);
                number->plus = true;
        }
        if (!number->plus && number->count == POLISH + 2 && strncmp(number->digits, "48", 2) == 0)
                number->plus = true;
        if (number->plus && strncmp(number->digits, "48", 2) != 0)
                return number->count >= 8 && number->count <= DIGITS_MAX && number->digits[0] != '0';
        if (number->plus)
                drop_leading(number, 2);
        if (!finish_polish(number))
                return false;
        memmove(number->digits + 2, number->digits, POLISH + 1);
        memcpy(number->digits, "48", 2);
        return true;
}

static bool is_whole(const struct number *number)
{
        struct number copy = *number;

        return resolve(&copy);
}

static const char *read_number(const char *at, struct number *ret_number)
{
        struct number number = { .plus = *at == '+' };

        for (at += number.plus; *at != '\0'; at++) {
                if (is_digit(*at) && number.count < DIGITS_ROOM)
                        number.digits[number.count++] = *at;
                else if ((*at == '/' || *at == '-') && is_whole(&number))
                        break; /* "74 665 11 11-13": lines of one telephone */
                else if (strchr(" -.()/", *at) == NULL)
                        break;
        }
        *ret_number = number;
        return at;
}

char *phone_normalise(const char *text)
{
        CLEANUP_FREE char *spaced = fold_spaces(text);
        CLEANUP_FREE char *plain = with_hyphens(spaced);
        const char *at = skip_introduction(plain);
        char extension[EXTENSION_MAX + 1];
        struct number number;

        if (at == NULL)
                return NULL;
        at = read_number(at, &number);
        if (!resolve(&number))
                return NULL;
        if (read_extension(at, extension) > 0)
                return xasprintf("+%s;ext=%s", number.digits, extension);
        return xasprintf("+%s", number.digits);
}
