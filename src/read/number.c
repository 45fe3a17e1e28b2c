/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/number.h"

#include <ctype.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"

enum { SECTIONS_MAX = 4, DECIMALS_MAX = 15, DIGITS_MAX = 400, SECONDS_A_DAY = 86400 };

#define DAYS_MAX 2958466.0 /* behind 9999-12-31 */

/* ---- pieces of a format */

struct piece {
        const char *start;
        size_t size;
};

/* The size of one item: a quoted text, an escaped character, a bracket, or one character. */
static size_t item(const struct piece *piece, size_t at)
{
        char c = piece->start[at], close = c == '"' ? '"' : c == '[' ? ']' : 0;
        const char *end;

        if (close) {
                end = memchr(piece->start + at + 1, close, piece->size - at - 1);
                return end ? (size_t)(end + 1 - piece->start) - at : piece->size - at;
        }
        return strchr("\\_*", c) && c && at + 1 < piece->size ? 2 : 1;
}

static size_t split(const char *format, struct piece *sections)
{
        struct piece all = { format, strlen(format) };
        size_t count = 0, start = 0;

        for (size_t i = 0; i <= all.size && count < SECTIONS_MAX; i += i < all.size ? item(&all, i) : 1)
                if (i == all.size || format[i] == ';') {
                        sections[count++] = (struct piece){ format + start, i - start };
                        start = i + 1;
                }
        return count;
}

/* "[<=9999999]": 1 it holds, 0 it does not, -1 there is none. */
static int condition(const struct piece *section, double number)
{
        for (size_t i = 0; i < section->size; i += item(section, i)) {
                const char *at = section->start + i + 1;
                char sign = *section->start && section->start[i] == '[' ? *at : 0;
                bool equal = sign && at[1] == '=';
                double bound;

                if (sign != '<' && sign != '>' && sign != '=')
                        continue;
                if (sign == '<' && at[1] == '>')
                        return number < strtod(at + 2, NULL) || number > strtod(at + 2, NULL);
                bound = strtod(at + 1 + equal, NULL);
                if (!(number < bound) && !(number > bound))
                        return equal || sign == '=';
                return sign == '<' ? number < bound : sign == '>' && number > bound;
        }
        return -1;
}

/* Which section the number takes; ret_sign: its minus has to be written. */
static struct piece choose(const char *format, double number, bool *ret_sign)
{
        struct piece sections[SECTIONS_MAX];
        size_t count = split(format, sections);
        int first = condition(&sections[0], number);
        int second = count > 1 ? condition(&sections[1], number) : -1;

        *ret_sign = number < 0;
        if (first >= 0 || second >= 0) {
                if (first == 1 || (count < 2 && first == 0))
                        return sections[0];
                return second != 0 ? sections[1] : sections[count > 2 ? 2 : 1];
        }
        if (count > 1 && number < 0) {
                *ret_sign = false;
                return sections[1];
        }
        return count > 2 && !(number > 0) ? sections[2] : sections[0];
}

/* ---- dates */

struct moment {
        bool day, time;
};

static struct moment moment_of(const struct piece *section)
{
        struct moment moment = { false, false };
        bool month = false;

        for (size_t i = 0; i < section->size; i += item(section, i)) {
                int c = tolower((unsigned char)section->start[i]);
                int next = i + 1 < section->size ? tolower((unsigned char)section->start[i + 1]) : 0;

                moment.day = moment.day || c == 'y' || c == 'd';
                month = month || c == 'm';
                moment.time = moment.time || c == 'h' || c == 's' ||
                              (c == '[' && (next == 'h' || next == 'm' || next == 's'));
                if (c == 'e' && (next == '+' || next == '-'))
                        return (struct moment){ false, false };
        }
        moment.day = moment.day || (month && !moment.time);
        return moment;
}

/* Days from 1970-01-01 to the calendar: eras of 400 years, months from March. */
static void put_day(int64_t days, struct buf *out)
{
        int64_t z = days + 719468, era = z / 146097, doe = z - era * 146097;
        int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
        int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100), mp = (5 * doy + 2) / 153;
        int64_t month = mp < 10 ? mp + 3 : mp - 9;

        buf_printf(out, "%02d.%02d.%04d", (int)(doy - (153 * mp + 2) / 5 + 1), (int)month,
            (int)(yoe + era * 400 + (month <= 2)));
}

/* Day 1 is 1900-01-01, and there was a 29th February 1900; or day 0 is 1904-01-01. */
static void put_moment(double number, struct moment moment, bool from_1904, struct buf *out)
{
        int64_t seconds = (int64_t)(number * SECONDS_A_DAY + 0.5), days = seconds / SECONDS_A_DAY;
        int64_t minutes = seconds % SECONDS_A_DAY / 60;

        if (moment.day)
                put_day(days + (from_1904 ? -24107 : days < 60 ? -25568 : -25569), out);
        if (moment.day && moment.time)
                buf_putc(out, ' ');
        if (moment.time)
                buf_printf(out, "%02d:%02d", (int)(minutes / 60), (int)(minutes % 60));
}

/* ---- digits */

struct shape {
        int whole, decimals; /* places */
        bool point, percent, grouped, plain;
};

static bool is_place(char c)
{
        return c == '0' || c == '#' || c == '?';
}

static struct shape shape_of(const struct piece *section)
{
        struct shape shape = { 0 };

