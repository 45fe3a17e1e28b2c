/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/charset.h"

#include <ctype.h>
#include <errno.h>
#include <iconv.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

/* Names as letters and digits only, lower case. The first of each row is iconv's name without decoration. */
enum { CP1250, LATIN2, CP1252, LATIN1, LATIN9, UTF16LE, UTF16BE };
static struct {
        const char *iconv_name;
        const char *names; /* each between blanks */
        iconv_t converter;
} tables[] = {
        [CP1250] = { "CP1250", " windows1250 cp1250 xcp1250 win1250 ", (iconv_t)-1 },
        [LATIN2] = { "ISO-8859-2", " iso88592 latin2 isoir101 l2 88592 ", (iconv_t)-1 },
        [CP1252] = { "CP1252", " windows1252 cp1252 xcp1252 ansi ", (iconv_t)-1 },
        [LATIN1] = { "ISO-8859-1", " iso88591 latin1 l1 ", (iconv_t)-1 },
        [LATIN9] = { "ISO-8859-15", " iso885915 latin9 ", (iconv_t)-1 },
        [UTF16LE] = { "UTF-16LE", " utf16le utf16 unicode ", (iconv_t)-1 },
        [UTF16BE] = { "UTF-16BE", " utf16be ", (iconv_t)-1 },
        { "CP852", " cp852 ibm852 ", (iconv_t)-1 },
        { "ISO-8859-16", " iso885916 ", (iconv_t)-1 },
        { "CP1251", " windows1251 cp1251 ", (iconv_t)-1 },
        { "ISO-8859-5", " iso88595 ", (iconv_t)-1 },
        { "KOI8-R", " koi8r ", (iconv_t)-1 },
        { "KOI8-U", " koi8u ", (iconv_t)-1 },
        { "CP1257", " windows1257 cp1257 ", (iconv_t)-1 },
        { "ISO-8859-13", " iso885913 ", (iconv_t)-1 },
        { "UTF-7", " utf7 unicode11utf7 ", (iconv_t)-1 },
        { "MAC-CENTRALEUROPE", " xmacce xmaccentraleurroman maccentraleurope ", (iconv_t)-1 },
        { "MACINTOSH", " macintosh xmacroman macroman mac ", (iconv_t)-1 },
        { "CP1254", " windows1254 cp1254 iso88599 latin5 ", (iconv_t)-1 },
        { "CP1253", " windows1253 cp1253 iso88597 greek ", (iconv_t)-1 },
        { "ISO-8859-4", " iso88594 latin4 ", (iconv_t)-1 },
        { "GB18030", " gb2312 gbk gb18030 cp936 xgbk ", (iconv_t)-1 },
        { "GBK", " ", (iconv_t)-1 }, /* GMime's name for gb2312 */
        { "BIG5", " big5 xbig5 ", (iconv_t)-1 },
        { "ISO-2022-JP", " iso2022jp ", (iconv_t)-1 },
        { "SHIFT_JIS", " shiftjis sjis xsjis cp932 ", (iconv_t)-1 },
        { "EUC-KR", " euckr ksc56011987 ", (iconv_t)-1 },
};
enum { TABLES = sizeof tables / sizeof tables[0] };

void charset_preload(void)
{
        for (size_t i = 0; i < TABLES; i++)
                if (tables[i].converter == (iconv_t)-1)
                        tables[i].converter = iconv_open("UTF-8", tables[i].iconv_name);
}

/* The row of a label, or -1. */
static int lookup(const char *label)
{
        char name[40] = " ";
        size_t n = 1;

        for (const char *p = label ? label : ""; *p && *p != '*' && n < sizeof name - 2; p++)
                if (isalnum((unsigned char)*p))
                        name[n++] = (char)tolower((unsigned char)*p);
        if (n == 1)
                return -1;
        name[n++] = ' ';
        name[n] = 0;
        for (int i = 0; i < TABLES; i++)
                if (strstr(tables[i].names, name))
                        return i;
        return -1;
}

/* NUL bytes would end the text early: they are left out. */
static char *without_nul(char *text, size_t size)
{
        size_t kept = 0;

        for (size_t i = 0; i < size; i++)
                if (text[i])
                        text[kept++] = text[i];
        text[kept] = 0;
        return text;
}

static char *convert(const char *bytes, size_t size, int table)
{
        size_t room = size * 4 + 16, left = room;
        char *text = xmalloc(room + 1), *out = text, *in = (char *)(uintptr_t)bytes;
        iconv_t converter = tables[table].converter;

        iconv(converter, NULL, NULL, NULL, NULL);
        while (size) {
                if (iconv(converter, &in, &size, &out, &left) != (size_t)-1 || left < 4)
                        break;
                /* A byte that the table does not have, or half a character at the end. */
                memcpy(out, "\xEF\xBF\xBD", 3);
                out += 3;
                left -= 3;
                in++;
                size--;
        }
        return without_nul(text, (size_t)(out - text));
}

static size_t sequence(const unsigned char *p, size_t left)
{
        size_t n = *p < 0x80 ? 1 : *p >= 0xF0 ? 4 : *p >= 0xE0 ? 3 : 2;

        return n <= left && str_is_utf8((const char *)p, n) ? n : 0;
}

