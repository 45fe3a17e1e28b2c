/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "read/rtf_html.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "read/charset.h"
#include "read/rtf_state.h"
#include "read/rtf_word.h"

enum {
        NEAR = 1024, /* \fromhtml stands among the first words (2.1.3.1.1) */
        PAGE = 1252, /* unless \ansicpg says another */
        NAME_SIZE = 32,
        VALUE_MAX = 100000000,
};

struct group {
        bool dropped; /* \htmlrtf: for readers of rich text only */
        bool nowhere; /* a group of no HTML */
        bool tag;     /* \*\htmltag: markup */
        bool fonts;
        int font, after_unicode;
};

struct unwrapping {
        const char *at, *end;
        struct buf html, bytes; /* bytes: in the page of the font, not yet converted */
        struct group groups[RTF_GROUPS_MAX];
        int level;
        bool optional;
        int skip;
        unsigned high; /* first half of a character beyond U+FFFF */
        int page;
        struct rtf_font fonts[RTF_FONTS_MAX];
        int font_count;
};

static struct group *group(struct unwrapping *u)
{
        return &u->groups[u->level];
}

static bool is_kept(struct unwrapping *u)
{
        const struct group *own = group(u);

        return !own->nowhere && !own->fonts && (own->tag || !own->dropped);
}

/* ---- text */

static int page_of(struct unwrapping *u)
{
        for (int i = u->font_count; i-- > 0;)
                if (u->fonts[i].number == group(u)->font && u->fonts[i].page)
                        return u->fonts[i].page;
        return u->page;
}

static void put(struct unwrapping *u, const char *text)
{
        for (; *text; text++)
                if (*text == '<' && !group(u)->tag)
                        buf_puts(&u->html, "&lt;");
                else
                        buf_putc(&u->html, *text);
}

static void flush(struct unwrapping *u)
{
        char label[NAME_SIZE];
        const int page = page_of(u);

        if (!u->bytes.size)
                return;
        snprintf(label, sizeof label,
            page == 65001   ? "utf-8"
            : page == 28592 ? "iso-8859-2"
                            : "windows-%d",
            page);
        CLEANUP_FREE char *text = charset_to_utf8(buf_text(&u->bytes), u->bytes.size, label);
        buf_reset(&u->bytes);
        put(u, text);
}

static void add_byte(struct unwrapping *u, char byte)
{
        if (u->skip > 0)
                u->skip--;
        else if (is_kept(u))
                buf_putc(&u->bytes, byte);
}

static void add_character(struct unwrapping *u, unsigned c)
{
        char text[5];

        flush(u);
        str_utf8_of(c, text);
        if (is_kept(u))
                put(u, text);
}

/* 16 bits, signed; two make a character beyond U+FFFF. */
static void add_unicode(struct unwrapping *u, int value)
{
        unsigned c = (unsigned)value & 0xFFFF;

        if (c >= 0xD800 && c < 0xDC00)
                u->high = c;
        else if (c >= 0xDC00 && c < 0xE000)
                add_character(u, u->high ? 0x10000 + ((u->high & 0x3FF) << 10) + (c & 0x3FF) : 0xFFFD);
        else
                add_character(u, c);
        if (c < 0xD800 || c >= 0xDC00)
                u->high = 0;
        u->skip = group(u)->after_unicode;
}

/* ---- words */

struct word {
        char name[NAME_SIZE];
        bool has_value;
        int value;
};

static void html_word(struct unwrapping *u, const struct word *word, bool optional)
{
        unsigned c = 0;
        const enum rtf_word meaning = rtf_word(word->name, &c);

        if (meaning == RTF_CHARACTER)
                add_character(u, c);
        else if (meaning == RTF_PARAGRAPH || meaning == RTF_LINE)
                add_character(u, '\n');
        else if (meaning == RTF_TAB)
                add_character(u, '\t');
        else if (meaning == RTF_FONT)
                group(u)->font = word->value;
        else if (meaning == RTF_PLAIN)
                group(u)->font = 0;
        else if (meaning == RTF_SKIP || optional)
                group(u)->nowhere = true;
}

static void font_word(struct unwrapping *u, const struct word *word)
{
        struct rtf_font *last = u->font_count ? &u->fonts[u->font_count - 1] : NULL;

        if (str_equal(word->name, "f") && u->font_count < RTF_FONTS_MAX)
                u->fonts[u->font_count++] = (struct rtf_font){ .number = word->value };
        else if (str_equal(word->name, "fcharset") && last)
                last->page = rtf_page_of(word->value);
}

