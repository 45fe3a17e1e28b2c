/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Dates, spans and counts as people write them. ICU knows the words: months in the genitive, plural forms. */
#include <string.h>
#include <unicode/udat.h>
#include <unicode/upluralrules.h>
#include <unicode/ustring.h>

#include "base/mem.h"
#include "base/str.h"
#include "core/zone.h"

enum { NAME_ROOM = 64, TEXT_ROOM = 128, CACHE = 16 };

/* Formatters and plural rules stay open like the calendars of zone.c, and for the same reason. */
struct slot {
        char zone[NAME_ROOM], language[4];
        const char *pattern; /* one of this file's literals */
        UDateFormat *format;
};

static const char *language_of(const char *language)
{
        return str_equal(language, "pl") ? "pl" : "en_GB";
}

static UDateFormat *open_format(const char *pattern, const char *zone, const char *language)
{
        UErrorCode status = U_ZERO_ERROR;
        UChar name[NAME_ROOM], upattern[TEXT_ROOM];
        UDateFormat *format;

        u_uastrncpy(name, zone, NAME_ROOM - 1);
        name[NAME_ROOM - 1] = 0;
        u_strFromUTF8(upattern, TEXT_ROOM, NULL, pattern, -1, &status);
        format =
            udat_open(UDAT_PATTERN, UDAT_PATTERN, language_of(language), name, -1, upattern, -1, &status);
        if (U_FAILURE(status))
                mem_die("ICU cannot open a date format");
        return format;
}

static UDateFormat *format_of(const char *pattern, const char *zone, const char *language)
{
        static struct slot cache[CACHE];
        static size_t next;
        struct slot *slot;

        for (size_t i = 0; i < CACHE; i++)
                if (cache[i].format && cache[i].pattern == pattern && str_equal(cache[i].zone, zone) &&
                    str_equal(cache[i].language, language))
                        return cache[i].format;
        slot = &cache[next++ % CACHE];
        if (slot->format)
                udat_close(slot->format);
        *slot = (struct slot){ .pattern = pattern, .format = open_format(pattern, zone, language) };
        memcpy(slot->zone, zone, strnlen(zone, sizeof slot->zone - 1));
        memcpy(slot->language, language, strnlen(language, sizeof slot->language - 1));
        return slot->format;
}

static char *format_time(int64_t instant, const char *pattern, const char *zone, const char *language)
{
        UErrorCode status = U_ZERO_ERROR;
        UChar text[TEXT_ROOM];
        char out[TEXT_ROOM * 3];

        if (instant == ZONE_NO_TIME)
                return xstrdup("");
        udat_format(
            format_of(pattern, zone, language), (double)instant * 1000.0, text, TEXT_ROOM, NULL, &status);
        u_strToUTF8(out, sizeof out, NULL, text, -1, &status);
        return xstrdup(U_FAILURE(status) ? "" : out);
}

static const char pattern_day[] = "EEEE, d MMMM y";
static const char pattern_minutes[] = "d MMMM y, H:mm";
static const char pattern_seconds[] = "d MMMM y, H:mm:ss";
static const char pattern_clock[] = "H:mm";

char *zone_long_day(int64_t instant, const char *zone, const char *language)
{
        return format_time(instant, pattern_day, zone, language);
}

char *zone_long_time(int64_t instant, const char *zone, const char *language, bool seconds)
{
        return format_time(instant, seconds ? pattern_seconds : pattern_minutes, zone, language);
}

char *zone_hours(int64_t start, int64_t end, const char *zone, const char *language)
{
        CLEANUP_FREE char *first_day = zone_date(start, zone), *last_day = zone_date(end, zone);
        bool same_day = str_equal(first_day, last_day);
        const char *pattern = same_day ? pattern_clock : pattern_minutes;
        CLEANUP_FREE char *from = format_time(start, pattern, zone, language);
        CLEANUP_FREE char *to = format_time(end, pattern, zone, language);

        /* An en dash without spaces between two clocks, with spaces between dates. */
        return xasprintf(same_day ? "%s\xe2\x80\x93%s" : "%s \xe2\x80\x93 %s", from, to);
}

/* ---- Counts */

static const UPluralRules *rules_of(const char *language)
{
        static UPluralRules *cache[2];
        size_t i = str_equal(language, "pl") ? 0 : 1;
        UErrorCode status = U_ZERO_ERROR;

        if (!cache[i])
                cache[i] = uplrules_open(language_of(language), &status);
        if (U_FAILURE(status))
                mem_die("ICU has no plural rules");
        return cache[i];
}

static const char *choose(int64_t n, const struct zone_plural *words, const char *language)
{
        UErrorCode status = U_ZERO_ERROR;
        UChar keyword[16];
        char form[16];
        const char *word = words->other;

        uplrules_select(rules_of(language), (double)n, keyword, 16, &status);
        if (U_FAILURE(status))
                return word;
        u_austrncpy(form, keyword, sizeof form - 1);
        form[sizeof form - 1] = 0;
        if (str_equal(form, "one"))
                word = words->one;
        else if (str_equal(form, "few"))
                word = words->few;
        else if (str_equal(form, "many"))
                word = words->many;
        return word ? word : words->other;
}

char *zone_plural(int64_t n, const struct zone_plural *words, const char *language)
{
        return xasprintf("%lld %s", (long long)n, choose(n, words, language));
}

struct unit {
        int64_t seconds;
        struct zone_plural pl, en;
};

static const struct unit units[] = {
        { 86400, { "dzień", "dni", "dni", "dnia" }, { "day", NULL, NULL, "days" } },
        { 3600, { "godzina", "godziny", "godzin", "godziny" }, { "hour", NULL, NULL, "hours" } },
        { 60, { "minuta", "minuty", "minut", "minuty" }, { "minute", NULL, NULL, "minutes" } },
        { 1, { "sekunda", "sekundy", "sekund", "sekundy" }, { "second", NULL, NULL, "seconds" } },
};
enum { UNITS = sizeof units / sizeof *units, MINUTES = 2, SECONDS = 3 };

char *zone_duration(int64_t seconds, const char *language)
{
        bool polish = str_equal(language, "pl");
        int64_t left = seconds > 0 ? seconds : 0;
        size_t i = 0;
        CLEANUP_FREE char *large = NULL;
        CLEANUP_FREE char *small = NULL;

        while (i < SECONDS && left < units[i].seconds)
                i++;
        large = zone_plural(left / units[i].seconds, polish ? &units[i].pl : &units[i].en, language);
        left %= units[i].seconds;
        /* Nobody plans by the second: they are said only when nothing else is left. */
        if (i >= MINUTES || left < units[i + 1].seconds)
                return xstrdup(large);
        i++;
        small = zone_plural(left / units[i].seconds, polish ? &units[i].pl : &units[i].en, language);
        return xasprintf("%s %s %s", large, polish ? "i" : "and", small);
}
