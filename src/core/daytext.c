/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/daytext.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/fold.h"

enum { YEAR_MIN = 1900, YEAR_MAX = 2199, SOON = 40, WORDS_MAX = 64 };

static int days_in(int64_t year, int64_t month)
{
        static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
        bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

        return month == 2 && leap ? 29 : days[month - 1];
}

/* Folded Polish and English names in any case form begin with one of these; Roman numerals are whole words.
 */
static int64_t month_of(const char *word)
{
        static const struct {
                const char *start;
                int month;
        } names[] = { { "sty", 1 }, { "lut", 2 }, { "mar", 3 }, { "kwi", 4 }, { "maj", 5 }, { "cze", 6 },
                { "lip", 7 }, { "sie", 8 }, { "wrz", 9 }, { "paz", 10 }, { "lis", 11 }, { "gru", 12 },
                { "jan", 1 }, { "feb", 2 }, { "apr", 4 }, { "may", 5 }, { "jun", 6 }, { "jul", 7 },
                { "aug", 8 }, { "sep", 9 }, { "oct", 10 }, { "nov", 11 }, { "dec", 12 } };
        static const char *const roman[] = { "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x",
                "xi", "xii" };
        int64_t number;

        for (int i = 0; i < 12; i++)
                if (strcmp(word, roman[i]) == 0)
                        return i + 1;
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
                if (str_starts(word, names[i].start))
                        return names[i].month;
        return str_to_int(word, 1, 12, &number) == 0 ? number : 0;
}

/* "12th April" */
static void drop_ending(char *word)
{
        static const char *const endings[] = { "st", "nd", "rd", "th", "go", "ego" };
        size_t digits = strspn(word, "0123456789");

        for (size_t i = 0; digits > 0 && i < sizeof endings / sizeof endings[0]; i++)
                if (strcmp(word + digits, endings[i]) == 0)
                        word[digits] = '\0';
}

/* Of two digits those to come soon are of this century; who asks for more than a guess sees that the year is not
 * written out. */
static bool read_year(const char *word, int64_t *ret_year)
{
        if (strlen(word) == 4)
                return str_to_int(word, YEAR_MIN, YEAR_MAX, ret_year) == 0;
        if (strlen(word) != 2 || str_to_int(word, 0, 99, ret_year) < 0)
                return false;
        *ret_year += *ret_year <= SOON ? 2000 : 1900;
        return true;
}

static char *day(const char *year_word, const char *month_word, const char *day_word)
{
        int64_t year, month = month_of(month_word), number;

        if (strlen(day_word) > 2 || month == 0 || !read_year(year_word, &year) ||
            str_to_int(day_word, 1, days_in(year, month), &number) < 0)
                return NULL;
        return xasprintf("%04d-%02d-%02d", (int)year, (int)month, (int)number);
}

char *daytext_normalise(const char *text)
{
        CLEANUP_FREE char *key = fold_key(text);
        char *words[WORDS_MAX];
        size_t count = 0;
        char *save = NULL, *found = NULL;

        for (char *word = strtok_r(key, " ", &save); word != NULL && count < WORDS_MAX;
             word = strtok_r(NULL, " ", &save))
                drop_ending(words[count++] = word);
        for (size_t i = 0; i + 2 < count && found == NULL; i++) {
                if (strlen(words[i]) == 4)
                        found = day(words[i], words[i + 1], words[i + 2]);
                if (found == NULL)
                        found = day(words[i + 2], words[i + 1], words[i]);
                if (found == NULL && words[i][0] > '9') /* "April 12, 2019" */
                        found = day(words[i + 2], words[i], words[i + 1]);
        }
        return found;
}