struct tally {
        size_t high;      /* bytes above 0x7F */
        size_t good, bad; /* UTF-8 sequences of several bytes, bytes that fit none */
        size_t c1;        /* 0x80 to 0x9F: letters and quotes in windows code pages, controls in ISO ones */
        size_t iso,
            cp; /* Polish letters beside an ASCII letter, as ISO-8859-2 and as windows-1250 has them */
};

static bool beside_letter(const char *bytes, size_t size, size_t at)
{
        return (at && isalpha((unsigned char)bytes[at - 1])) ||
               (at + 1 < size && isalpha((unsigned char)bytes[at + 1]));
}

static void count_letters(const char *bytes, size_t size, struct tally *tally)
{
        static const char iso[] = "\xB1\xB6\xBC\xA1\xA6\xAC", cp[] = "\xB9\x9C\x9F\xA5\x8C\x8F";

        for (size_t i = 0; i < size; i++) {
                unsigned char c = (unsigned char)bytes[i];

                if (c < 0x80)
                        continue;
                tally->high++;
                if (c < 0xA0)
                        tally->c1++;
                if (strchr(iso, bytes[i]) && beside_letter(bytes, size, i))
                        tally->iso++;
                else if (strchr(cp, bytes[i]) && beside_letter(bytes, size, i))
                        tally->cp++;
        }
}

static struct tally tally_of(const char *bytes, size_t size)
{
        struct tally tally = { 0 };

        count_letters(bytes, size, &tally);
        for (size_t i = 0; tally.high && i < size;) {
                size_t n = bytes[i] ? sequence((const unsigned char *)bytes + i, size - i) : 1;

                if (n > 1)
                        tally.good++;
                else if (!n)
                        tally.bad++;
                i += n ? n : 1;
        }
        return tally;
}

/* UTF-8 with some broken bytes: they become U+FFFD. */
static char *repair(const char *bytes, size_t size)
{
        char *text = xmalloc(size * 3 + 1), *out = text;

        for (size_t i = 0; i < size;) {
                size_t n = bytes[i] ? sequence((const unsigned char *)bytes + i, size - i) : 1;

                memcpy(out, n ? bytes + i : "\xEF\xBF\xBD", n ? n : 3);
                out += n ? n : 3;
                i += n ? n : 1;
        }
        return without_nul(text, (size_t)(out - text));
}

/* Which table the bytes are in, when the label names that one (or none: -1). */
static int correct(int table, const struct tally *tally)
{
        if (table == -1)
                return tally->iso > tally->cp && !tally->c1 ? LATIN2 : CP1250;
        if (table == LATIN2 && tally->c1)
                return CP1250; /* FACTS: windows-1250 labelled ISO-8859-2 */
        if (table == CP1250 && tally->iso > 1 && !tally->cp && !tally->c1)
                return LATIN2;
        if (table == LATIN1 || table == LATIN9 || table == CP1252) {
                if (tally->cp > 1 && tally->cp > tally->iso)
                        return CP1250;
                if (tally->iso > 1 && !tally->c1)
                        return LATIN2;
                return table == LATIN1 && tally->c1 ? CP1252 : table;
        }
        return table;
}

/* "utf-16" without a byte order mark: Latin letters have their zero first in big-endian text. */
static bool zeros_first(const char *bytes, size_t size)
{
        size_t first = 0, second = 0;

        for (size_t i = 0; i + 1 < size && i < 4096; i += 2) {
                first += !bytes[i];
                second += !bytes[i + 1];
        }
        return first > second;
}

static int byte_order(const char *bytes, size_t size, int table)
{
        if (size > 1 && !memcmp(bytes, "\xFE\xFF", 2))
                return UTF16BE;
        if (size > 1 && !memcmp(bytes, "\xFF\xFE", 2))
                return UTF16LE;
        if (table == UTF16LE && size > 1 && zeros_first(bytes, size))
                return UTF16BE;
        return table;
}

/* Encodings whose bytes look like ASCII. */
static bool is_seven_bit(int table)
{
        return table >= 0 && (!strcmp(tables[table].iconv_name, "UTF-7") ||
                                 !strcmp(tables[table].iconv_name, "ISO-2022-JP"));
}

static char *drop_mark(char *text)
{
        if (str_starts(text, "\xEF\xBB\xBF"))
                memmove(text, text + 3, strlen(text + 3) + 1);
        return text;
}

char *charset_to_utf8(const char *bytes, size_t size, const char *label)
{
        int table = byte_order(bytes, size, lookup(label));
        struct tally tally;

        charset_preload();
        if (table == UTF16LE || table == UTF16BE || is_seven_bit(table))
                return drop_mark(convert(bytes, size, table));
        if (str_is_utf8(bytes, size))
                return drop_mark(xstrndup(bytes, size));
        tally = tally_of(bytes, size);
        if (!tally.bad || tally.good > tally.bad)
                return drop_mark(repair(bytes, size));
        table = correct(table, &tally);
        return convert(bytes, size, table);
}
