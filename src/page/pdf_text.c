/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "page/pdf_text.h"

#include <glib.h>
#include <poppler.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/str.h"
#include "core/document.h"
#include "page/page.h"
#include "read/draft.h"

enum { WORD_MAX = 2000 }; /* letters */

/* Shares of a word's height: letters further apart, to the right or downwards, are not of one word. */
#define APART 0.3
#define DOWN 0.5

struct font {
        int first, last; /* letters of the page */
        unsigned marks;
        int symbols; /* DRAFT_* */
};

struct writer {
        struct page *page;
        const PopplerRectangle *places;
        struct font *fonts;
        size_t font_count, font;
        struct buf text; /* of the word being collected */
        double edges[WORD_MAX + 1];
        size_t count;
        struct page_rect at;
        unsigned marks;
};

/* ---- fonts */

static bool is_bold(const char *name)
{
        static const char *const words[] = { "bold", "black", "heavy", "demi", NULL };

        for (size_t i = 0; name && words[i]; i++)
                if (str_contains_nocase(name, words[i]))
                        return true;
        return false;
}

/* A font that is only in part in the file has six letters and "+" before its name (ISO 32000-1, 9.6.4). */
static const char *plain_name(const char *name)
{
        const char *plus = name ? strchr(name, '+') : NULL;

        return plus ? plus + 1 : name;
}

static void list_fonts(PopplerPage *source, struct writer *w)
{
        GList *list = poppler_page_get_text_attributes(source);
        size_t count = 0;

        w->fonts = xreallocarray(NULL, g_list_length(list) + 1, sizeof *w->fonts);
        for (GList *item = list; item; item = item->next) {
                const PopplerTextAttributes *a = item->data;
                const char *name = plain_name(a->font_name);

                w->fonts[count++] = (struct font){ a->start_index, a->end_index, is_bold(name) ? RUN_BOLD : 0,
                        draft_font(name) };
        }
        w->font_count = count;
        poppler_page_free_text_attributes(list);
}

static const struct font *font_of(struct writer *w, int letter)
{
        static const struct font plain = { 0 };

        while (w->font + 1 < w->font_count && w->fonts[w->font].last < letter)
                w->font++;
        if (w->font < w->font_count && w->fonts[w->font].first <= letter && letter <= w->fonts[w->font].last)
                return &w->fonts[w->font];
        return &plain;
}

/* ---- letters */

static void end_word(struct writer *w)
{
        struct page_word *word;

        if (w->count == 0)
                return;
        w->edges[w->count] = w->at.x1;
        word = page_add_word(w->page, buf_text(&w->text), w->text.size, w->at);
        if (word) {
                word->edges = xreallocarray(NULL, w->count + 1, sizeof *word->edges);
                memcpy(word->edges, w->edges, (w->count + 1) * sizeof *word->edges);
                word->marks = w->marks;
        }
        buf_reset(&w->text);
        w->count = 0;
}

/* Signs of Wingdings that are boxes, as boxes; its other signs say nothing. */
static gunichar symbol_of(gunichar c, int font)
{
        int box = draft_wingdings(c, font == DRAFT_WINGDINGS2);

        if (box >= 0)
                return box ? 0x2612 : 0x2610;
        return c <= 0xFF ? 0x2022 : c;
}

static void put(struct writer *w, gunichar c, const PopplerRectangle *at)
{
        char utf8[6];

        if (w->count == 0)
                w->at = (struct page_rect){ at->x1, at->y1, at->x2, at->y2 };
        w->edges[w->count++] = at->x1;
        w->at.x1 = at->x2 > w->at.x1 ? at->x2 : w->at.x1;
        w->at.y0 = at->y1 < w->at.y0 ? at->y1 : w->at.y0;
        w->at.y1 = at->y2 > w->at.y1 ? at->y2 : w->at.y1;
        buf_add(&w->text, utf8, (size_t)g_unichar_to_utf8(c, utf8));
}

/* "fi" as one sign is two letters, half as wide each. */
static void put_ligature(struct writer *w, gunichar c, const PopplerRectangle *at)
{
        static const char *const letters[] = { "ff", "fi", "fl", "ffi", "ffl", "st", "st" };
        const char *parts = letters[c - 0xFB00];
        double width = (at->x2 - at->x1) / (double)strlen(parts);

        for (size_t i = 0; parts[i]; i++) {
                PopplerRectangle part = *at;

                part.x1 = at->x1 + width * (double)i;
                part.x2 = part.x1 + width;
                put(w, (gunichar)parts[i], &part);
        }
}

/* Whether the letter stands right after the word: poppler's text may leave out what is between two. */
static bool is_next(const struct writer *w, const PopplerRectangle *at)
{
        double height = w->at.y1 - w->at.y0, down = (at->y1 + at->y2 - w->at.y0 - w->at.y1) / 2;

        return at->x1 >= w->edges[w->count - 1] && at->x1 - w->at.x1 <= APART * height &&
               down <= DOWN * height && down >= -DOWN * height;
}

static void add_letter(struct writer *w, gunichar c, int index)
{
        const struct font *font = font_of(w, index);
        const PopplerRectangle *at = &w->places[index];

        if (g_unichar_isspace(c) || g_unichar_iscntrl(c) || c == 0) {
                end_word(w);
                return;
        }
        if (w->count && (font->marks != w->marks || w->count + 4 > WORD_MAX || !is_next(w, at)))
                end_word(w);
        w->marks = font->marks;
        if (font->symbols != DRAFT_LETTERS || (c >= 0xF020 && c <= 0xF0FF))
                c = symbol_of(c, font->symbols);
        if (c >= 0xFB00 && c <= 0xFB06)
                put_ligature(w, c, at);
        else
                put(w, c, at);
}

void pdf_text(PopplerPage *source, struct page *page)
{
        char *text = poppler_page_get_text(source);
        PopplerRectangle *places = NULL;
        guint count = 0, index = 0;
        struct writer *w = xcalloc(1, sizeof *w);

        w->page = page;
        w->text = (struct buf)BUF_INIT(WORD_MAX * 6);
        if (text && poppler_page_get_text_layout(source, &places, &count)) {
                w->places = places;
                list_fonts(source, w);
                for (char *at = text; *at && index < count; at = g_utf8_next_char(at))
                        add_letter(w, g_utf8_get_char(at), (int)index++);
                end_word(w);
        }
        buf_free(&w->text);
        free(w->fonts);
        free(w);
        g_free(places);
        g_free(text);
}