static void take_word(struct unwrapping *u, const struct word *word)
{
        const bool optional = u->optional;
        struct group *own = group(u);

        u->optional = false;
        if (str_equal(word->name, "bin")) {
                size_t left = (size_t)(u->end - u->at), size = word->value > 0 ? (size_t)word->value : 0;

                u->at += size < left ? size : left;
        } else if (str_equal(word->name, "u")) {
                flush(u);
                add_unicode(u, word->value);
        } else {
                flush(u);
                if (str_equal(word->name, "uc"))
                        own->after_unicode = word->value >= 0 && word->value < 16 ? word->value : 1;
                else if (str_equal(word->name, "ansicpg"))
                        u->page = word->value > 0 ? word->value : PAGE;
                else if (str_equal(word->name, "fonttbl"))
                        own->fonts = true;
                else if (own->fonts)
                        font_word(u, word);
                else if (str_equal(word->name, "htmlrtf"))
                        own->dropped = !word->has_value || word->value;
                else if (str_equal(word->name, "htmltag"))
                        own->tag = true;
                else
                        html_word(u, word, optional);
        }
}

static void read_word(struct unwrapping *u)
{
        struct word word = { .value = 0 };
        size_t size = 0;
        bool minus;

        for (; u->at < u->end && ((*u->at >= 'a' && *u->at <= 'z') || (*u->at >= 'A' && *u->at <= 'Z'));
             u->at++)
                if (size < sizeof word.name - 1)
                        word.name[size++] = *u->at;
        minus = u->at < u->end && *u->at == '-';
        u->at += minus;
        for (; u->at < u->end && *u->at >= '0' && *u->at <= '9'; u->at++) {
                word.has_value = true;
                if (word.value < VALUE_MAX)
                        word.value = word.value * 10 + (*u->at - '0');
        }
        word.value = minus ? -word.value : word.value;
        if (u->at < u->end && *u->at == ' ')
                u->at++;
        take_word(u, &word);
}

/* Behind a backslash. */
static void read_control(struct unwrapping *u)
{
        char c = u->at < u->end ? *u->at : 0;

        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
                read_word(u);
                return;
        }
        u->at += u->at < u->end;
        if (c == '\'') {
                unsigned byte = 0;

                for (int i = 0; i < 2 && u->at < u->end; i++, u->at++)
                        byte = byte * 16 + rtf_hex_digit(*u->at);
                add_byte(u, (char)byte);
        } else if (c == '*') {
                u->optional = true;
        } else if (c == '~') {
                add_character(u, 0xA0);
        } else if (c == '\\' || c == '{' || c == '}') {
                add_byte(u, c);
        }
}

/* ---- the file */

static bool begin_group(struct unwrapping *u)
{
        flush(u);
        u->skip = 0;
        u->optional = false;
        if (u->level + 1 == RTF_GROUPS_MAX)
                return false;
        u->groups[u->level + 1] = u->groups[u->level];
        u->level++;
        return true;
}

static void end_group(struct unwrapping *u)
{
        flush(u);
        u->skip = 0;
        u->optional = false;
        if (u->level)
                u->level--;
}

static bool read_all(struct unwrapping *u)
{
        while (u->at < u->end) {
                char c = *u->at++;

                if (c == '{' && !begin_group(u))
                        return false;
                if (c == '}')
                        end_group(u);
                else if (c == '\\')
                        read_control(u);
                else if (c != '{' && c != '\r' && c != '\n' && c)
                        add_byte(u, c);
        }
        flush(u);
        return true;
}

char *rtf_html(const char *rtf, size_t size)
{
        static const char mark[] = "\\fromhtml";
        struct unwrapping *u;
        char *html = NULL;

        if (!memmem(rtf, size < NEAR ? size : NEAR, mark, sizeof mark - 1))
                return NULL;
        u = xcalloc(1, sizeof *u);
        u->at = rtf;
        u->end = rtf + size;
        u->page = PAGE;
        u->groups[0].after_unicode = 1;
        u->html = (struct buf)BUF_INIT(8 * size + 16);
        u->bytes = (struct buf)BUF_INIT(size + 1);
        if (read_all(u) && u->html.size)
                html = buf_detach(&u->html, NULL);
        buf_free(&u->html);
        buf_free(&u->bytes);
        free(u);
        return html;
}