        for (size_t i = 0; i < section->size; i += item(section, i)) {
                char c = section->start[i];

                if (is_place(c) && shape.point)
                        shape.decimals++;
                else if (is_place(c))
                        shape.whole++;
                shape.point = shape.point || c == '.';
                shape.percent = shape.percent || c == '%';
                shape.grouped = shape.grouped || (c == ',' && shape.whole && !shape.point);
                shape.plain = shape.plain || c == '@' || c == '/' || c == 'E' || c == 'G';
        }
        if (shape.decimals > DECIMALS_MAX)
                shape.decimals = DECIMALS_MAX;
        return shape;
}

static void put_grouped(const char *digits, size_t size, struct buf *out)
{
        for (size_t i = 0; i < size; i++) {
                if (i && (size - i) % 3 == 0)
                        buf_putc(out, ' ');
                buf_putc(out, digits[i]);
        }
}

/* The next place of the whole part: the first takes all digits that are too many. */
static void put_place(
    char place, const struct shape *shape, int at, const char *digits, size_t size, struct buf *out)
{
        size_t left = (size_t)(shape->whole - at);

        if (shape->grouped) {
                if (!at)
                        put_grouped(size ? digits : "0", size ? size : 1, out);
        } else if (!at && size > left) {
                buf_add(out, digits, size - left + 1);
        } else if (size >= left) {
                buf_putc(out, digits[size - left]);
        } else if (place == '0') {
                buf_putc(out, '0');
        }
}

static void put_literal(const struct piece *section, size_t at, size_t size, struct buf *out)
{
        const char *text = section->start + at;

        if (*text == '"')
                buf_add(out, text + 1, size > 2 ? size - 2 : 0);
        else if (*text == '\\' && size == 2)
                buf_putc(out, text[1]);
        else if (*text == '_')
                buf_putc(out, ' ');
        else if (size > 3 && text[0] == '[' && text[1] == '$') /* "[$zł-415]" */
                buf_add(out, text + 2, strcspn(text + 2, "-]"));
        else if (size == 1 && *text != ',' && *text != '[' && *text != '*')
                buf_putc(out, *text);
}

static void put_decimals(const char *fraction, struct buf *out)
{
        if (!fraction || !*fraction)
                return;
        buf_putc(out, ',');
        buf_puts(out, fraction);
}

static void put_shaped(const struct piece *section, const struct shape *shape, double number, struct buf *out)
{
        char digits[DIGITS_MAX], *point;
        size_t size, skip = 0;
        int at = 0;
        bool behind = false;

        snprintf(digits, sizeof digits, "%.*f", shape->decimals, shape->percent ? number * 100 : number);
        point = strchr(digits, '.');
        if (point)
                *point++ = 0;
        skip = strspn(digits, "0");
        size = strlen(digits + skip);
        for (size_t i = 0; i < section->size; i += item(section, i)) {
                char c = section->start[i];

                if (c == '.' && !behind) {
                        behind = true;
                        put_decimals(point, out);
                } else if (!is_place(c)) {
                        put_literal(section, i, item(section, i), out);
                } else if (!behind) {
                        put_place(c, shape, at++, digits + skip, size, out);
                }
        }
}

/* ---- all together */

void number_plain(double number, struct buf *out)
{
        char text[DIGITS_MAX], *point;

        if (fabs(number) < 1e15 && !(fabs(number) > 0 && fabs(number) < 1e-6))
                snprintf(text, sizeof text, "%.*f", fabs(number) < 1e9 ? 6 : 0, number);
        else
                snprintf(text, sizeof text, "%.15g", number);
        point = strchr(text, '.');
        if (point && !strchr(text, 'e')) {
                size_t size = strlen(text);

                while (size && text[size - 1] == '0')
                        text[--size] = 0;
                if (size && text[size - 1] == '.')
                        text[--size] = 0;
        }
        if ((point = strchr(text, '.')))
                *point = ',';
        buf_puts(out, text);
}

static bool is_general(const struct piece *section)
{
        for (size_t i = 0; i + 7 <= section->size; i++)
                if (!strncasecmp(section->start + i, "General", 7))
                        return true;
        return section->size == 0;
}

void number_format(double number, const char *format, bool from_1904, struct buf *out)
{
        struct piece section;
        struct moment moment;
        struct shape shape;
        bool sign;

        if (!isfinite(number))
                return;
        section = choose(format, number, &sign);
        moment = moment_of(&section);
        shape = shape_of(&section);
        if (section.size == 0 && *format) { /* ";;;" hides it */
                return;
        } else if (is_general(&section)) {
                number_plain(number, out);
        } else if ((moment.day || moment.time) && number >= 0 && number < DAYS_MAX) {
                put_moment(number, moment, from_1904, out);
        } else if (shape.plain || fabs(number) >= 1e15) {
                number_plain(number, out);
        } else {
                if (sign)
                        buf_putc(out, '-');
                put_shaped(&section, &shape, fabs(number), out);
        }
}

const char *number_builtin(int id)
{
        static const char *const formats[] = { [1] = "0",
                [2] = "0.00",
                [3] = "#,##0",
                [4] = "#,##0.00",
                [9] = "0%",
                [10] = "0.00%",
                [14] = "dd.mm.yyyy",
                [15] = "d-mmm-yy",
                [16] = "d-mmm",
                [17] = "mmm-yy",
                [18] = "h:mm",
                [19] = "h:mm",
                [20] = "h:mm",
                [21] = "h:mm:ss",
                [22] = "dd.mm.yyyy h:mm",
                [37] = "#,##0",
                [38] = "#,##0",
                [39] = "#,##0.00",
                [40] = "#,##0.00",
                [45] = "mm:ss",
                [46] = "[h]:mm:ss",
                [47] = "mm:ss" };

        if (id < 0 || (size_t)id >= sizeof formats / sizeof formats[0] || !formats[id])
                return "General";
        return formats[id];
}
